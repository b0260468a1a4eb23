extension ValueType where Value == Int {
    /// A decimal integer.
    public static var integer: ValueType { integer(in: .min ... .max) }

    /// A decimal integer within `range`.
    public static func integer(in range: ClosedRange<Int>) -> ValueType {
        ValueType(placeholder: "N") { text throws(ValueError) in
            guard isDecimal(text), let value = Int(text) else {
                let isTooLong = isDecimal(text)
                throw ValueError(text, isTooLong ? "is too large" : "is not an integer")
            }
            return try checked(value, in: range, text) { String($0) }
        } write: {
            String($0)
        }
    }

    /// A decimal integer of at least `range.lowerBound`.
    public static func integer(in range: PartialRangeFrom<Int>) -> ValueType {
        integer(in: range.lowerBound ... .max)
    }

    /// An optional sign and digits. A leading zero is refused: YAML 1.1 reads it as octal.
    private static func isDecimal(_ text: String) -> Bool {
        let digits = text.first.map { "+-".contains($0) } == true ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
            && (digits.count == 1 || digits.first != "0")
    }
}

extension ValueType where Value == Double {
    /// A finite decimal number.
    public static var number: ValueType {
        number(in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
    }

    /// A finite decimal number within `range`.
    public static func number(in range: ClosedRange<Double>) -> ValueType {
        ValueType(placeholder: "NUMBER") { text throws(ValueError) in
            // `Double.init` alone would take hexadecimal, "nan" and "infinity" too.
            guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text) else {
                throw ValueError(text, "is not a number")
            }
            guard value.isFinite else { throw ValueError(text, "is too large") }
            return try checked(value, in: range, text) { "\($0)" }
        } write: {
            $0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : "\($0)"
        }
    }

    /// A finite decimal number of at least `range.lowerBound`.
    public static func number(in range: PartialRangeFrom<Double>) -> ValueType {
        number(in: range.lowerBound...Double.greatestFiniteMagnitude)
    }
}

extension ValueType where Value == Bool {
    /// `true` or `false`.
    public static var boolean: ValueType {
        ValueType(placeholder: "BOOL", completion: .choices(["true", "false"])) { text throws(ValueError) in
            switch text {
            case "true": return true
            case "false": return false
            default: throw ValueError(text, "is neither true nor false")
            }
        } write: {
            String($0)
        }
    }
}

extension ValueType where Value: Comparable {
    static func checked(
        _ value: Value,
        in range: ClosedRange<Value>,
        _ text: String,
        _ write: (Value) -> String
    ) throws(ValueError) -> Value {
        if value < range.lowerBound {
            throw ValueError(text, "is too small; the smallest is \(write(range.lowerBound))")
        }
        if value > range.upperBound {
            throw ValueError(text, "is too large; the largest is \(write(range.upperBound))")
        }
        return value
    }
}
