extension JSONReader {
    /// A whole number, exactly: written without fraction and exponent.
    ///
    /// - Throws: `outOfRange` for any other number.
    public mutating func readInteger() throws(JSONError) -> Int64 {
        try check(.number)
        let number = try scanNumber()
        guard let integer = number.integer else {
            throw JSONError(.outOfRange, at: number.range.lowerBound, "no integer of 64 bits")
        }
        return integer
    }

    /// The nearest number of type Double.
    ///
    /// - Throws: `outOfRange` where it would be infinite.
    public mutating func readDouble() throws(JSONError) -> Double {
        try check(.number)
        return try double(of: scanNumber())
    }

    /// A number as it is written.
    struct ScannedNumber {
        var range: Range<Int>
        var isNegative: Bool
        var isWhole: Bool
        /// All digits as one number, without the point and the exponent; nil past 64 bits.
        var digits: UInt64?
        /// What is to be added to the exponent for the digits behind the point.
        var fractionCount = 0

        var integer: Int64? {
            guard isWhole, let digits else { return nil }
            if isNegative {
                return digits <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- digits) : nil
            }
            return Int64(exactly: digits)
        }
    }

    /// Passes over a number, of which the first byte is known to be there.
    mutating func scanNumber() throws(JSONError) -> ScannedNumber {
        let start = offset
        var number = ScannedNumber(range: start..<start, isNegative: false, isWhole: true, digits: 0)
        if bytes[offset] == UInt8(ascii: "-") {
            number.isNegative = true
            offset += 1
        }
        let first = offset
        try scanDigits(into: &number)
        if bytes[first] == UInt8(ascii: "0"), offset > first + 1 {
            throw JSONError(.malformed, at: first, "a number that begins with 0")
        }
        if isNext(UInt8(ascii: "."), orNext: UInt8(ascii: ".")) {
            let point = offset
            offset += 1
            try scanDigits(into: &number)
            number.isWhole = false
            number.fractionCount = offset - point - 1
        }
        if isNext(UInt8(ascii: "e"), orNext: UInt8(ascii: "E")) {
            offset += 1
            if isNext(UInt8(ascii: "+"), orNext: UInt8(ascii: "-")) { offset += 1 }
            var exponent = number
            try scanDigits(into: &exponent)
            number.isWhole = false
            // An exponent leaves the quick way to a Double.
            number.digits = nil
        }
        number.range = start..<offset
        return number
    }

    func double(of number: ScannedNumber) throws(JSONError) -> Double {
        // Both parts are exact, so the division rounds once. Source: Clinger, "How to Read Floating Point Numbers
        // Accurately", 1990.
        if let digits = number.digits, digits <= 1 << 53, number.fractionCount < Self.powers.count {
            let value = Double(digits) / Self.powers[number.fractionCount]
            return number.isNegative ? -value : value
        }
        guard let value = Double(String(decoding: bytes[number.range], as: UTF8.self)), value.isFinite else {
            throw JSONError(.outOfRange, at: number.range.lowerBound, "a number too large")
        }
        return value
    }

    /// Powers of ten that a Double holds exactly.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
        1e19,
        1e20, 1e21, 1e22,
    ]

    private func isNext(_ one: UInt8, orNext other: UInt8) -> Bool {
        offset < end && (bytes[offset] == one || bytes[offset] == other)
    }

    /// At least one digit.
    private mutating func scanDigits(into number: inout ScannedNumber) throws(JSONError) {
        let start = offset
        while offset < end, case let digit = bytes[offset] &- UInt8(ascii: "0"), digit < 10 {
            number.digits = number.digits.flatMap { digits in
                let (tenfold, overflow) = digits.multipliedReportingOverflow(by: 10)
                let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
                return overflow || carry ? nil : sum
            }
            offset += 1
        }
        if offset > start { return }
        guard offset < end else { throw truncated() }
        throw JSONError(.malformed, at: offset, "expected a digit, found \(Self.name(of: bytes[offset]))")
    }
}
