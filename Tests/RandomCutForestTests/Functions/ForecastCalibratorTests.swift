import ForestTestSupport
import Foundation
import Testing

@testable import RandomCutForest

@Suite("Calibrated intervals of forecasts")
struct ForecastCalibratorTests {
    typealias Method = ForecastCalibrator.Method

    /// A forecast of the same value for each dimension and step.
    func flat(_ value: Float, steps: Int, dimensions: Int = 1, width: Float = 1) -> Forecast {
        let values = Array(repeating: value, count: dimensions)
        let step = Forecast.Step(
            median: values,
            lower: values.map { $0 - width },
            upper: values.map { $0 + width }
        )
        return Forecast(steps: Array(repeating: step, count: steps))
    }

    @Test("ends are the quantiles of the errors, each step by its own rows")
    func quantiles() throws {
        var simple = try ForecastCalibrator(dimensions: 1, steps: 3, coverage: 0.9, capacity: 99)
        var minimal = try ForecastCalibrator(
            dimensions: 1,
            steps: 3,
            coverage: 0.9,
            method: .minimal,
            capacity: 99
        )
        let rising = Forecast(steps: [Float(0), 1000, 2000].flatMap { flat($0, steps: 1).steps })
        // Errors of the first step: 1 to 100, of the second 2 to 100 less 1000, of the third 3 to 100 less 2000.
        for row in 0..<101 {
            for step in 1...3 { #expect(simple.isCalibrated(stepsAhead: step) == (row - step >= 19)) }
            if row > 0 {
                try simple.observe([Float(row)])
                try minimal.observe([Float(row)])
            }
            _ = try simple.calibrate(rising)
            _ = try minimal.calibrate(rising)
        }
        let found = try simple.calibrate(flat(1000, steps: 3))
        // The latest 99 are 2 to 100 for the first two steps: ranks 5 and 95.
        #expect(found.steps[0].lower == [1006] && found.steps[0].upper == [1096])
        #expect(found.steps[1].lower == [6] && found.steps[1].upper == [96])
        // 98 of them, 3 to 100: ranks 4 and 95.
        #expect(found.steps[2].lower == [-994] && found.steps[2].upper == [-903])
        #expect(found.steps[0].median == [1000])
        // Each error is one less, since the trees' interval holds that much: 1 to 99, rank 90.
        let wide = try minimal.calibrate(flat(1000, steps: 3))
        #expect(wide.steps[0].lower == [1000 - 91] && wide.steps[0].upper == [1000 + 91])
    }

    @Test(
        "gaps forget the forecasts, not the errors; missing values and rows without a forecast teach nothing"
    )
    func gaps() throws {
        var calibrator = try ForecastCalibrator(dimensions: 2, steps: 2, coverage: 0.5, capacity: 8)
        for _ in 0..<10 {
            _ = try calibrator.calibrate(flat(0, steps: 2, dimensions: 2))
            try calibrator.observe([3, .nan])
        }
        #expect(calibrator.isCalibrated(stepsAhead: 1) && calibrator.isCalibrated(stepsAhead: 2))
        #expect(!calibrator.isCalibrated(stepsAhead: 1, dimension: 1))
        #expect(!calibrator.isCalibrated(stepsAhead: 3) && !calibrator.isCalibrated(stepsAhead: 0))
        let before = try calibrator.calibrate(flat(0, steps: 2, dimensions: 2))
        #expect(before.steps[0].lower == [3, -1] && before.steps[0].upper == [3, 1])
        calibrator.forgetForecasts()
        for _ in 0..<5 { try calibrator.observe([100, 100]) }
        #expect(try calibrator.calibrate(flat(0, steps: 2, dimensions: 2)) == before)
        for _ in 0..<3 {
            try calibrator.observe([7, 7])
            _ = try calibrator.calibrate(flat(0, steps: 2, dimensions: 2))
        }
        #expect(try calibrator.calibrate(flat(0, steps: 2, dimensions: 2)).steps[0].upper == [7, 7])
    }

    @Test("refuses what cannot be, and names it")
    func refused() throws {
        let configurations: [(Int, Int, Double, Int, String)] = [
            (0, 1, 0.8, 50, "dimensions"), (1, 0, 0.8, 50, "steps"),
            (1 << 40, 1 << 40, 0.8, 50, "dimensions"),
            (1, 1, 0, 50, "coverage"), (1, 1, 1, 50, "coverage"), (1, 1, .nan, 50, "coverage"),
            (1, 1, 0.8, 8, "capacity"), (1, 1, 0.9, 18, "capacity"), (1, 1, 0.8, 70_000, "capacity"),
        ]
        for (dimensions, steps, coverage, capacity, name) in configurations {
            let error = #expect(throws: ForestError.self) {
                try ForecastCalibrator(
                    dimensions: dimensions,
                    steps: steps,
                    coverage: coverage,
                    capacity: capacity
                )
            }
            #expect(error?.code == .invalidConfiguration && error?.message.contains(name) == true)
        }
        for (coverage, capacity) in [(0.8, 9), (0.9, 19), (0.99, 199)] {
            _ = try ForecastCalibrator(dimensions: 1, steps: 1, coverage: coverage, capacity: capacity)
        }
        var calibrator = try ForecastCalibrator(dimensions: 2, steps: 2)
        #expect(throws: ForestError.self) { try calibrator.observe([1]) }
        #expect(throws: ForestError.self) { try calibrator.calibrate(flat(0, steps: 3, dimensions: 2)) }
        #expect(throws: ForestError.self) { try calibrator.calibrate(flat(0, steps: 2, dimensions: 1)) }
    }

