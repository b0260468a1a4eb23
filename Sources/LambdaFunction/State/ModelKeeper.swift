import DetectionPipeline
import LambdaRuntime
import Telemetry

/// What one loop does with the warm models of its environment, and their checkpoints.
///
/// What a function has in memory is never more than a copy: whoever wrote the checkpoint last is right.
final class ModelKeeper {
    private let settings: PipelineSettings
    private let scorerName: String?
    private let storage: (any VersionedStorage)?
    private let prefix: String
    private let byteLimit: Int
    private let logger: Logger
    private let warm: WarmModelPool

    /// How long a trained model is used before its checkpoint is looked at again.
    static let refreshMilliseconds: Int64 = 60_000

    /// - Parameters:
    ///   - warm: shared by the loops of an environment.
    ///   - scorerName: of the model outside, if one scores.
    ///   - storage: nil keeps the models in memory only.
    init(
        _ settings: FunctionSettings,
        warm: WarmModelPool,
        scorerName: String?,
        storage: (any VersionedStorage)?,
        logger: Logger
    ) {
        self.settings = settings.pipeline
        prefix = settings.checkpointPrefix
        byteLimit = settings.checkpointByteLimit
        self.warm = warm
        self.scorerName = scorerName
        self.storage = storage
        self.logger = logger
    }

    /// Keeps other loops from the models of a key, which all that follows needs.
    func exclusively<Result>(_ key: String, _ body: () throws -> Result) rethrows -> Result {
        try warm.exclusively(key, body)
    }

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
        warm[key] = entry
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
        if let newer = try load(key, unless: warm[key]?.version, now: now) { warm[key] = newer }
        warm[key]?.checkedAt = now
        return warm[key]?.models
    }

    /// Makes models that know nothing, under a name.
    func makeModels(_ key: String, now: Int64) -> StreamModels {
        let entry = empty(now)
        warm[key] = entry
        return entry.models
    }

    /// Saves what the models of `key` have learnt up to `position`.
    ///
    /// - Returns: false where another environment was quicker: these models are given up.
    /// - Throws: where they are too large, or cannot be written.
    func save(_ key: String, at position: StreamPosition) throws -> Bool {
        guard var entry = warm[key] else { return false }
        entry.position = position
        if let storage, let state = entry.models.state {
            let bytes = SavedModels(position: position, state: state).encoded
            guard bytes.count <= byteLimit else {
                throw FunctionError(
                    type: "Checkpoint.TooLarge",
                    message:
                        "the models of \(key) have \(bytes.count) bytes, where \(byteLimit) are the most: "
                        + "fewer entities (detection.maximum-entities), trees or samples need less"
                )
            }
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
            models: StreamModels(settings, scorerName: scorerName),
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
                models: try StreamModels(settings, scorerName: scorerName, state: saved.state),
                position: saved.position,
                version: version,
                checkedAt: now
            )
        }
    }
}
