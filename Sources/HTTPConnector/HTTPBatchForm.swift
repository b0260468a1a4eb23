import DetectionPipeline
import Telemetry

/// How a batch of records is written in a request's body.
public enum HTTPBatchForm: String, Sendable, CaseIterable {
    /// One JSON object a line.
    case lines
    /// One JSON array of objects.
    case array

    var contentType: String {
        switch self {
        case .lines: "application/x-ndjson"
        case .array: "application/json"
        }
    }

    func body(_ batch: RecordBatch) -> [UInt8] {
        var text = ""
        switch self {
        case .lines:
            for record in batch.records {
                var json = JSONWriter()
                Self.write(record, of: batch, to: &json)
                text += json.text + "\n"
            }
        case .array:
            var json = JSONWriter()
            json.array { json in
                for record in batch.records { Self.write(record, of: batch, to: &json) }
            }
            text = json.text
        }
        return Array(text.utf8)
    }

    private static func write(_ record: RecordBatch.Record, of batch: RecordBatch, to json: inout JSONWriter)
    {
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
