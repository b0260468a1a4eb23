/// Anomalies that follow each other, those taken back included.
struct AnomalyRun: Sendable, Hashable {
    private(set) var length = 0
    /// Of the run's values, and of the expected ones.
    private(set) var actual: [DiscountedDeviation]
    private(set) var expected: [DiscountedDeviation]

    init(rowSize: Int, decay: Double) {
        actual = Array(repeating: DiscountedDeviation(discount: decay), count: rowSize)
        expected = actual
    }

    init(length: Int, actual: [DiscountedDeviation], expected: [DiscountedDeviation]) {
        self.length = length
        self.actual = actual
        self.expected = expected
    }

    /// A run begins with an anomaly, and ends with a row that is none by its score.
    mutating func count(_ judgement: PredictorCorrector.Judgement) {
        if judgement.grade > 0 || (judgement.correction != nil && length > 0) {
            length += 1
        } else if judgement.correction == nil, length > 0 || actual[0].count > 0 {
            length = 0
            for dimension in actual.indices {
                actual[dimension].reset()
                expected[dimension].reset()
            }
        }
    }

    mutating func learn(_ row: [Float], expected: ArraySlice<Float>?) {
        for dimension in actual.indices { actual[dimension].update(Double(row[dimension])) }
        guard let expected else { return }
        for (dimension, value) in expected.enumerated() { self.expected[dimension].update(Double(value)) }
    }

    /// Whether a row is like those of the run, and as badly forecast.
    func holds(_ row: [Float], expected: ArraySlice<Float>?, noise: [Double]) -> Bool {
        for dimension in actual.indices {
            let (own, forecast) = (actual[dimension], self.expected[dimension])
            let allowed = max(2 * own.deviation, noise[dimension])
            guard abs(own.mean - Double(row[dimension])) < allowed else { return false }
            guard let expected else { continue }
            let distance = abs(forecast.mean - Double(expected[expected.startIndex + dimension]))
            let deviation = max(forecast.deviation, own.deviation)
            guard distance < 2 * deviation + 0.1 * abs(own.mean - forecast.mean) else { return false }
        }
        return true
    }
}
