import ForestTestSupport
import RandomCutForest
import Testing
import ThresholdedForest

@Suite("Grades of the reference vectors", .enabled(if: SharedVectors.arePresent, SharedVectors.absence))
struct GradeParityTests {
    struct Series: Sendable, CustomTestStringConvertible {
        let name: String
        let input: String
        let shingle: Int
        let transform: Transform
        var testDescription: String { name }
    }

    struct RowMoments {
        var score = Moments()
        var threshold = Moments()
        var grade = Moments()
        var isPositive = Moments()

        mutating func add(_ row: GradedRow) {
            score.add(row.score ?? 0)
            threshold.add(row.threshold ?? 0)
            grade.add(row.grade)
            isPositive.add(row.grade > 0 ? 1 : 0)
        }
    }

    static let series = [
        Series(name: "s1_sh8_none", input: "s1", shingle: 8, transform: .none),
        Series(name: "s1_sh8_normalize", input: "s1", shingle: 8, transform: .normalize),
        Series(name: "s3_sh1_none", input: "s3", shingle: 1, transform: .none),
        Series(name: "sd_sh1_normalize", input: "sd", shingle: 1, transform: .normalize),
    ]

    static let seeds = 60

    @Test("agree row by row: score, threshold, grade, and how often there is one", arguments: series)
    func agree(series: Series) throws {
        let rows = try SharedVectors.rows(series.input + "_input.csv").map { Array($0[1..<$0.count - 1]) }
        let expected = try SharedVectors.rows(series.name + "_trcf.csv")
        var moments = Array(repeating: RowMoments(), count: rows.count)
        for seed in 0..<Self.seeds {
            let forest = try ThresholdedRandomCutForest(
                .init(
                    .init(dimensions: rows[0].count, shingleSize: series.shingle, seed: UInt64(seed)),
                    transform: series.transform
                )
            )
            for (index, row) in rows.enumerated() { moments[index].add(try forest.process(row)) }
        }
        var (scores, thresholds, grades, shares) = (0, 0, 0, 0)
        for (reference, found) in zip(expected, moments) {
            let (share, other) = (found.isPositive.mean, reference[7])
            let variance = (share * (1 - share) + other * (1 - other)) / 20
            if !found.score.agrees(mean: reference[2], deviation: reference[3], count: 20) { scores += 1 }
            if !found.threshold.agrees(mean: reference[4], deviation: reference[5], count: 20) {
                thresholds += 1
            }
            if abs(found.grade.mean - reference[6]) > 0.1 { grades += 1 }
            if abs(share - other) > 4 * max(0, variance).squareRoot() + 0.05 { shares += 1 }
        }
        // The vectors' rule leaves one row of a thousand out. It is needed for grades of rows that are anomalies for half of
        // the seeds only, where 20 seeds of the reference deviate by more than 0.1 themselves.
        let allowed = rows.count / 1000
        #expect(scores <= allowed, "\(scores) scores of \(rows.count)")
        #expect(thresholds <= allowed, "\(thresholds) thresholds of \(rows.count)")
        #expect(grades <= allowed, "\(grades) grades of \(rows.count)")
        #expect(shares == 0, "\(shares) shares of positive grades of \(rows.count)")
        let sum = moments.reduce(0) { $0 + $1.threshold.mean }
        let expectedSum = expected.reduce(0) { $0 + $1[4] }
        #expect(abs(sum / expectedSum - 1) < 0.006, "\(sum / expectedSum)")
    }
}
