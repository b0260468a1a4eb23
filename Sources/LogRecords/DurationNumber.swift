/// Numbers with a unit of time behind them, as Go's programs write durations: `1.5ms`, `250µs`, `2m3.5s`.
enum DurationNumber {
    /// The seconds that `text[range]` states, or nil if it is not such a duration.
    static func seconds(_ text: PaddedBytes, _ range: Range<Int>) -> Double? {
        var index = range.lowerBound
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var seconds = 0.0
        while index < range.upperBound {
            guard text[index].isDigit else { return nil }
            let number = DecimalNumber.scan(text, from: index, to: range.upperBound)
            guard let unit = unit(text, at: number.end, to: range.upperBound) else { return nil }
            // A division is rounded once where the unit's factor could not be exact.
            seconds += unit.isDivisor ? number.value / unit.factor : number.value * unit.factor
            index = unit.end
        }
        guard index > range.lowerBound, seconds.isFinite else { return nil }
        return isNegative ? -seconds : seconds
    }

    private static func unit(
        _ text: PaddedBytes,
        at start: Int,
        to end: Int
    ) -> (factor: Double, isDivisor: Bool, end: Int)? {
        guard start < end else { return nil }
        let next = start + 1 < end ? text[start + 1] : 0
        switch text[start] {
        case UInt8(ascii: "s"): return (1, false, start + 1)
        case UInt8(ascii: "m") where next == UInt8(ascii: "s"): return (1e3, true, start + 2)
        case UInt8(ascii: "m"): return (60, false, start + 1)
        case UInt8(ascii: "h"): return (3600, false, start + 1)
        case UInt8(ascii: "u") where next == UInt8(ascii: "s"): return (1e6, true, start + 2)
        case UInt8(ascii: "n") where next == UInt8(ascii: "s"): return (1e9, true, start + 2)
        case 0xc2, 0xce:
            // The micro sign or the Greek mu.
            let isMicro = (text[start] == 0xc2 && next == 0xb5) || (text[start] == 0xce && next == 0xbc)
            guard isMicro, start + 2 < end, text[start + 2] == UInt8(ascii: "s") else { return nil }
            return (1e6, true, start + 3)
        default: return nil
        }
    }
}
