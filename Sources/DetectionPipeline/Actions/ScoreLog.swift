import AnomalyDetection
public import Telemetry

/// Writes a log line for each scored record: `Anomaly detected: SCORE` as a warning, `Normal log data: SCORE` at the level
/// that is given for it.
///
/// A record that is scored again after a crash is logged again.
public final class ScoreLog: ScoredRecordSink {
    private let logger: Logger
    private let normalLevel: LogLevel

    public init(_ logger: Logger, normalLevel: LogLevel = .debug) {
        self.logger = logger
        self.normalLevel = normalLevel
    }

    public var name: String { "log" }

    public func store(_ records: [ScoredRecord]) throws {
        for record in records { log(record) }
    }

    private func log(_ record: ScoredRecord) {
        let (verdict, identity) = (record.verdict, record.identity)
        if verdict.isAnomalous {
            logger.warning(
                "anomaly_detected",
                "Anomaly detected: \(verdict.score)",
                [
                    "score": .number(verdict.score), "threshold": .number(verdict.threshold),
                    "entity": .string(verdict.entity), "topic": .string(identity.stream.name),
                    "partition": .integer(Int64(identity.stream.partition)),
                    "offset": .integer(identity.offset),
                ]
            )
        } else {
            logger.log(
                normalLevel,
                "normal_log_data",
                "Normal log data: \(verdict.score)",
                [
                    "score": .number(verdict.score), "threshold": .number(verdict.threshold),
                    "entity": .string(verdict.entity), "topic": .string(identity.stream.name),
                    "partition": .integer(Int64(identity.stream.partition)),
                    "offset": .integer(identity.offset),
                ]
            )
        }
    }
}
