/// The number of a record in a shard of Kinesis: more digits than 64 bits hold, growing.
public struct SequenceNumber: Sendable, Hashable, Comparable {
    /// Decimal digits without leading zeros.
    public let digits: String

    /// - Parameter digits: decimal; the source has checked that.
    public init(_ digits: String) {
        self.digits = String(digits.drop { $0 == "0" })
    }

    public static func < (left: Self, right: Self) -> Bool {
        let (one, other) = (left.digits.utf8.count, right.digits.utf8.count)
        return one != other ? one < other : left.digits.utf8.lexicographicallyPrecedes(right.digits.utf8)
    }
}
