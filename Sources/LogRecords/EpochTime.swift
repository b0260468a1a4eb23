/// Times that count from 1970, the unit told by their magnitude.
enum EpochTime {
    /// Nanoseconds since 1970 of a number's text: seconds below 10^11, milliseconds below 10^14,
    /// microseconds below 10^17, else nanoseconds; a fraction counts exactly. Nil before 1973 (a
    /// smaller number is more likely a duration), beyond 2261, or if the text is not such a number.
    static func nanoseconds(_ text: PaddedBytes, _ range: Range<Int>) -> Int64? {
        var index = range.lowerBound
        var whole: Int64 = 0
        while index < range.upperBound, text[index].isDigit {
            guard index - range.lowerBound < 19 else { return nil }
            let (tenfold, first) = whole.multipliedReportingOverflow(by: 10)
            let (sum, second) = tenfold.addingReportingOverflow(Int64(text[index] - 0x30))
            if first || second { return nil }
            whole = sum
            index += 1
        }
        guard whole >= 100_000_000 else { return nil }
        let unit: Int64 =
            whole < 100_000_000_000
            ? 1_000_000_000
            : whole < 100_000_000_000_000 ? 1_000_000 : whole < 100_000_000_000_000_000 ? 1000 : 1
        guard whole < 9_200_000_000 || unit != 1_000_000_000 else { return nil }
        var fraction: Int64 = 0
        if index < range.upperBound, text[index] == UInt8(ascii: ".") {
            index += 1
            var scale = unit
            while index < range.upperBound, text[index].isDigit {
                scale /= 10
                fraction += Int64(text[index] - 0x30) * scale
                index += 1
            }
        }
        guard index == range.upperBound else { return nil }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit)
        let (sum, carry) = scaled.addingReportingOverflow(fraction)
        return overflow || carry ? nil : sum
    }
}
