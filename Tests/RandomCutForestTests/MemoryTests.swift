import Foundation
import Testing

@testable import RandomCutForest

@Suite("The memory of a forest")
struct MemoryTests {
    /// In a process of its own, where nothing else takes memory: this program again, with only this test.
    ///
    /// Not an exit test of Swift Testing: those wait for any child of the process, and so disturb the tests that
    /// have children of their own.
    @Test("is what was said before it was made, within 10 %")
    func stated() throws {
        let name = "TIMBERLINE_TEST_MEMORY"
        guard ProcessInfo.processInfo.environment[name] == nil else { return try Self.measure() }
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = [
            "--testing-library", "swift-testing", "--filter", #"RandomCutForestTests\.MemoryTests"#,
        ]
        child.environment = ProcessInfo.processInfo.environment.merging([name: "1"]) { $1 }
        let output = Pipe()
        child.standardOutput = output
        child.standardError = output
        try child.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        #expect(child.terminationStatus == 0, "\(text)")
        #expect(text.contains("1 test"), "it measured nothing: \(text)")
    }

    private static func measure() throws {
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
            // The first ones take what the test runner has left free.
            for _ in 0..<40 { models.append(try fed(configuration)) }
            let before = residentBytes()
            for _ in 0..<20 { models.append(try fed(configuration)) }
            let bytes = Double(residentBytes() - before) / 20
            let stated = Double(try RandomCutForest.memoryBytes(for: configuration))
            #expect(
                0.9...1.1 ~= stated / bytes,
                "\(configuration) takes \(bytes) bytes, \(stated) were stated"
            )
        }
        withExtendedLifetime(models) {}
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
