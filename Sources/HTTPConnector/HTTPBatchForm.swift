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
                ForwardedRecord.write(record, of: batch, to: &json)
                text += json.text + "\n"
            }
        case .array:
            var json = JSONWriter()
            json.array { json in
                for record in batch.records { ForwardedRecord.write(record, of: batch, to: &json) }
            }
            text = json.text
        }
        return Array(text.utf8)
    }
}
