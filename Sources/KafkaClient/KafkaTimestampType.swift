/// Who set a record's timestamp.
public enum KafkaTimestampType: UInt8, Sendable {
    /// There is none.
    case none
    /// Its producer.
    case createTime
    /// The broker, when it appended the record.
    case logAppendTime
}
