import BinaryCoding
import DetectionPipeline

/// What decides on the shard that a record goes to.
public enum KinesisPartitionKey: String, Sendable, CaseIterable {
    /// Kafka's key; for a record without one the same as `log`.
    case key
    /// Topic and partition: the log that the record is of.
    case log

    /// Kafka's key as it is where it is UTF-8 of 1 to 256 characters, else a hash of it: the same key gives the same text.
    func text(_ record: RecordBatch.Record, of batch: RecordBatch) -> String {
        guard self == .key, let range = record.key else {
            return batch.partitionKey
        }
        let key = batch.bytes[range]
        // Counted as UTF-16, which counts no fewer characters than anybody else.
        if let text = String(validating: key, as: UTF8.self), (1...256).contains(text.utf16.count) {
            return text
        }
        return String(stableHash(key), radix: 16)
    }
}
