import AnomalyDetection
import DetectionPipeline
import Telemetry

/// A scored record as a message for people and programs.
enum ActionMessage {
    /// The record's JSON, with its identity as `id` and a `message` in front.
    static func json(_ record: ScoredRecord) -> String {
        var json = JSONWriter()
        json.object { json in
            json.string("message", summary(record))
            json.string("id", record.identity.description)
            ScoredRecordJSON.write(record, to: &json)
        }
        return json.text
    }

    static func summary(_ record: ScoredRecord) -> String {
        "\(record.verdict.isAnomalous ? "Anomaly detected" : "Normal log data"): \(record.verdict.score)"
    }

    /// Less than 100 characters, printable ASCII, as SNS asks for.
    static func subject(_ record: ScoredRecord) -> String {
        let entity = record.verdict.entity.isEmpty ? record.identity.stream.name : record.verdict.entity
        let text = "\(summary(record)) (\(entity))"
        let ascii = text.utf8.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: ascii.prefix(99), as: UTF8.self)
    }

    /// For filter policies. No attribute may be empty.
    static func attributes(_ record: ScoredRecord) -> [String: String] {
        let all = [
            "entity": record.verdict.entity,
            "topic": record.identity.stream.name,
            "anomalous": record.verdict.isAnomalous ? "true" : "false",
        ]
        return all.filter { !$0.value.isEmpty }
    }
}
