/// How far a stream's models have come.
public enum StreamPosition: Sendable, Hashable {
    /// They have seen every record below this offset, and no other.
    case offset(Int64)
    /// They have seen this record of a shard and every one before it, and no other.
    case sequence(SequenceNumber)
    /// They belong to no stream: records come to them in no order.
    case unordered
}

/// Where the records of a batch are in their stream, in order.
public enum BatchPositions: Sendable, Hashable {
    case offsets([Int64])
    case sequences([SequenceNumber])

    public var count: Int {
        switch self {
        case .offsets(let offsets): offsets.count
        case .sequences(let numbers): numbers.count
        }
    }

    /// Where models stand that have seen everything up to the record at `index`.
    public func position(behind index: Int) -> StreamPosition {
        switch self {
        case .offsets(let offsets): .offset(offsets[index] + 1)
        case .sequences(let numbers): .sequence(numbers[index])
        }
    }
}
