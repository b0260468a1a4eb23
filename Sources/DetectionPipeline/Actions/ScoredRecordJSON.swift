import AnomalyDetection
public import Telemetry

/// A scored record as one JSON object on one line. The names are stable; the docs
/// have them in one table (docs/OUTPUT.md).
public enum ScoredRecordJSON {
    public static func line(_ record: ScoredRecord) -> String {
        var json = JSONWriter()
        json.object { write(record, to: &$0) }
        return json.text
    }

    /// Writes the members of an object that is begun.
    public static func write(_ record: ScoredRecord, to json: inout JSONWriter) {
        let verdict = record.verdict
        json.string("time", record.time.map(InstantText.rfc3339))
        json.string("entity", verdict.entity)
        json.number("score", verdict.score)
        json.number("threshold", verdict.threshold)
        json.boolean("anomalous", verdict.isAnomalous)
        json.boolean("early", verdict.isEarly)
        json.object("source") { json in
            json.string("name", record.identity.stream.name)
            json.string("origin", record.identity.stream.origin)
            json.integer("partition", record.identity.stream.partition)
            json.integer("offset", record.identity.offset)
        }
        json.array("drivers") { json in
            for driver in verdict.drivers {
                json.object { json in
                    json.string("feature", driver.feature)
                    json.number("observed", driver.observed)
                    json.number("expected", driver.expected)
                    json.string("direction", driver.direction.rawValue)
                    json.number("share", driver.share)
                    json.string("unit", driver.unit)
                }
            }
        }
        json.string("line", record.line)
        if record.isLineTruncated { json.boolean("line_truncated", true) }
    }
}
