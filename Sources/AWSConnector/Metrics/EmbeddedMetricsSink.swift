public import DetectionPipeline
public import Telemetry

/// Writes the metrics of each batch as lines of the log. It has to get every scored record, not the anomalies alone.
public final class EmbeddedMetricsSink: ScoredRecordSink {
    private var metrics: EmbeddedMetrics
    private let now: () -> Int64
    private let write: (String) throws -> Void

    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - write: takes a line without its end.
    public init(
        _ metrics: EmbeddedMetrics = EmbeddedMetrics(),
        now: @escaping () -> Int64 = { wallClockMilliseconds() },
        write: @escaping (String) throws -> Void
    ) {
        self.metrics = metrics
        self.now = now
        self.write = write
    }

    public var name: String { "metrics" }
    /// What is counted twice stays counted.
    public var isIdempotent: Bool { false }

    public func store(_ records: [ScoredRecord]) throws {
        for record in records { metrics.add(record) }
        for line in metrics.takeLines(timestamp: now()) { try write(line) }
    }
}
