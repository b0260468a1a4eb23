import ForestTestSupport
import SeededNumbers
import Testing

@testable import RandomCutForest

@Suite("The expected point")
struct ExpectedPointTests {
    /// x, twice x and minus x, with a little noise.
    func row(_ generator: inout SeededGenerator) -> [Float] {
        let x = Double.random(in: -5..<5, using: &generator)
        return [x, 2 * x, -x].map { Float($0 + 0.1 * generator.normal()) }
    }

    @Test("replaces the wrong value of a row by the one that the others imply", arguments: 0..<3)
    func oneValue(dimension: Int) throws {
        var errors: [Double] = []
        for seed in 1...10 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let forest = try RandomCutForest(.init(dimensions: 3, seed: seed))
            for _ in 0..<1500 { try forest.update(row(&generator)) }
            let usual = row(&generator)
            var odd = usual
            odd[dimension] += 30
            let expected = try #require(try forest.expectedPoint(odd))
            #expect(expected.relativeIndex == 0)
            #expect(expected.dimensions == [dimension])
            #expect(expected.row == expected.point)
            for other in 0..<3 where other != dimension { #expect(expected.point[other] == odd[other]) }
            errors.append(abs(Double(expected.point[dimension] - usual[dimension])))
        }
        // Of values between -10 and 10.
        errors.sort()
        #expect(errors[5] < 1, "\(errors)")
    }

    @Test("finds the row of a shingle in which a spike stands")
    func shingle() throws {
        // A wave of 24 rows; the spike is seen when it comes, and one and two rows later.
        func wave(_ row: Int) -> Float { Float([0, 2, 4, 6, 4, 2, 0, -2, -4, -6, -4, -2][row / 2 % 12]) }
        let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 8, seed: 3))
        for row in 0..<960 { try forest.update([wave(row)]) }
        for row in 960..<963 {
            let value: Float = row == 960 ? 40 : wave(row)
            let expected = try #require(try forest.expectedPoint([value]))
            #expect(expected.relativeIndex == 960 - row)
            #expect(expected.dimensions == [7 + expected.relativeIndex])
            #expect(abs(expected.row[0] - wave(960)) <= 2, "\(expected.row)")
            #expect(try forest.point(endingWith: [value])?.last == value)
            try forest.update([value])
        }
    }

    @Test("has no answer where too much would have to be guessed, or nothing was learned")
    func noAnswer() throws {
        let wide = try RandomCutForest(.init(dimensions: 14, seed: 1))
        #expect(try wide.expectedPoint(Array(repeating: 0, count: 14)) == nil)
        let single = try RandomCutForest(.init(dimensions: 1, seed: 1))
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<600 {
            try wide.update((0..<14).map { _ in Float(generator.normal()) })
            try single.update([Float(generator.normal())])
        }
        // Six values that are equally wrong; a single value.
        let six = (0..<14).map { Float($0 < 6 ? 30 : 0) }
        #expect(try wide.expectedPoint(six) == nil)
        #expect(try wide.expectedPoint((0..<14).map { Float($0 < 2 ? 30 : 0) })?.dimensions == [0, 1])
        #expect(try single.expectedPoint([100]) == nil)
        let attribution = Attribution(high: [1], low: [0])
        #expect(throws: ForestError.self) { try single.expectedPoint([.nan]) }
        #expect(throws: ForestError.self) {
            try single.expectedPoint(point: [1], attribution: attribution, newest: 2)
        }
        #expect(throws: ForestError.self) { try wide.expectedPoint(point: six, attribution: attribution) }
    }

    @Test(
        "of planted outliers is nearer to the row before than they are",
        .enabled(if: SharedVectors.arePresent, SharedVectors.absence)
    )
    func planted() throws {
        let rows = try SharedVectors.rows("s3_input.csv")
        let forest = try RandomCutForest(.init(dimensions: 3, seed: 5))
        var answers = 0
        var last: [Float] = []
        for row in rows {
            let point = row[1...3].map { Float($0) }
            if row[4] == 1, let expected = try forest.expectedPoint(point) {
                answers += 1
                for dimension in expected.dimensions {
                    let gap = abs(expected.point[dimension] - last[dimension])
                    #expect(gap < 0.5 * abs(point[dimension] - last[dimension]), "row \(row)")
                }
            }
            try forest.update(point)
            last = point
        }
        #expect(answers >= 3)
    }

    @Test("rests on the row that adds most, and on the values that add a tenth of it")
    func drivers() {
        let attribution = Attribution(high: [0, 1, 0.5, 0, 0.01, 0.2], low: [0.3, 0, 0, 0.5, 0, 0])
        #expect(attribution.mostUnusualRow(rowSize: 2, newest: 3) == -2)
        #expect(attribution.mostUnusualRow(rowSize: 2, newest: 2) == -1)
        #expect(attribution.mostUnusualRow(rowSize: 2, newest: 1) == 0)
        #expect(attribution.drivers(ofRow: -1, rowSize: 2) == [2, 3])
        #expect(attribution.drivers(ofRow: 0, rowSize: 2) == [5])
        let scaled = attribution.scaled(to: 2 * attribution.score)
        #expect(
            scaled.high == attribution.high.map { 2 * $0 } && scaled.low == attribution.low.map { 2 * $0 }
        )
        let nothing = Attribution(high: [0], low: [0])
        #expect(nothing.scaled(to: 3) == nothing)
    }

    @Test("near neighbours of a whole point are those of its last row")
    func wholePoints() throws {
        let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 4, seed: 3))
        #expect(try forest.point(endingWith: [1]) == nil)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<300 { try forest.update([Float(generator.normal())]) }
        let point = try #require(try forest.point(endingWith: [0.5]))
        #expect(try forest.neighbors(point: point) == forest.neighbors([0.5]))
        #expect(throws: ForestError.self) { try forest.neighbors(point: [0.5]) }
    }
}
