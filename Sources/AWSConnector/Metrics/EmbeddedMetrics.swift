import AnomalyDetection
public import DetectionPipeline
import Telemetry

/// Metrics of scored records in CloudWatch's embedded metric format: JSON on a line of the log, which CloudWatch Logs
/// makes metrics of.
///
/// For each service `AnomalyScore` (the scores), `RecordsProcessed` and `Anomalies`, with the dimension `service` and
/// without any. A value: it writes nothing itself.
public struct EmbeddedMetrics: Sendable {
    public let namespace: String
    private var services: [String: Service] = [:]

    /// Services with metrics of their own: each is a dimension value, which costs. Records of others count under `other`.
    public static let serviceLimit = 100
    /// Values of one metric on one line. Source: "Embedded metric format specification", CloudWatch.
    static let valueLimit = 100

    fileprivate struct Service {
        var scores: [Double] = []
        var recordCount = 0
        var anomalyCount = 0
    }

    public init(namespace: String = "LogAnomaly") {
        self.namespace = namespace
    }

    /// Takes a scored record into account.
    public mutating func add(_ record: ScoredRecord) {
        var name = AnomalyKeys.service(record)
        if services[name] == nil, services.count >= Self.serviceLimit { name = "other" }
        services[name, default: Service()].add(record)
    }

    /// The lines for what was added since the last call, without line ends.
    ///
    /// - Parameters:
    ///   - timestamp: milliseconds since 1970.
    ///   - requestID: of the invocation, to search by; nil for none.
    public mutating func takeLines(timestamp: Int64, requestID: String? = nil) -> [String] {
        defer { services = [:] }
        return services.sorted { $0.key < $1.key }.flatMap { name, service in
            var (service, lines) = (service, [String]())
            repeat {
                lines.append(line(name, service.takePart(), timestamp, requestID))
            } while service.recordCount > 0
            return lines
        }
    }

    private func line(_ name: String, _ part: Service, _ timestamp: Int64, _ requestID: String?) -> String {
        var json = JSONWriter()
        json.object { json in
            json.object("_aws") { json in
                json.integer("Timestamp", timestamp)
                json.array("CloudWatchMetrics") { $0.object { writeDirective(to: &$0) } }
            }
            json.string("service", name)
            json.array("AnomalyScore") { json in for score in part.scores { json.number(nil, score) } }
            json.integer("RecordsProcessed", part.recordCount)
            json.integer("Anomalies", part.anomalyCount)
            if let requestID { json.string("requestId", requestID) }
        }
        return json.text
    }

    private func writeDirective(to json: inout JSONWriter) {
        json.string("Namespace", namespace)
        json.array("Dimensions") { json in
            json.array { $0.string(nil, "service") }
            json.array { _ in }
        }
        json.array("Metrics") { json in
            for (name, unit) in [
                ("AnomalyScore", "None"), ("RecordsProcessed", "Count"), ("Anomalies", "Count"),
            ] {
                json.object { json in
                    json.string("Name", name)
                    json.string("Unit", unit)
                    json.integer("StorageResolution", 60)
                }
            }
        }
    }
}

extension EmbeddedMetrics.Service {
    mutating func add(_ record: ScoredRecord) {
        scores.append(record.verdict.score)
        recordCount += 1
        if record.verdict.isAnomalous { anomalyCount += 1 }
    }

    /// As much as one line holds. The anomalies are all on the first.
    mutating func takePart() -> Self {
        let count = min(recordCount, EmbeddedMetrics.valueLimit)
        let part = Self(scores: Array(scores.prefix(count)), recordCount: count, anomalyCount: anomalyCount)
        scores.removeFirst(count)
        (recordCount, anomalyCount) = (recordCount - count, 0)
        return part
    }
}
