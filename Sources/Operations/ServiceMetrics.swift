public import DetectionPipeline
public import Telemetry

/// The metrics of the service. Every name is here, and in the table of docs/OPERATIONS.md.
public final class ServiceMetrics: Sendable {
    public let registry: MetricRegistry

    // Records, by what became of them.
    public let received: Counter
    public let parsed: Counter
    public let failed: Counter
    public let skipped: Counter
    public let scored: Counter
    public let anomalies: Counter
    public let duplicates: Counter
    public let refused: Counter
    public let forwarded: Counter
    public let deadLetters: Counter
    public let retries: Counter

    public let batchDuration: Histogram
    public let endToEndDelay: Histogram

    public let models: Gauge
    public let modelsDropped: Counter

    public let checkpointFailures: Counter
    private let checkpointSize: Gauge
    public let storeSize: Gauge
    public let isReloadGood: Gauge
    private let lag = Locked<[PartitionLag]>([])
    private let checkpointTime = Locked<PipelineInstant?>(nil)

    /// How far this member is behind in one partition.
    public struct PartitionLag: Sendable, Hashable {
        public var topic: String
        public var partition: Int32
        public var records: Int64

        public init(topic: String, partition: Int32, records: Int64) {
            self.topic = topic
            self.partition = partition
            self.records = records
        }
    }

    /// What retention removes.
    public enum RetainedKind: String, Sendable, CaseIterable {
        case anomalies
        case deadLetterFiles = "dead_letter_files"
        case checkpoints
    }

    /// Bounds for the time from a record's own to its storage, in seconds: a stream at rest takes less than
    /// one, a backlog may be days old.
    static let delayBounds: [Double] = [
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400,
    ]

    /// - Parameters:
    ///   - versions: by what they are of; labels of `timberline_build_info`.
    ///   - now: the pipeline's clock.
    public init(
        _ registry: MetricRegistry = MetricRegistry(),
        versions: KeyValuePairs<String, String>,
        now: @escaping @Sendable () -> PipelineInstant = { SystemPipelineClock().now }
    ) {
        self.registry = registry
        received = registry.counter("timberline_records_received_total", "Records read from Kafka.")
        parsed = registry.counter(
            "timberline_records_parsed_total",
            "Records that a model learnt, scored or not."
        )
        failed = registry.counter("timberline_records_failed_total", "Records that could not be parsed.")
        skipped = registry.counter(
            "timberline_records_skipped_total",
            "Records with nothing to score: blank lines, headers, comments, tombstones."
        )
        scored = registry.counter("timberline_records_scored_total", "Records that a model gave a score.")
        anomalies = registry.counter(
            "timberline_anomalies_total",
            "Records whose score was above the threshold."
        )
        duplicates = registry.counter(
            "timberline_records_duplicate_total",
            "Records that came again and were left out."
        )
        forwarded = registry.counter(
            "timberline_records_forwarded_total",
            "Records that the target of a forwarder has acknowledged."
        )
        refused = registry.counter(
            "timberline_records_refused_total",
            "Records that a sink refused for what they hold; they are dead letters."
        )
        retries = registry.counter("timberline_retries_total", "Calls outward that were tried again.")
        checkpointFailures = registry.counter(
            "timberline_checkpoint_failures_total",
            "Checkpoints that could not be saved; the next try comes an interval later."
        )
        deadLetters = registry.counter("timberline_dead_letters_total", "Records stored as dead letters.")
        batchDuration = registry.histogram(
            "timberline_batch_duration_seconds",
            "Time from the arrival of a batch until the next was asked for."
        )
        endToEndDelay = registry.histogram(
            "timberline_end_to_end_delay_seconds",
            "Time from a record's timestamp in Kafka until all that it gave was stored.",
            upperBounds: Self.delayBounds
        )
        models = registry.gauge("timberline_models", "Models in memory.")
        modelsDropped = registry.counter(
            "timberline_models_dropped_total",
            "Models dropped because there were more entities than maximum-entities."
        )
        checkpointSize = registry.gauge(
            "timberline_checkpoint_size_bytes",
            "Bytes of the last checkpoints of all partitions held; NaN before the first."
        )
        checkpointSize.set(to: .nan)
        storeSize = registry.gauge("timberline_store_size_bytes", "Bytes in use in the anomaly store.")
        isReloadGood = registry.gauge(
            "timberline_configuration_last_reload_successful",
            "1 if the last reload of the configuration was accepted, or there was none; else 0."
        )
        isReloadGood.set(to: 1)
        registry.gauge("timberline_build_info", "1; the versions are in the labels.", labels: versions).set(
            to: 1
        )
        collect(now)
    }

    /// Errors that librdkafka told of, by its name for them.
    public func kafkaErrors(_ code: String) -> Counter {
        registry.counter(
            "timberline_kafka_errors_total",
            "Errors that librdkafka reported.",
            labels: ["code": code]
        )
    }

    public func sinkDuration(_ sink: String) -> Histogram {
        registry.histogram(
            "timberline_sink_duration_seconds",
            "Time that a sink took to store what it was given.",
            labels: ["sink": sink]
        )
    }

    public func sinkErrors(_ sink: String) -> Counter {
        registry.counter("timberline_sink_errors_total", "Refusals of a sink.", labels: ["sink": sink])
    }

    public func retentionRemoved(_ kind: RetainedKind) -> Counter {
        registry.counter(
            "timberline_retention_removed_total",
            "What retention removed, for its age or for want of room.",
            labels: ["kind": kind.rawValue]
        )
    }

    public func reloads(isAccepted: Bool) -> Counter {
        registry.counter(
            "timberline_configuration_reloads_total",
            "Reloads of the configuration.",
            labels: ["result": isAccepted ? "accepted" : "refused"]
        )
    }

    /// Sets the lag of every partition that this member has; others have none any more.
    public func setLag(_ partitions: [PartitionLag]) {
        lag.withLock { $0 = partitions }
    }

    /// Takes over the last checkpoint of each stream that this member has.
    func setCheckpoints(_ checkpoints: some Collection<CheckpointProgress>) {
        guard let last = checkpoints.map(\.savedAt).max() else { return }
        checkpointSize.set(to: checkpoints.reduce(0) { $0 + $1.byteCount })
        checkpointTime.withLock { $0 = last }
    }

    /// Sets what is computed at each scrape.
    private func collect(_ now: @escaping @Sendable () -> PipelineInstant) {
        let registry = registry
        let (lag, checkpointTime) = (lag, checkpointTime)
        let age = registry.gauge(
            "timberline_checkpoint_age_seconds",
            "Time since the last checkpoint was written; NaN before the first."
        )
        registry.beforeExposition {
            let written = checkpointTime.withLock { $0 }
            age.set(to: written.map { (now() - $0) / .seconds(1) } ?? .nan)
            let name = "timberline_partition_lag_records"
            registry.removeSeries(of: name)
            for partition in lag.withLock({ $0 }) {
                registry.gauge(
                    name,
                    "Records in a partition that were not read yet.",
                    labels: ["topic": partition.topic, "partition": String(partition.partition)]
                ).set(to: Double(partition.records))
            }
        }
        ProcessMetrics.register(in: registry)
    }
}
