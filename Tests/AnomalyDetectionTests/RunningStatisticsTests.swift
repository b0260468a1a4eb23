import Testing

@testable import AnomalyDetection

@Suite struct RunningStatisticsTests {
    @Test("before the window is full, mean and variance are those of all values")
    func equalWeights() {
        let values: [Double] = [2, 4, 4, 4, 5, 5, 7, 9]
        var statistics = RunningStatistics()
        for value in values { statistics.learn(value, window: 100) }
        #expect(abs(statistics.mean - 5) < 1e-12)
        #expect(abs(statistics.variance - 4) < 1e-12)
    }

    @Test("after a change of level the mean follows within a few windows")
    func discounting() {
        var statistics = RunningStatistics()
        for _ in 0..<1_000 { statistics.learn(10, window: 50) }
        for _ in 0..<200 { statistics.learn(20, window: 50) }
        // (1 - 1/50)^200 = 1.8 % of the way is left.
        #expect(abs(statistics.mean - 19.82) < 0.02)
    }

    @Test("one huge value moves a clipped mean by at most clip deviations over the window")
    func clipping() {
        var clipped = RunningStatistics()
        var plain = RunningStatistics()
        for index in 0..<500 {
            let value = Double(index % 2)
            clipped.learn(value, window: 100, clip: 3)
            plain.learn(value, window: 100)
        }
        clipped.learn(1e6, window: 100, clip: 3)
        plain.learn(1e6, window: 100)
        #expect(abs(clipped.mean - 0.5) < 0.1)
        #expect(clipped.standardDeviation < 1)
        #expect(plain.standardDeviation > 1e4)
    }
}

@Suite struct ScoreThresholdTests {
    @Test("a fixed threshold stays")
    func fixed() {
        var threshold = ScoreThreshold(.fixed(3))
        for score in [0.5, 7, 0.6] { threshold.learn(score) }
        #expect(threshold.value == 3)
    }

    @Test("the adaptive threshold is mean + 3 deviations, and never below its floor")
    func adaptive() {
        var threshold = ScoreThreshold(.standard)
        #expect(threshold.value == ScoreThreshold.unsettled)
        for index in 0..<500 { threshold.learn(index % 2 == 0 ? 0.5 : 0.7) }
        #expect(threshold.value == 1)
        for index in 0..<5_000 { threshold.learn(index % 2 == 0 ? 1.0 : 2.0) }
        #expect(abs(threshold.value - 3) < 0.05)
    }
}
