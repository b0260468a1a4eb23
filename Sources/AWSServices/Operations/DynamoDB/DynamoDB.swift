/// Calls of DynamoDB, Amazon's table service (JSON 1.0).
public enum DynamoDB {
    /// A value of an item's attribute.
    public indirect enum Value: Sendable, Hashable {
        case string(String)
        /// Digits as DynamoDB keeps them: at most 38 that count, no NaN, no infinity.
        case number(String)
        case binary([UInt8])
        case boolean(Bool)
        case null
        case list([Value])
        case map([String: Value])
        case stringSet([String])
        case numberSet([String])
        case binarySet([[UInt8]])

        /// The shortest digits that read back as the same Double; null where it is not finite.
        public static func number(_ value: Double) -> Value {
            value.isFinite ? .number("\(value)") : .null
        }

        public static func integer(_ value: Int64) -> Value { .number(String(value)) }
    }

    /// Attributes by name.
    public typealias Item = [String: Value]
}
