extension ValueType where Value == Duration {
    /// A duration with its unit, such as `30s`.
    public static var duration: ValueType { duration(in: .zero ... .nanoseconds(Int64.max)) }

    /// A duration within `range`.
    public static func duration(in range: ClosedRange<Duration>) -> ValueType {
        ValueType(placeholder: "DURATION") { text throws(ValueError) in
            try checked(DurationText.parse(text), in: range, text, DurationText.text(of:))
        } write: {
            DurationText.text(of: $0)
        }
    }

    /// A duration of at least `range.lowerBound`.
    public static func duration(in range: PartialRangeFrom<Duration>) -> ValueType {
        duration(in: range.lowerBound ... .nanoseconds(Int64.max))
    }
}

extension ValueType where Value == ByteSize {
    /// A size with its unit, such as `64KiB`.
    public static var byteSize: ValueType { byteSize(in: ByteSize(bytes: 0)...ByteSize(bytes: .max)) }

    /// A size within `range`.
    public static func byteSize(in range: ClosedRange<ByteSize>) -> ValueType {
        ValueType(placeholder: "SIZE") { text throws(ValueError) in
            try checked(ByteSize(parsing: text), in: range, text) { $0.description }
        } write: {
            $0.description
        }
    }

    /// A size of at least `range.lowerBound`.
    public static func byteSize(in range: PartialRangeFrom<ByteSize>) -> ValueType {
        byteSize(in: range.lowerBound...ByteSize(bytes: .max))
    }
}
