/// A decimal number read from bytes, correctly rounded.
///
/// Up to 19 significant digits with a decimal exponent from -27 to 27 are rounded here, exactly and
/// without allocation: by one division or multiplication where both numbers are exact as Double
/// (Clinger 1990, "How to read floating point numbers accurately"), else by one step of 128 bits with
/// a sticky bit. Longer ones go through the standard library. Beyond a Double's range the value is
/// infinite; the reader never traps.
struct DecimalNumber {
    var value: Double
    /// The position behind the number; equal to the start if there is none.
    var end: Int
    /// Whether the text had neither a fraction nor an exponent.
    var isInteger: Bool

    /// Reads `-?digits[.digits][(e|E)[+-]digits]` from `start` on, never beyond `limit`.
    static func scan(_ text: PaddedBytes, from start: Int, to limit: Int) -> DecimalNumber {
        let none = DecimalNumber(value: 0, end: start, isInteger: false)
        var index = start
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative { index &+= 1 }
        guard index < limit, text[index].isDigit else { return none }
        var mantissa: UInt64 = 0
        let digitsStart = index
        while index < limit, text[index].isDigit {
            mantissa = mantissa &* 10 &+ UInt64(text[index] &- 0x30)
            index &+= 1
        }
        var digits = index &- digitsStart
        var exponent = 0
        var isInteger = true
        if text[index] == UInt8(ascii: "."), index &+ 1 < limit, text[index &+ 1].isDigit {
            isInteger = false
            index &+= 1
            let fractionStart = index
            while index < limit, text[index].isDigit {
                mantissa = mantissa &* 10 &+ UInt64(text[index] &- 0x30)
                index &+= 1
            }
            exponent = fractionStart &- index
            digits &+= index &- fractionStart
        }
        if text[index] | 0x20 == UInt8(ascii: "e"), index < limit,
            let (power, end) = scanExponent(text, from: index &+ 1, to: limit)
        {
            isInteger = false
            exponent &+= power
            index = end
        }
        if digits > 19 { digits &-= leadingZeros(text, from: digitsStart, to: index) }
        let short = digits <= 19 ? round(mantissa, exponent) : nil
        let magnitude = short ?? convert(text, from: digitsStart, to: index)
        return DecimalNumber(
            value: isNegative ? -magnitude : magnitude,
            end: index,
            isInteger: isInteger
        )
    }

    private static func scanExponent(
        _ text: PaddedBytes,
        from start: Int,
        to limit: Int
    ) -> (power: Int, end: Int)? {
        var index = start
        guard index < limit else { return nil }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index &+= 1 }
        guard index < limit, text[index].isDigit else { return nil }
        var power = 0
        while index < limit, text[index].isDigit {
            // Saturates far beyond any Double's exponent.
            if power < 100_000 { power = power &* 10 &+ Int(text[index] &- 0x30) }
            index &+= 1
        }
        return (isNegative ? -power : power, index)
    }

    /// `mantissa` times ten to the `exponent`, or nil where this short way is not exact.
    @inline(__always)
    static func round(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        if exponent == 0 { return Double(mantissa) }
        if mantissa == 0 { return 0 }
        if mantissa <= 1 << 53 {
            if exponent < 0, exponent >= -22 { return Double(mantissa) / powers[-exponent] }
            if exponent > 0, exponent <= 22 { return Double(mantissa) * powers[exponent] }
        }
        return roundWide(mantissa, exponent)
    }

    private static func roundWide(_ mantissa: UInt64, _ exponent: Int) -> Double? {
        // Powers of five up to 27 fit 64 bits; the powers of two go into the binary exponent.
        guard exponent >= -27, exponent <= 27 else { return nil }
        var power: UInt64 = 1
        for _ in 0..<exponent.magnitude { power &*= 5 }
        let shift = mantissa.leadingZeroBitCount
        let normalized = mantissa &<< UInt64(shift)
        if exponent > 0 {
            let product = normalized.multipliedFullWidth(by: power)
            return assemble(
                high: product.high,
                low: product.low,
                binaryExponent: 64 &- shift &+ exponent
            )
        }
        let divisorShift = power.leadingZeroBitCount
        let divisor = power &<< UInt64(divisorShift)
        // Half of the dividend is below the normalized divisor, so the quotient fits 64 bits.
        let (quotient, remainder) = divisor.dividingFullWidth((normalized &>> 1, normalized &<< 63))
        return assemble(
            high: quotient,
            low: remainder == 0 ? 0 : 1,
            binaryExponent: divisorShift &- shift &- 63 &+ exponent
        )
    }

    /// `high` and the bits `low` behind it, times two to the `binaryExponent`, rounded to even.
    /// The result is a normal Double for all callers.
    private static func assemble(high: UInt64, low: UInt64, binaryExponent: Int) -> Double {
        let shift = high.leadingZeroBitCount
        var bits = high &<< UInt64(shift)
        if shift > 0 { bits |= low &>> UInt64(64 &- shift) }
        let sticky = low &<< UInt64(shift) != 0
        var significand = bits &>> 11
        let rest = bits & 0x7ff
        let isAbove = rest > 0x400 || (rest == 0x400 && (sticky || significand & 1 == 1))
        if isAbove { significand &+= 1 }
        let scale = Double(
            sign: .plus,
            exponent: binaryExponent &- shift &+ 11,
            significand: 1
        )
        return Double(significand) * scale
    }

    private static func leadingZeros(_ text: PaddedBytes, from start: Int, to end: Int) -> Int {
        var zeros = 0
        for index in start..<end {
            if text[index] == UInt8(ascii: "0") {
                zeros &+= 1
            } else if text[index] != UInt8(ascii: ".") {
                break
            }
        }
        return zeros
    }

    private static func convert(_ text: PaddedBytes, from start: Int, to end: Int) -> Double {
        let digits = UnsafeBufferPointer(start: text.base + start, count: end - start)
        return Double(String(decoding: digits, as: UTF8.self)) ?? .infinity
    }

    /// Ten to the n; exact up to 22.
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
