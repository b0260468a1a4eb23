import DetectionPipeline
import Telemetry

/// The warm models of an environment, each with its position, and their checkpoints.
///
/// What a function has in memory is never more than a copy: whoever wrote the checkpoint last is right.
final class ModelKeeper {
    private let settings: PipelineSettings
    private let scorer: (any RowScorer)?
    private let storage: (any VersionedStorage)?
    private let prefix: String
    private let logger: Logger
    private var warm: [String: WarmModels] = [:]

    /// Models in memory, with what is known of their checkpoint.
    private struct WarmModels {
        var models: StreamModels
        /// Nil for models that have seen nothing.
        var position: StreamPosition?
        /// Of the checkpoint that they come from or were saved in.
        var version: ObjectVersion?
        /// When the checkpoint was looked at, milliseconds since 1970.
        var checkedAt: Int64
        /// Uses, to drop the longest unused.
        var lastUse: UInt64 = 0
    }

    /// Streams whose models stay in memory: a poller's environment sees a few partitions again and again.
    static let warmLimit = 64
    /// How long a trained model is used before its checkpoint is looked at again.
    static let refreshMilliseconds: Int64 = 60_000
    private var useCount: UInt64 = 0

    /// - Parameters:
    ///   - storage: nil keeps the models in memory only.
    ///   - prefix: of all keys.
    init(
        _ settings: PipelineSettings,
        scorer: (any RowScorer)?,
        storage: (any VersionedStorage)?,
        prefix: String,
        logger: Logger
    ) {
        self.settings = settings
        self.scorer = scorer
        self.storage = storage
        self.prefix = prefix
        self.logger = logger
    }

    /// Whether a model outside scores, which has learnt by itself.
    var hasScorer: Bool { scorer != nil }

    /// The models for a batch of an ordered stream, and how many of its records they have seen.
    func models(
        for key: String,
        _ batch: BatchPositions,
        now: Int64
    ) throws -> (models: StreamModels, seenCount: Int) {
        var isFresh = warm[key] == nil
        var entry = try warm[key] ?? load(key, unless: nil, now: now) ?? empty(now)
        var rule = entry.position.map { StateRule(batch, at: $0) }
        if rule?.hasGap == true, !isFresh, let newer = try load(key, unless: entry.version, now: now) {
            logger.info(
                "checkpoint_taken_over",
                "another environment has gone on with \(key)",
                ["key": .string(key)]
            )
            entry = newer
            isFresh = true
            rule = entry.position.map { StateRule(batch, at: $0) }
        }
        keep(entry, key)
        return (entry.models, rule?.seenCount ?? 0)
    }

    /// The models under a name that all unordered records share.
    ///
    /// - Parameter isLatest: whether the checkpoint is to be looked at in any case.
    /// - Returns: nil where there are none yet.
    func namedModels(_ key: String, isLatest: Bool, now: Int64) throws -> StreamModels? {
        if let entry = warm[key], !isLatest, now - entry.checkedAt < Self.refreshMilliseconds {
            return entry.models
        }
        if let newer = try load(key, unless: warm[key]?.version, now: now) { keep(newer, key) }
        warm[key]?.checkedAt = now
        return warm[key]?.models
    }

    /// Makes models that know nothing, under a name.
    func makeModels(_ key: String, now: Int64) -> StreamModels {
        let entry = empty(now)
        keep(entry, key)
        return entry.models
    }

    /// Saves what the models of `key` have learnt up to `position`.
    ///
    /// - Returns: false where another environment was quicker: these models are given up.
    func save(_ key: String, at position: StreamPosition) throws -> Bool {
        guard var entry = warm[key] else { return false }
        entry.position = position
        if let storage, let state = entry.models.state {
            let bytes = SavedModels(position: position, state: state).encoded
            guard let version = try storage.write(prefix + key, bytes, over: entry.version) else {
                logger.info(
                    "checkpoint_race_lost",
                    "another environment has saved \(key)",
                    ["key": .string(key)]
                )
                warm[key] = nil
                return false
            }
            entry.version = version
        }
        warm[key] = entry
        return true
    }

    /// Gives up models that may have learnt what was not delivered: the next batch begins with the checkpoint. Where
    /// there is none they are all there is, and stay; they then learn the records a second time.
    func giveUp(_ key: String) {
        if storage != nil { warm[key] = nil }
    }

    private func empty(_ now: Int64) -> WarmModels {
        WarmModels(
            models: StreamModels(settings, scorer: scorer),
            position: nil,
            version: nil,
            checkedAt: now
        )
    }

    /// - Returns: nil where there is none, or none that is newer.
    private func load(_ key: String, unless version: ObjectVersion?, now: Int64) throws -> WarmModels? {
        guard let storage else { return nil }
        switch try storage.read(prefix + key, unless: version) {
        case .absent, .unchanged: return nil
        case .found(let bytes, let version):
            let saved = try SavedModels(encoded: bytes)
            return WarmModels(
                models: try StreamModels(settings, scorer: scorer, state: saved.state),
                position: saved.position,
                version: version,
                checkedAt: now
            )
        }
    }

    private func keep(_ entry: WarmModels, _ key: String) {
        useCount += 1
        warm[key] = entry
        warm[key]?.lastUse = useCount
        guard warm.count > Self.warmLimit, let oldest = warm.min(by: { $0.value.lastUse < $1.value.lastUse })
        else {
            return
        }
        warm[oldest.key] = nil
    }
}
