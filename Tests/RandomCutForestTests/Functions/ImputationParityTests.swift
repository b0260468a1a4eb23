import ForestTestSupport
import RandomCutForest
import Testing

@Suite(
    "Imputation and forecast of the reference vectors",
    .enabled(if: SharedVectors.arePresent, SharedVectors.absence)
)
struct ImputationParityTests {
    struct Imputes: Decodable {
        struct Impute: Decodable {
            let t: Int
            let missing: Int
            let mean: Double
            let sd: Double
        }
        let imputes: [Impute]
    }

    struct Forecasts: Decodable {
        struct Step: Decodable {
            let at: Int
            let mean: [Double]
            let sd: [Double]
            let actual: [Double]
        }
        let forecasts: [Step]
    }

    @Test("agrees for one missing value")
    func impute() throws {
        let expected = try SharedVectors.json("s3_impute.json", as: Imputes.self).imputes
        let points = try SharedVectors.points("s3_input.csv")
        var moments = Array(repeating: Moments(), count: expected.count)
        for seed in 0..<40 {
            let forest = try RandomCutForest(.init(dimensions: 3, seed: UInt64(seed)))
            for (row, point) in points.enumerated() {
                for (index, probe) in expected.enumerated() where probe.t == row {
                    var gappy = point
                    gappy[probe.missing] = .nan
                    let filled = try #require(try forest.impute(gappy))
                    for dimension in 0..<3 where dimension != probe.missing {
                        #expect(filled[dimension] == point[dimension])
                    }
                    moments[index].add(Double(filled[probe.missing]))
                }
                try forest.update(point)
            }
        }
        for (probe, found) in zip(expected, moments) {
            #expect(
                found.agrees(mean: probe.mean, deviation: probe.sd, count: 20),
                "t \(probe.t), dimension \(probe.missing): \(found.mean) ± \(found.deviation), not \(probe.mean) ± \(probe.sd)"
            )
        }
    }

    @Test("agrees for a forecast of 24 rows, and the interval holds most of what came")
    func forecast() throws {
        let expected = try SharedVectors.json("s1_forecast.json", as: Forecasts.self).forecasts
        let points = try SharedVectors.points("s1_input.csv")
        var moments = Array(repeating: Array(repeating: Moments(), count: 24), count: expected.count)
        var inside = 0
        for seed in 0..<20 {
            let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 48, seed: UInt64(seed)))
            for (row, point) in points.enumerated() {
                for (index, probe) in expected.enumerated() where probe.at == row {
                    let forecast = try #require(try forest.forecast(steps: 24))
                    for (step, value) in forecast.steps.enumerated() {
                        moments[index][step].add(Double(value.median[0]))
                        #expect(value.lower[0] <= value.median[0] && value.median[0] <= value.upper[0])
                        let actual = Float(probe.actual[step])
                        if value.lower[0] <= actual, actual <= value.upper[0] { inside += 1 }
                    }
                }
                try forest.update(point)
                if row == 2900 { break }
            }
        }
        var bad: [String] = []
        for (probe, found) in zip(expected, moments) {
            for step in 0..<24
            where !found[step].agrees(mean: probe.mean[step], deviation: probe.sd[step], count: 20) {
                bad.append(
                    "at \(probe.at) + \(step): \(found[step].mean), not \(probe.mean[step]) ± \(probe.sd[step])"
                )
            }
        }
        #expect(bad.isEmpty, "\(bad.joined(separator: "\n"))")
        #expect(inside > 20 * 72 / 2, "\(inside) of \(20 * 72)")
    }
}
