import Foundation
import Testing

@testable import RandomCutForest

@Suite("The memory of a forest")
struct MemoryTests {
    /// In a process of its own, where nothing else takes memory.
    @Test("is what was said before it was made, within 10 %")
    func stated() async {
        await #expect(processExitsWith: .success) {
            let configurations: [RandomCutForest.Configuration] = [
                .init(dimensions: 3, treeCount: 30, sampleSize: 128),
                .init(dimensions: 2, treeCount: 20, sampleSize: 64, keepsSequenceNumbers: true),
                .init(dimensions: 20, treeCount: 20, sampleSize: 64),
                .init(dimensions: 3, shingleSize: 8, treeCount: 30, sampleSize: 64),
                .init(dimensions: 1, treeCount: 10, sampleSize: 1000, timeDecay: 0.001),
            ]
            // All stay alive: what one leaves free would be taken by the next, and not be seen.
            var models: [RandomCutForest] = []
            for configuration in configurations {
                // The first one pays for what all share.
                models.append(try MemoryTests.fed(configuration))
                let before = MemoryTests.residentBytes()
                for _ in 0..<10 { models.append(try MemoryTests.fed(configuration)) }
                let bytes = Double(MemoryTests.residentBytes() - before) / 10
                let stated = Double(try RandomCutForest.memoryBytes(for: configuration))
                guard 0.9...1.1 ~= stated / bytes else {
                    fatalError("\(configuration) takes \(bytes) bytes, \(stated) were stated")
                }
            }
            withExtendedLifetime(models) {}
        }
    }

    /// A model in its steady state, whose other functions were used too.
    static func fed(_ configuration: RandomCutForest.Configuration) throws -> RandomCutForest {
        var generator = ForestGenerator(seed: 7)
        let forest = try RandomCutForest(configuration)
        var row = [Float](repeating: 0, count: configuration.dimensions)
        for _ in 0..<Int(6 / configuration.timeDecay) {
            for index in row.indices { row[index] = Float(generator.uniform()) }
            try forest.update(row)
        }
        _ = try forest.score(row)
        _ = try forest.attribution(row)
        _ = try forest.neighbors(row)
        return forest
    }

    static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
