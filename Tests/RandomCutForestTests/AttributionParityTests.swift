import ForestTestSupport
import RandomCutForest
import Testing

@Suite("Attribution of the reference vectors", .enabled(if: SharedVectors.arePresent, SharedVectors.absence))
struct AttributionParityTests {
    struct Frozen: Decodable {
        let probes: [Probe]
    }

    struct Probes: Decodable {
        let probes: [Probe]
    }

    struct Probe: Decodable {
        var point: [Float]?
        var t: Int?
        let scoreMean: Double
        let scoreSd: Double
        let highMean: [Double]
        let highSd: [Double]
        let lowMean: [Double]
        let lowSd: [Double]
    }

    struct ProbeMoments {
        var score = Moments()
        var high: [Moments]
        var low: [Moments]

        init(dimensions: Int) {
            high = Array(repeating: Moments(), count: dimensions)
            low = high
        }

        mutating func add(_ attribution: Attribution) {
            score.add(attribution.score)
            for dimension in high.indices {
                high[dimension].add(attribution.high[dimension])
                low[dimension].add(attribution.low[dimension])
            }
        }

        /// How many of the values are too far from a probe's, and how many there are.
        func disagreements(with probe: Probe, count: Int) -> (bad: Int, all: Int) {
            var bad = score.agrees(mean: probe.scoreMean, deviation: probe.scoreSd, count: count) ? 0 : 1
            for dimension in high.indices {
                let highAgrees = high[dimension].agrees(
                    mean: probe.highMean[dimension],
                    deviation: probe.highSd[dimension],
                    count: count
                )
                let lowAgrees = low[dimension].agrees(
                    mean: probe.lowMean[dimension],
                    deviation: probe.lowSd[dimension],
                    count: count
                )
                bad += (highAgrees ? 0 : 1) + (lowAgrees ? 0 : 1)
            }
            return (bad, 1 + 2 * high.count)
        }
    }

    @Test("agrees on a frozen forest, for usual points and outliers")
    func frozen() throws {
        let probes = try SharedVectors.json("s3_frozen.json", as: Frozen.self).probes
        let points = try SharedVectors.points("s3_input.csv").prefix(2000)
        var moments = Array(repeating: ProbeMoments(dimensions: 3), count: probes.count)
        for seed in 0..<100 {
            let forest = try RandomCutForest(.init(dimensions: 3, seed: UInt64(seed)))
            for point in points { try forest.update(point) }
            for (index, probe) in probes.enumerated() {
                let point = try #require(probe.point)
                let attribution = try #require(try forest.attribution(point))
                moments[index].add(attribution)
                let score = try #require(try forest.score(point))
                #expect(abs(attribution.score - score) < 1e-5 * (1 + score))
            }
        }
        var (bad, all) = (0, 0)
        for (index, probe) in probes.enumerated() {
            let found = moments[index].disagreements(with: probe, count: 40)
            bad += found.bad
            all += found.all
        }
        #expect(bad == 0, "\(bad) of \(all) values")
    }

    @Test(
        "agrees at probes of a stream",
        arguments: ["s3_sh1_t50", "s1_sh8_t50", "s3_sh8_t50", "sd_sh1_t50", "sg_sh1_t50"]
    )
    func stream(name: String) throws {
        let probes = try SharedVectors.json(name + "_probes.json", as: Probes.self).probes
        let points = try SharedVectors.points(name.prefix(2) + "_input.csv")
        let shingle = name.contains("sh8") ? 8 : 1
        let dimensions = points[0].count * shingle
        var moments = Array(repeating: ProbeMoments(dimensions: dimensions), count: probes.count)
        for seed in 0..<40 {
            let forest = try RandomCutForest(
                .init(dimensions: points[0].count, shingleSize: shingle, seed: UInt64(seed))
            )
            var next = 0
            for (row, point) in points.enumerated() {
                if next < probes.count, probes[next].t == row {
                    if let attribution = try forest.attribution(point) { moments[next].add(attribution) }
                    next += 1
                }
                try forest.update(point)
            }
            #expect(next == probes.count)
        }
        var (bad, all) = (0, 0)
        for (index, probe) in probes.enumerated() {
            let found = moments[index].disagreements(with: probe, count: 20)
            bad += found.bad
            all += found.all
        }
        #expect(bad <= all / 1000, "\(bad) of \(all) values")
    }
}
