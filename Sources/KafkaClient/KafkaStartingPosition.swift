/// Where a group begins in a partition that it has committed no offset for, or
/// whose committed offset is no longer there.
public enum KafkaStartingPosition: Sendable, Hashable {
    /// At the oldest record kept.
    case earliest
    /// At the records that arrive from now on.
    case latest
    /// At the first record with this timestamp or a later one, in milliseconds
    /// since 1970; at the end where there is none.
    case timestamp(milliseconds: Int64)

    /// librdkafka's `auto.offset.reset`. Where a starting time's offset is out
    /// of range, the records since have been deleted: the oldest come next.
    var resetPolicy: String {
        switch self {
        case .earliest, .timestamp: "earliest"
        case .latest: "latest"
        }
    }
}
