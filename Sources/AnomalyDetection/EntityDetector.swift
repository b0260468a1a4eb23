import RandomCutForest

/// The model of one entity: normalisation, forest and threshold. A record is
/// scored before it is learnt.
final class EntityDetector {
    let entity: String
    /// Detectors of one lane may run on one thread, of different lanes on several.
    let lane: Int

    private let features: [Feature]
    private let settings: DetectorSettings
    let forest: RandomCutForest
    private(set) var statistics: [RunningStatistics]
    private(set) var threshold: ScoreThreshold
    /// The record before, for gaps and differences.
    private(set) var previous: PreviousRecord
    /// Nil until somebody stores the model whole.
    var rowLog: RowLog?

    // Scratch, so that a record allocates nothing.
    private var raw: [Double]
    private var coordinates: [Double]
    private var point: [Float]

    /// Learnt values are clipped this many standard deviations from the mean.
    static let learningClip: Double = 3
    /// Normalised coordinates are clipped here: beyond, more is not more unusual.
    static let coordinateLimit: Double = 20
    /// Raw coordinates are clipped here, so that squares and Float stay finite.
    static let rawLimit: Double = 1e18

    /// A model that has seen nothing.
    convenience init(
        entity: String,
        lane: Int,
        features: [Feature],
        settings: DetectorSettings
    ) throws(ForestError) {
        let configuration = Self.forestConfiguration(entity, featureCount: features.count, settings)
        self.init(
            entity: entity,
            lane: lane,
            features: features,
            settings: settings,
            forest: try RandomCutForest(configuration),
            statistics: Array(repeating: RunningStatistics(), count: features.count),
            threshold: ScoreThreshold(settings.threshold),
            previous: PreviousRecord(featureCount: features.count)
        )
    }

    /// A model that goes on from parts that another one left.
    init(
        entity: String,
        lane: Int,
        features: [Feature],
        settings: DetectorSettings,
        forest: RandomCutForest,
        statistics: [RunningStatistics],
        threshold: ScoreThreshold,
        previous: PreviousRecord
    ) {
        self.entity = entity
        self.lane = lane
        self.features = features
        self.settings = settings
        self.forest = forest
        self.statistics = statistics
        self.threshold = threshold
        self.previous = previous
        raw = Array(repeating: .nan, count: features.count)
        coordinates = raw
        point = Array(repeating: 0, count: features.count)
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

    func setThreshold(_ policy: ThresholdPolicy) { threshold.policy = policy }

    /// Forgets the record before, so that the next one has no gap or difference to it.
    func forgetPrevious() {
        previous = PreviousRecord(featureCount: features.count)
        rowLog = nil
    }

    private func process(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) throws(ForestError)
        -> Verdict?
    {
        prepare(values, timestamp: timestamp)
        let score = try forest.score(point)
        let limit = threshold.value
        var verdict: Verdict?
        if let score {
            var drivers: [Driver] = []
            if score > limit { drivers = try explain() }
            verdict = Verdict(
                score: score,
                threshold: limit,
                isEarly: forest.updateCount < settings.sampleSize,
                entity: entity,
                drivers: drivers
            )
            threshold.learn(score)
        }
        try forest.update(point)
        learn()
        return verdict
    }

    /// Fills `raw`, `coordinates` and `point`.
    private func prepare(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) {
        for index in features.indices {
            let feature = features[index]
            raw[index] = values[index]
            if feature.needsHistory {
                raw[index] = historical(feature, at: index, value: values[index], timestamp: timestamp)
            }
            let coordinate = feature.transform.apply(raw[index])
            coordinates[index] = max(-Self.rawLimit, min(Self.rawLimit, coordinate))
            if coordinate.isNaN { coordinates[index] = .nan }
            point[index] = Float(modelCoordinate(index))
        }
        if let timestamp { previous.timestamp = timestamp }
    }

    private func historical(_ feature: Feature, at index: Int, value: Double, timestamp: Int64?) -> Double {
        if feature.source == .gap {
            guard let timestamp, let previousTimestamp = previous.timestamp else { return .nan }
            // A clock that goes backwards gives no gap, not a negative one.
            let (nanoseconds, overflow) = timestamp.subtractingReportingOverflow(previousTimestamp)
            return overflow ? .nan : max(0, Double(nanoseconds) / 1e9)
        }
        let before = previous.values[index]
        if !value.isNaN { previous.values[index] = value }
        return value < before ? value : value - before
    }

    /// The coordinate as the forest sees it. A missing value takes its expected
    /// one, so that it adds little to the score and moves no scale.
    private func modelCoordinate(_ index: Int) -> Double {
        let feature = features[index]
        let past = statistics[index]
        let coordinate = coordinates[index].isNaN ? past.mean : coordinates[index]
        guard feature.isNormalized else { return coordinate * feature.weight }
        guard past.count > 0 else { return 0 }
        let noise = max(past.standardDeviation, feature.noiseFloor)
        let normalized = (coordinate - past.mean) / noise
        return max(-Self.coordinateLimit, min(Self.coordinateLimit, normalized)) * feature.weight
    }

    private func learn() {
        for index in features.indices where !coordinates[index].isNaN {
            statistics[index].learn(
                coordinates[index],
                window: Double(settings.normalizationWindow),
                clip: Self.learningClip,
                noiseFloor: features[index].noiseFloor
            )
        }
    }

    /// Drivers with at least this share are named, at most `maximumDrivers`. Of twelve
    /// features the strongest has at least 8 %.
    static let minimumShare = 0.08
    static let maximumDrivers = 3

    private func explain() throws(ForestError) -> [Driver] {
        guard let attribution = try forest.attribution(point) else { return [] }
        let total = attribution.score
        guard total > 0 else { return [] }
        var shares: [(index: Int, share: Double)] = []
        for index in features.indices where !coordinates[index].isNaN {
            shares.append((index, (attribution.high[index] + attribution.low[index]) / total))
        }
        // Ties by position, so that equal shares always come in the same order.
        shares.sort { $0.share != $1.share ? $0.share > $1.share : $0.index < $1.index }
        return shares.prefix(Self.maximumDrivers)
            .filter { $0.share >= Self.minimumShare }
            .map { driver($0.index, share: $0.share) }
    }

    private func driver(_ index: Int, share: Double) -> Driver {
        let feature = features[index]
        let mean = statistics[index].mean
        var observed = raw[index]
        if case .indicator = feature.transform { observed = coordinates[index] }
        return Driver(
            feature: feature.name,
            observed: observed,
            expected: feature.transform.invert(mean),
            direction: coordinates[index] >= mean ? .above : .below,
            share: share,
            unit: feature.unit
        )
    }

    /// FNV-1a of the entity's name, mixed into the seed, so that every entity has
    /// trees of its own and a restart gives it the same ones.
    private static func seed(_ seed: UInt64, _ entity: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in entity.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return entity.isEmpty ? seed : seed ^ hash
    }
}
