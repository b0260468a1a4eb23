/// Makes the forest's coordinates of an entity's raw values: transformed, then in units of the noise of the
/// entity's own past.
///
/// A value, so that a record costs one access to it and counts no references; nothing is allocated for a record.
struct RowNormalizer {
    /// What is known of each feature's coordinates so far.
    private(set) var statistics: [RunningStatistics]
    /// The record before, for gaps and differences.
    private(set) var previous: PreviousRecord
    /// Of the record in hand: raw values, transformed ones, and what the forest gets.
    private(set) var raw: [Double]
    private(set) var coordinates: [Double]
    private(set) var point: [Float]

    private let steps: [Step]
    private let window: Double

    /// A feature without its names.
    private struct Step {
        enum History { case none, gap, difference }

        let history: History
        let transform: FeatureTransform
        let isNormalized: Bool
        let weight: Double
        let noiseFloor: Double
    }

    /// Learnt values are clipped this many standard deviations from the mean.
    static let learningClip: Double = 3
    /// Normalised coordinates are clipped here: beyond, more is not more unusual.
    static let coordinateLimit: Double = 20
    /// Raw coordinates are clipped here, so that squares and Float stay finite.
    static let rawLimit: Double = 1e18

    /// - Parameters:
    ///   - window: records over which a feature's mean and noise are taken.
    ///   - statistics: what another one left, for each of the features.
    init(_ features: [Feature], window: Int, statistics: [RunningStatistics], previous: PreviousRecord) {
        steps = features.map { feature in
            Step(
                history: feature.source == .gap
                    ? .gap : feature.transform == .difference ? .difference : .none,
                transform: feature.transform,
                isNormalized: feature.isNormalized,
                weight: feature.weight,
                noiseFloor: feature.noiseFloor
            )
        }
        self.window = Double(window)
        self.statistics = statistics
        self.previous = previous
        raw = Array(repeating: .nan, count: features.count)
        coordinates = raw
        point = Array(repeating: 0, count: features.count)
    }

    /// Takes a record in hand.
    ///
    /// - Parameters:
    ///   - values: one raw value per feature, NaN where missing; gaps are filled in here.
    ///   - timestamp: nanoseconds since 1970, if the record has a time.
    mutating func load(_ values: UnsafeBufferPointer<Double>, timestamp: Int64?) {
        for index in steps.indices {
            let step = steps[index]
            let value =
                switch step.history {
                case .none: values[index]
                case .gap: gap(to: timestamp)
                case .difference: difference(to: values[index], at: index)
                }
            raw[index] = value
            let coordinate = step.transform.apply(value)
            let bounded = max(-Self.rawLimit, min(Self.rawLimit, coordinate))
            coordinates[index] = coordinate.isNaN ? .nan : bounded
            point[index] = Float(modelCoordinate(coordinates[index], step, statistics[index]))
        }
        if let timestamp { previous.timestamp = timestamp }
    }

    /// The record in hand. O(1), and the arrays are copied when the next one comes.
    var row: NormalizedRow { NormalizedRow(raw: raw, coordinates: coordinates, statistics: statistics) }

    /// Learns the record in hand.
    mutating func learn() {
        for index in steps.indices where !coordinates[index].isNaN {
            statistics[index].learn(
                coordinates[index],
                window: window,
                clip: Self.learningClip,
                noiseFloor: steps[index].noiseFloor
            )
        }
    }

    /// Forgets the record before, so that the next one has no gap or difference to it.
    mutating func forgetPrevious() {
        previous = PreviousRecord(featureCount: steps.count)
    }

    private func gap(to timestamp: Int64?) -> Double {
        guard let timestamp, let before = previous.timestamp else { return .nan }
        // A clock that goes backwards gives no gap, not a negative one.
        let (nanoseconds, overflow) = timestamp.subtractingReportingOverflow(before)
        return overflow ? .nan : max(0, Double(nanoseconds) / 1e9)
    }

    private mutating func difference(to value: Double, at index: Int) -> Double {
        let before = previous.values[index]
        if !value.isNaN { previous.values[index] = value }
        return value < before ? value : value - before
    }

    /// The coordinate as the forest sees it. A missing value takes its expected
    /// one, so that it adds little to the score and moves no scale.
    private func modelCoordinate(_ known: Double, _ step: Step, _ past: RunningStatistics) -> Double {
        let coordinate = known.isNaN ? past.mean : known
        guard step.isNormalized else { return coordinate * step.weight }
        guard past.count > 0 else { return 0 }
        let noise = max(past.standardDeviation, step.noiseFloor)
        let normalized = (coordinate - past.mean) / noise
        return max(-Self.coordinateLimit, min(Self.coordinateLimit, normalized)) * step.weight
    }
}
