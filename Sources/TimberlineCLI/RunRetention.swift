import AnomalyStore
import DetectionPipeline
import Operations
import Telemetry

/// Removes what is too old or too much, between batches of one run.
final class RunRetention {
    struct Policies: Equatable {
        var anomalies = RetentionPolicy()
        var deadLetters: RetentionPolicy
        var checkpoints = RetentionPolicy()
    }

    var policies: Policies {
        didSet { deadLetters?.partLimit = Self.partLimit(policies.deadLetters) }
    }
    private let store: AnomalyStore?
    private let deadLetters: DeadLetterFile?
    private let checkpoints: CheckpointStore?
    private let metrics: ServiceMetrics
    private let logger: Logger
    private var next: ContinuousClock.Instant?
    private var nextForCheckpoints: ContinuousClock.Instant?

    /// How often it looks; at once again where one look was not enough.
    static let interval: Duration = .seconds(60)
    /// Checkpoints are all read for it: often only where that is cheap, or where something is to be removed.
    static let checkpointInterval: Duration = .seconds(3_600)
    static let sharedCheckpointInterval: Duration = .seconds(86_400)

    /// - Parameters:
    ///   - store: nil where there are no anomalies.
    ///   - deadLetters: nil where they go to a topic, whose retention is Kafka's.
    ///   - checkpoints: nil where none are saved.
    init(
        _ policies: Policies,
        store: AnomalyStore? = nil,
        deadLetters: DeadLetterFile?,
        checkpoints: CheckpointStore? = nil,
        metrics: ServiceMetrics,
        logger: Logger
    ) {
        self.policies = policies
        self.store = store
        self.deadLetters = deadLetters
        self.checkpoints = checkpoints
        self.metrics = metrics
        self.logger = logger
    }

    /// Bytes at which a dead-letter file becomes a part of its own: an eighth of what is kept, so that
    /// removing one part removes little.
    static func partLimit(_ policy: RetentionPolicy) -> Int? {
        if policy == RetentionPolicy() { return nil }
        return min(64 << 20, max(1, (policy.maximumBytes ?? .max) / 8))
    }

    /// - Parameter milliseconds: the time since 1970.
    func run(at now: ContinuousClock.Instant, milliseconds: Int64) {
        if let next, now < next { return }
        next = now + Self.interval
        if let store {
            remove(.anomalies) {
                let removal = try store.prune(policies.anomalies, at: milliseconds)
                if !removal.isComplete { next = now }
                metrics.storeSize.set(to: try store.usedBytes())
                return removal.count
            }
        }
        if let deadLetters {
            remove(.deadLetterFiles) { try deadLetters.prune(policies.deadLetters, at: milliseconds) }
        }
        guard let checkpoints, nextForCheckpoints.map({ now >= $0 }) ?? true else { return }
        remove(.checkpoints) {
            nextForCheckpoints = now + Self.checkpointInterval
            guard let count = try checkpoints.prune(policies.checkpoints, at: milliseconds) else {
                nextForCheckpoints = nil
                return 0
            }
            if checkpoints.isShared, !checkpoints.hasSuspects {
                nextForCheckpoints = now + Self.sharedCheckpointInterval
            }
            return count
        }
    }

    /// What cannot be removed now is tried again: that is no reason to end.
    private func remove(_ kind: ServiceMetrics.RetainedKind, _ body: () throws -> Int) {
        do {
            let count = try body()
            guard count > 0 else { return }
            metrics.retentionRemoved(kind).increment(by: count)
            logger.info(
                "retention_removed",
                "removed what is too old or too much",
                ["kind": .string(kind.rawValue), "count": .integer(Int64(count))]
            )
        } catch {
            logger.warning("retention_failed", "\(error)", ["kind": .string(kind.rawValue)])
        }
    }
}
