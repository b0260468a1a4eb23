/// A decimal number with a unit behind it, in whole smallest units.
enum Quantity {
    struct Unit: Sendable {
        let name: String
        /// How many of the smallest unit make one of this.
        let factor: Int

        init(_ name: String, _ factor: Int) {
            self.name = name
            self.factor = factor
        }
    }

    /// What is measured, for messages.
    struct Kind: Sendable {
        let name: String
        let examples: String
        let smallest: String
        let ignoresCase: Bool
    }

    /// The exact value in smallest units; refuses what is not a whole number of them.
    static func parse(_ text: String, units: [Unit], kind: Kind) throws(ValueError) -> Int {
        let trimmed = text.drop(while: { $0 == " " })
        let number = trimmed.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let suffix = trimmed.dropFirst(number.count).drop(while: { $0 == " " })
        guard let (mantissa, digits) = decimal(number) else {
            throw ValueError(text, "is not \(kind.name), such as \(kind.examples)")
        }
        guard !suffix.isEmpty else {
            throw ValueError(text, "has no unit; write \(kind.name) such as \(kind.examples)")
        }
        guard let unit = units.first(where: { matches(suffix, $0, kind) }) else {
            throw ValueError(text, "has a unit that is not known; \(kind.name) is such as \(kind.examples)")
        }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: Int128(unit.factor))
        guard !overflow else { throw ValueError(text, "is too large") }
        let scale = (0..<digits).reduce(Int128(1)) { power, _ in power * 10 }
        guard product % scale == 0 else { throw ValueError(text, "is finer than a \(kind.smallest)") }
        guard let value = Int(exactly: product / scale) else { throw ValueError(text, "is too large") }
        return value
    }

    /// `value` in the first unit that divides it. Zero takes the last.
    static func text(of value: Int, units: [Unit]) -> String {
        guard value != 0, let unit = units.first(where: { value % $0.factor == 0 }) else {
            return "\(value)\(units.last?.name ?? "")"
        }
        return "\(value / unit.factor)\(unit.name)"
    }

    private static func matches(_ suffix: Substring, _ unit: Unit, _ kind: Kind) -> Bool {
        kind.ignoresCase ? suffix.lowercased() == unit.name.lowercased() : suffix == unit.name
    }

    /// Digits and at most one point with a digit on either side, at most 18 digits together.
    private static func decimal(_ text: Substring) -> (mantissa: Int128, fractionDigits: Int)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        let digits = parts.joined()
        guard digits.count <= 18, let mantissa = Int128(digits) else { return nil }
        return (mantissa, parts.count == 2 ? parts[1].count : 0)
    }
}
