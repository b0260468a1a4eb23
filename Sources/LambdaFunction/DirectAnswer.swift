import AnomalyDetection
import DetectionPipeline
import Telemetry

/// The answer to a direct invocation: `{"statusCode":200,"body":"{\"anomaly_score\":x}"}`; of several records also
/// `anomaly_scores` in their order, and `anomaly_score` is the highest.
struct DirectAnswer {
    /// In the order of the records; nil for one that has no score.
    let scores: [Double?]

    init(_ batches: [ScoredBatch], recordCount: Int) {
        var scores: [Double?] = Array(repeating: nil, count: recordCount)
        for record in batches.flatMap(\.records) {
            scores[Int(record.identity.offset)] = record.verdict.score
        }
        self.scores = scores
    }

    /// Nil where no record has a score.
    var highest: Double? { scores.compactMap(\.self).max() }

    var json: [UInt8] {
        var body = JSONWriter()
        body.object { body in
            body.number("anomaly_score", highest)
            guard scores.count > 1 else { return }
            body.array("anomaly_scores") { json in
                for score in scores { json.number(nil, score) }
            }
        }
        var json = JSONWriter()
        json.object { json in
            json.integer("statusCode", 200)
            json.string("body", body.text)
        }
        return Array(json.text.utf8)
    }
}
