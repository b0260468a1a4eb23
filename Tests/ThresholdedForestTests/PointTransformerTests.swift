import RandomCutForest
import SeededNumbers
import Testing

@testable import ThresholdedForest

@Suite("Transforms of rows")
struct PointTransformerTests {
    typealias Worked = (transform: Transform, first: [Float], next: Float, scale: Double, shift: Double)

    func transformer(
        _ transform: Transform,
        rowSize: Int = 1,
        _ change: (inout PointTransformer.Parameters) -> Void = { _ in }
    ) throws -> PointTransformer {
        var parameters = PointTransformer.Parameters(transform, decay: 0)
        change(&parameters)
        return try PointTransformer(parameters, rowSize: rowSize)
    }

    /// After 1, 3, 2: mean 2, deviation 0.8164966 (smoothed: the mean of 0, 1, 0.8164966 is 0.6054989), steps 0, 2, -1.
    static let worked: [Worked] = [
        (.none, [1, 3, 2], 4, 1, 0),
        (.weighted, [3, 9, 6], 12, 1.0 / 3, 0),
        (.subtractMovingAverage, [-3, 3, 0], 6, 1.0 / 3, 2),
        (.normalize, [-1.6515308, 1.6515308, 0], 3.7371561, 1.6054989 / 3, 2),
        (.difference, [0, 6, -3], 6, 1.0 / 3, 2),
        (.normalizeDifference, [-0.4449943, 2.2249715, -1.7799772], 2.2249715, 2.2472191 / 3, 2.3333333),
    ]

    @Test("are what one computes by hand", arguments: worked)
    func byHand(worked: Worked) throws {
        let (transform, first, next, scale, shift) = worked
        var transformer = try transformer(transform) { $0.weights = transform == .none ? [] : [3] }
        for (found, expected) in zip(transformer.start([[1], [3], [2]]), first) {
            #expect(abs(found[0] - expected) < 1e-6, "\(found)")
        }
        #expect(abs(transformer.transformed([4])[0] - next) < 1e-6)
        #expect(abs(transformer.scale(0) - scale) < 1e-6)
        #expect(abs(transformer.shift(0) - shift) < 1e-6)
        // Deviations of the steps: 0, 1, 1.2472191.
        #expect(abs(transformer.noise(0) - 0.7490730) < 1e-6)
    }

    @Test("forget by the decay, and noise ten times as slowly")
    func decays() throws {
        let statistics = try transformer(.normalize) { $0.decay = 0.2 }.statistics[0]
        for series in [statistics.values, statistics.steps, statistics.deviations] {
            #expect(series.discount == 0.2)
        }
        #expect(abs(statistics.stepDeviations.discount - 0.02) < 1e-15)
    }

    @Test("are undone by their inverse", arguments: Transform.allCases)
    func inverse(transform: Transform) throws {
        var generator = SeededGenerator(seed: 2)
        var transformer = try transformer(transform, rowSize: 2) { parameters in
            parameters.decay = 0.01
            parameters.weights = transform == .none ? [] : [0.25, 7]
        }
        func row() -> [Double] { [100 + 3 * generator.normal(), 0.01 * generator.normal()] }
        _ = transformer.start((0..<10).map { _ in row() })
        for _ in 0..<200 {
            let row = row()
            let transformed = transformer.transformed(row)
            let restored = transformer.restored(transformed)
            for dimension in 0..<2 {
                #expect(abs(restored[dimension] - row[dimension]) < 1e-4 * (1 + abs(row[dimension])))
                let line =
                    Double(transformed[dimension]) * transformer.scale(dimension)
                    + transformer.shift(dimension)
                #expect(abs(line - row[dimension]) < 1e-4 * (1 + abs(row[dimension])))
            }
            transformer.update(row)
        }
    }

    @Test("clip normalised values, and only those")
    func clip() throws {
        for transform in Transform.allCases {
            var transformer = try transformer(transform)
            _ = transformer.start([[1], [3], [2]])
            let found = transformer.transformed([-1e6])[0]
            if transform.isNormalized { #expect(found == -100) } else { #expect(found < -9e5) }
        }
    }

    @Test("with a weight of 0 hide a value, and restore its mean")
    func noWeight() throws {
        var transformer = try transformer(.normalize) { $0.weights = [0] }
        _ = transformer.start([[1], [3], [2]])
        #expect(transformer.transformed([50]) == [0])
        #expect(transformer.restored([0]) == [2])
        #expect(transformer.scale(0) == 0)
    }

    @Test("by the deviation alone do not depend on the unit, AWS's do")
    func unit() throws {
        func transformed(_ unit: Double, _ scale: NormalizationScale) throws -> Float {
            var transformer = try transformer(.normalize) { $0.scale = scale }
            _ = transformer.start([[unit], [3 * unit], [2 * unit]])
            return transformer.transformed([4 * unit])[0]
        }
        let small = 0x1p-20
        #expect(
            try transformed(1, .deviation(atLeast: 1e-9)) == transformed(small, .deviation(atLeast: 1e-9))
        )
        #expect(abs(try transformed(1, .deviation(atLeast: 1e-9)) - 2 / 0.6054989) < 1e-5)
        #expect(try transformed(1, .deviation(atLeast: 4)) == 0.5)
        #expect(try transformed(1, .deviationPlus(1)) > 1)
        #expect(try transformed(small, .deviationPlus(1)) < 1e-5)
    }

    @Test("do not learn a missing value, nor a step over a gap")
    func gaps() throws {
        var transformer = try transformer(.normalizeDifference)
        _ = transformer.start([[1], [3], [2]])
        let before = transformer.statistics
        transformer.update([.nan], filled: [9])
        #expect(transformer.statistics == before)
        #expect(transformer.lastRow == [9])
        transformer.skipGap()
        // The step is taken as 0: (0 - 1/3) / 2.2472191.
        #expect(abs(transformer.transformed([700])[0] + 0.1483314) < 1e-6)
        transformer.update([700])
        #expect(transformer.statistics[0].steps == before[0].steps)
        #expect(transformer.statistics[0].values.count == 4)
    }

    @Test("refuse parameters out of range")
    func invalid() {
        let changes: [(inout PointTransformer.Parameters) -> Void] = [
            { $0.weights = [1, 1] }, { $0.weights = [-1] }, { $0.weights = [.nan] }, { $0.weights = [1e-40] },
            { $0.decay = 1 }, { $0.scale = .deviationPlus(0) }, { $0.scale = .deviation(atLeast: .nan) },
            { $0.clip = 0 }, { $0.startRows = 0 },
            { parameters in
                parameters.transform = .none
                parameters.weights = [2]
            },
        ]
        for change in changes {
            #expect(throws: ForestError.self) { try transformer(.normalize, change) }
        }
        #expect(throws: ForestError.self) { try transformer(.none, rowSize: 0) }
    }

    @Test("take the first rows' missing values from their neighbours in time")
    func firstRows() {
        var first = FirstRows()
        #expect(first.filled().isEmpty)
        first.append([.nan, .nan], at: 0)
        first.append([1, .nan], at: 10)
        first.append([.nan, .nan], at: 11)
        first.append([5, .nan], at: 14)
        first.append([.nan, .nan], at: 20)
        #expect(first.filled() == [[1, 0], [1, 0], [2, 0], [5, 0], [5, 0]])
    }
}
