import Foundation
import Testing

@testable import RandomCutForest

@Suite("Shingles over gaps")
struct GapTests {
    static func wave(_ row: Int) -> Float { Float(10 * sin(2 * Double.pi * Double(row) / 24)) }

    func forest(seed: UInt64 = 3) throws -> RandomCutForest {
        var generator = ForestGenerator(seed: 9)
        let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 12, seed: seed))
        for row in 0..<1200 { try forest.update([Self.wave(row) + Float(generator.uniform()) * 0.5]) }
        return forest
    }

    @Test("a short gap is filled with the forecast, and what comes after it scores as usual")
    func filled() throws {
        let (usual, filled, ignored) = (try forest(), try forest(), try forest())
        let forecast = try #require(try filled.forecast(steps: 5))
        let last = try #require(filled.lastPoint)
        let generator = filled.generator
        let probe = try filled.score(point: Array(repeating: 1, count: 12))
        #expect(try filled.fillGap(rowCount: 5))
        #expect(filled.lastPoint == Array(last[5...]) + forecast.steps.map { $0.median[0] })
        #expect(filled.updateCount == 1200 && filled.isReady)
        // Nothing was learned.
        #expect(filled.generator == generator)
        #expect(try filled.score(point: Array(repeating: 1, count: 12)) == probe)
        for row in 1200..<1205 { try usual.update([Self.wave(row)]) }
        let (expected, bridged, torn) = (
            try #require(try usual.score([Self.wave(1205)])),
            try #require(try filled.score([Self.wave(1205)])),
            try #require(try ignored.score([Self.wave(1205)]))
        )
        #expect(abs(bridged - expected) < 0.35, "\(bridged), without a gap \(expected)")
        #expect(torn > bridged + 0.2, "\(torn) where the gap is ignored, \(bridged)")
    }

    @Test("a gap of more than half a shingle, and one before the forest is ready, begins a new shingle")
    func long() throws {
        let forest = try forest()
        #expect(try forest.fillGap(rowCount: 7) == false)
        #expect(!forest.isReady && forest.lastPoint == nil && forest.updateCount == 1200)
        for row in 0..<11 { try forest.update([Self.wave(row)]) }
        #expect(forest.isReady && forest.lastPoint == nil)
        #expect(try forest.fillGap(rowCount: 6) == false)
        for row in 0..<12 { try forest.update([Self.wave(row)]) }
        #expect(try forest.fillGap(rowCount: 6))
        let young = try RandomCutForest(.init(dimensions: 1, shingleSize: 4))
        for row in 0..<10 { try young.update([Self.wave(row)]) }
        #expect(try young.fillGap(rowCount: 1) == false)
        #expect(!young.isReady && young.lastPoint == nil)
        #expect(throws: ForestError.self) { try young.fillGap(rowCount: 0) }
    }

    @Test("rows that are still held back are not joined with those after a gap")
    func heldBack() throws {
        let forest = try RandomCutForest(.init(dimensions: 1, shingleSize: 4, seed: 2))
        for row in 0..<3 { try forest.update([Double(row)]) }
        forest.beginShingle()
        #expect(forest.updateCount == 0)
        for row in 0..<10 { try forest.update([Double(100 + row)]) }
        forest.beginShingle()
        #expect(forest.updateCount == 10 && forest.livePointCount == 7)
        for row in 0..<100 { try forest.update([Double(200 + row)]) }
        for tree in 0..<50 {
            for slot in 0..<forest.sampler.size(tree) {
                let point = forest.points.coordinates(forest.sampler.point(tree, slot))
                #expect(point[3] - point[0] == 3)
            }
        }
    }

    @Test("with a shingle of one row, or put together outside, there is nothing to do")
    func nothing() throws {
        let single = try RandomCutForest(.init(dimensions: 1))
        let outside = try RandomCutForest(.init(dimensions: 1, shingleSize: 4, shingling: .external))
        for row in 0..<100 {
            try single.update([Self.wave(row)])
            try outside.update((0..<4).map { Self.wave(row + $0) })
        }
        for forest in [single, outside] {
            let state = forest.encodedState()
            #expect(try forest.fillGap(rowCount: 1) == false)
            forest.beginShingle()
            #expect(forest.encodedState() == state && forest.isReady)
        }
    }
}
