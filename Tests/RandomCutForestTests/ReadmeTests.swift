import Foundation
import RandomCutForest
import Testing

@Suite("The README of the forest")
struct ReadmeTests {
    /// The code of the README: it compiles, and does what is said there.
    @Test("shows code that runs")
    func code() throws {
        var generator = XorshiftGenerator(seed: 4)
        let rows: [[Float]] = (0..<1000).map { index in
            index == 900 ? [0.5, 40] : (0..<2).map { _ in Float.random(in: 0..<1, using: &generator) }
        }
        let values = (0..<600).map { Float(sin(Double($0) / 4)) }
        var lines: [String] = []
        func print(_ items: Any...) { lines.append(items.map { "\($0)" }.joined(separator: " ")) }

        let forest = try RandomCutForest(.init(dimensions: 2, seed: 1))
        for row in rows {
            guard let score = try forest.scoreThenUpdate(row) else { continue }
            if score > 3 { print("unusual: \(row), \(score)") }
        }
        #expect(lines.count == 1 && lines[0].hasPrefix("unusual: [0.5, 40.0]"))

        let attribution = try forest.attribution([0.5, 40])
        print(attribution?.high ?? [], attribution?.low ?? [])
        #expect(try #require(attribution?.high[1]) > 3)

        let waves = try RandomCutForest(.init(dimensions: 1, shingleSize: 24))
        var calibrator = try ForecastCalibrator(dimensions: 1, steps: 6, coverage: 0.9)
        for value in values {
            try calibrator.observe([value])
            try waves.update([value])
            guard let forecast = try waves.forecast(steps: 6) else { continue }
            let calibrated = try calibrator.calibrate(forecast)
            print(calibrated.steps[0].lower, calibrated.steps[0].upper)
        }
        #expect(lines.count > 400)

        let completed = try forest.scoreThenUpdate([0.7, .nan], notFinite: .imputed)
        try waves.fillGap(rowCount: 3)
        #expect(forest.updateCount == 1001 && completed != nil)

        let bytes = forest.encodedState(.full)
        let loaded = try RandomCutForest(state: bytes)
        #expect(loaded.encodedState(.full) == bytes)
    }

    @Test("and the catalogue show no code but that")
    func blocks() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let lines = Set(source.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        for name in ["README.md", "RandomCutForest.docc/RandomCutForest.md"] {
            let file = root.appending(path: "Sources/RandomCutForest/" + name)
            let text = try String(contentsOf: file, encoding: .utf8)
            var isCode = false
            var count = 0
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("```") {
                    isCode = line == "```swift"
                } else if isCode {
                    count += 1
                    #expect(lines.contains(line.trimmingCharacters(in: .whitespaces)), "\(name): \(line)")
                }
            }
            #expect(count > 3)
        }
    }
}