    /// The share of values inside of their intervals, by step, over all dimensions.
    func coverage(
        _ rows: [[Float]],
        _ calibrator: ForecastCalibrator,
        shingle: Int,
        from first: Int
    ) throws -> [Double] {
        var calibrator = calibrator
        let dimensions = rows[0].count
        let forest = try RandomCutForest(
            .init(dimensions: dimensions, shingleSize: shingle, treeCount: 30, sampleSize: 128, seed: 2)
        )
        var inside = [Double](repeating: 0, count: calibrator.steps)
        var all = inside
        for (index, row) in rows.enumerated() {
            try calibrator.observe(row)
            try forest.update(row)
            guard let raw = try forest.forecast(steps: calibrator.steps, coverage: calibrator.coverage) else {
                continue
            }
            let forecast = try calibrator.calibrate(raw)
            guard index >= first else { continue }
            for (ahead, step) in forecast.steps.enumerated() where index + 1 + ahead < rows.count {
                for (dimension, actual) in rows[index + 1 + ahead].enumerated() {
                    all[ahead] += 1
                    if step.lower[dimension] <= actual, actual <= step.upper[dimension] { inside[ahead] += 1 }
                }
            }
        }
        return zip(inside, all).map { $0 / $1 }
    }

    enum Stream: String, CaseIterable, Sendable {
        case noisyWave, unevenNoise, randomWalk, skewed
    }

    func rows(_ stream: Stream) -> [[Float]] {
        var generator = ForestGenerator(seed: 21)
        func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
        var level = 0.0
        return (0..<2400).map { row in
            let wave = 10 * sin(2 * Double.pi * Double(row) / 20)
            level = 0.9 * level + normal()
            switch stream {
            case .noisyWave: return [Float(wave + normal()), Float(normal())]
            case .unevenNoise: return [Float(wave + normal() * (wave > 0 ? 4 : 0.5))]
            case .randomWalk: return [Float(level)]
            case .skewed: return [Float(wave + 2 * generator.exponential())]
            }
        }
    }

    @Test(
        "hold the stated share of what comes, at every step, on streams of every kind",
        arguments: Stream.allCases
    )
    func synthetic(stream: Stream) throws {
        let rows = rows(stream)
        for (coverage, method) in [(0.8, Method.simple), (0.8, .minimal), (0.9, .simple), (0.9, .minimal)] {
            let calibrator = try ForecastCalibrator(
                dimensions: rows[0].count,
                steps: 4,
                coverage: coverage,
                method: method
            )
            let found = try self.coverage(rows, calibrator, shingle: 8, from: 400)
            for share in found {
                #expect(abs(share - coverage) < 0.04, "\(method) of \(coverage): \(found)")
            }
        }
    }

    @Test("the trees' own intervals hold another share, which is what calibration is for")
    func uncalibrated() throws {
        let calibrator = try ForecastCalibrator(dimensions: 1, steps: 4, coverage: 0.8, method: .none)
        let found = try coverage(rows(.randomWalk), calibrator, shingle: 8, from: 400)
        #expect(found.contains { abs($0 - 0.8) > 0.04 }, "\(found)")
    }

    @Test(
        "hold the stated share on the series of the reference vectors",
        .enabled(if: SharedVectors.arePresent, SharedVectors.absence),
        arguments: [0.8, 0.9]
    )
    func vectors(coverage: Double) throws {
        let rows = try SharedVectors.points("s1_input.csv")
        for method in [Method.simple, .minimal] {
            let calibrator = try ForecastCalibrator(
                dimensions: 1,
                steps: 6,
                coverage: coverage,
                method: method
            )
            let found = try self.coverage(rows, calibrator, shingle: 12, from: 500)
            for share in found { #expect(abs(share - coverage) < 0.04, "\(method): \(found)") }
        }
    }
}
