import ForestTestSupport
import RandomCutForest
import Testing

@Suite("Scores of the reference vectors", .enabled(if: SharedVectors.arePresent, SharedVectors.absence))
struct ScoreParityTests {
    struct Series: Sendable, CustomTestStringConvertible {
        let name: String
        let input: String
        var shingle = 1
        var trees = 50
        var samples = 256
        var timeDecay = 1.0 / 2560
        var acceptFraction = 1.0
        var testDescription: String { name }
    }

    static let series = [
        Series(name: "s3_sh1_t50", input: "s3"),
        Series(name: "s3_sh1_t100_iaf0125", input: "s3", trees: 100, acceptFraction: 0.125),
        Series(name: "s3_sh1_t50_n64", input: "s3", samples: 64, timeDecay: 0.01),
        Series(name: "s1_sh8_t50", input: "s1", shingle: 8),
        Series(name: "s3_sh8_t50", input: "s3", shingle: 8),
        Series(name: "sd_sh1_t50", input: "sd"),
        Series(name: "sg_sh1_t50", input: "sg"),
    ]

    static let seeds = 40

    @Test("agree row by row, and in the mean over the series", arguments: series)
    func agree(series: Series) throws {
        let points = try SharedVectors.points(series.input + "_input.csv")
        let expected = try SharedVectors.rows(series.name + "_scores.csv")
        var moments = Array(repeating: Moments(), count: points.count)
        for seed in 0..<Self.seeds {
            let forest = try RandomCutForest(
                .init(
                    dimensions: points[0].count,
                    shingleSize: series.shingle,
                    treeCount: series.trees,
                    sampleSize: series.samples,
                    timeDecay: series.timeDecay,
                    initialAcceptFraction: series.acceptFraction,
                    seed: UInt64(seed)
                )
            )
            for (row, point) in points.enumerated() {
                moments[row].add(try forest.scoreThenUpdate(point) ?? 0)
            }
        }
        var outliers = 0
        var (sum, expectedSum) = (0.0, 0.0)
        for (row, reference) in expected.enumerated() {
            let (mean, deviation) = (reference[2], reference[3])
            if !moments[row].agrees(mean: mean, deviation: deviation, count: 20) { outliers += 1 }
            sum += moments[row].mean
            expectedSum += mean
        }
        #expect(outliers <= expected.count / 1000, "\(outliers) rows of \(expected.count)")
        // A forest of ours and one of theirs deviate by 0.7 % in the mean over a series.
        #expect(abs(sum / expectedSum - 1) < 0.005, "\(sum / expectedSum)")
    }
}
