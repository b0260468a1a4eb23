public import Telemetry

/// A record as it is written for those who read it elsewhere.
public enum ForwardedRecord: String, Sendable, CaseIterable {
    /// A JSON object that says where the record comes from (docs/FORWARD.md).
    case record
    /// The value alone, as it is.
    case value

    /// The record's bytes; none for a tombstone's value.
    public func bytes(_ record: RecordBatch.Record, of batch: RecordBatch) -> [UInt8] {
        switch self {
        case .record:
            var json = JSONWriter()
            Self.write(record, of: batch, to: &json)
            return Array(json.text.utf8)
        case .value: return record.value.map { Array(batch.bytes[$0]) } ?? []
        }
    }

    /// Writes the record's object.
    public static func write(
        _ record: RecordBatch.Record,
        of batch: RecordBatch,
        to json: inout JSONWriter
    ) {
        json.object { json in
            json.string("topic", batch.stream.name)
            json.integer("partition", batch.stream.partition)
            json.integer("offset", record.offset)
            json.integer("timestamp", record.timestampMilliseconds)
            json.bytes("key", record.key.map { Array(batch.bytes[$0]) })
            json.bytes("value", record.value.map { Array(batch.bytes[$0]) })
            json.array("headers") { json in
                for header in record.headers {
                    json.object { json in
                        json.string("name", header.name)
                        json.bytes("value", header.value)
                    }
                }
            }
        }
    }
}
