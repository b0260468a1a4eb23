import BinaryCoding
import RandomCutForest

/// The model of one entity: normalisation, forest and threshold. A record is
/// scored before it is learnt. Without a forest, scores come from outside.
///
/// One thread at a time uses it, and nothing calls back: accesses to what every record moves are not checked.
final class EntityDetector {
    let entity: String

    let features: [Feature]
    private let settings: DetectorSettings
    /// Nil where a model outside scores.
    let forest: RandomCutForest?
    @exclusivity(unchecked) var normalizer: RowNormalizer
    @exclusivity(unchecked) var threshold: ScoreThreshold
    /// Nil until somebody stores the model whole.
    @exclusivity(unchecked) var rowLog: RowLog?
    /// Which rows of the batch in hand are this entity's, in order.
    var rows: [Int] = []
    /// Used again for each record that is explained.
    @exclusivity(unchecked) private var attribution: Attribution

    /// A model that has seen nothing.
    convenience init(
        entity: String,
        features: [Feature],
        settings: DetectorSettings,
        scoring: StreamScoring = .forests
    ) throws(ForestError) {
        var forest: RandomCutForest?
        if scoring == .forests {
            forest = try RandomCutForest(
                Self.forestConfiguration(entity, featureCount: features.count, settings)
            )
        }
        self.init(
            entity: entity,
            features: features,
            settings: settings,
            forest: forest,
            normalizer: RowNormalizer(
                features,
                window: settings.normalizationWindow,
                statistics: Array(repeating: RunningStatistics(), count: features.count),
                previous: PreviousRecord(featureCount: features.count)
            ),
            threshold: ScoreThreshold(settings.threshold)
        )
    }

    /// A model that goes on from parts that another one left.
    init(
        entity: String,
        features: [Feature],
        settings: DetectorSettings,
        forest: RandomCutForest?,
        normalizer: RowNormalizer,
        threshold: ScoreThreshold
    ) {
        self.entity = entity
        self.features = features
        self.settings = settings
        self.forest = forest
        self.normalizer = normalizer
        self.threshold = threshold
        attribution = Attribution(high: [], low: [])
    }

    static func forestConfiguration(
        _ entity: String,
        featureCount: Int,
        _ settings: DetectorSettings
    ) -> RandomCutForest.Configuration {
        RandomCutForest.Configuration(
            dimensions: featureCount,
            treeCount: settings.treeCount,
            sampleSize: settings.sampleSize,
            timeDecay: settings.timeDecay,
            outputAfter: settings.warmUp,
            seed: seed(settings.seed, entity)
        )
    }

    /// Scores a record, then learns it.
    ///
    /// - Precondition: there is a forest.
    /// - Parameters:
    ///   - values: one raw value per feature, NaN where missing; gaps are filled in here.
    ///   - timestamp: nanoseconds since 1970, if the record has a time.
    func judge(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) -> LineOutcome {
        rowLog?.append(values, timestamp: timestamp)
        do {
            let verdict = try process(values, timestamp: timestamp)
            return LineOutcome(kind: verdict.map { .scored($0) } ?? .learnt, timestamp: timestamp)
        } catch {
            return LineOutcome(kind: .failed(error.message), timestamp: timestamp)
        }
    }

    /// Logs rows from here on. Without a forest an entity is small and always encoded whole: its rows alone would
    /// not give the scores again.
    func beginRowLog(base: UInt64) {
        if forest != nil { rowLog = RowLog(base: base) }
    }

    func setThreshold(_ policy: ThresholdPolicy) { threshold.policy = policy }

    /// Forgets the record before, so that the next one has no gap or difference to it.
    func forgetPrevious() {
        normalizer.forgetPrevious()
        rowLog = nil
    }

    private func process(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) throws(ForestError)
        -> Verdict?
    {
        guard let forest else { preconditionFailure("scores of this entity come from outside") }
        normalizer.load(values, timestamp: timestamp)
        let limit = threshold.value
        let isEarly = forest.updateCount < settings.sampleSize
        let score = try forest.scoreThenUpdate(normalizer.point, attributingAbove: limit, into: &attribution)
        var verdict: Verdict?
        if let score {
            verdict = Verdict(
                score: score,
                threshold: limit,
                isEarly: isEarly,
                entity: entity,
                drivers: score > limit ? drivers() : []
            )
            threshold.learn(score)
        }
        normalizer.learn()
        return verdict
    }

    /// Drivers with at least this share are named, at most `maximumDrivers`. Of twelve
    /// features the strongest has at least 8 %.
    static let minimumShare = 0.08
    static let maximumDrivers = 3

    /// What drove the score of the record in hand, by its attribution.
    private func drivers() -> [Driver] {
        let parts = features.indices.map { attribution.high[$0] + attribution.low[$0] }
        return drivers(of: normalizer.row, parts: parts, total: attribution.score)
    }

    /// The features with the largest parts of `total`.
    func drivers(of row: NormalizedRow, parts: [Double], total: Double) -> [Driver] {
        guard total > 0 else { return [] }
        var shares: [(index: Int, share: Double)] = []
        for index in features.indices where !row.coordinates[index].isNaN {
            shares.append((index, parts[index] / total))
        }
        // Ties by position, so that equal shares always come in the same order.
        shares.sort { $0.share != $1.share ? $0.share > $1.share : $0.index < $1.index }
        return shares.prefix(Self.maximumDrivers)
            .filter { $0.share >= Self.minimumShare }
            .map { driver($0.index, of: row, share: $0.share) }
    }

    private func driver(_ index: Int, of row: NormalizedRow, share: Double) -> Driver {
        let feature = features[index]
        let mean = row.statistics[index].mean
        let coordinate = row.coordinates[index]
        var observed = row.raw[index]
        if case .indicator = feature.transform { observed = coordinate }
        return Driver(
            feature: feature.name,
            observed: observed,
            expected: feature.transform.invert(mean),
            direction: coordinate >= mean ? .above : .below,
            share: share,
            unit: feature.unit
        )
    }

    /// To be called before the rows of the batch in hand are judged: asks for the model's memory all at once, where
    /// so many rows are to come that they will need most of it. Changes no result.
    func prepareForRows() {
        if rows.count >= Self.fewestRowsToPrefetch { forest?.prefetch() }
    }

    private static let fewestRowsToPrefetch = 64

    /// The rows of the batch in hand, which are taken over by that.
    func takeRows() -> [Int] {
        defer { rows.removeAll(keepingCapacity: true) }
        return rows
    }

    /// The entity's name mixed into the seed, so that every entity has trees of its
    /// own and a restart gives it the same ones.
    private static func seed(_ seed: UInt64, _ entity: String) -> UInt64 {
        entity.isEmpty ? seed : seed ^ stableHash(entity.utf8)
    }
}
