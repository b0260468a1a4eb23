import AnomalyDetection
import DetectionPipeline
import SeededNumbers
import Testing

@Suite struct ThresholdChangeTests {
    /// Records of two entities, of a third after half.
    private func lines() -> Lines {
        var random = SeededGenerator(seed: 5)
        return Lines(
            lines: (0..<600).map { index in
                let service = index < 300 ? index % 2 : index % 3
                return
                    "{\"service\":\"s\(service)\",\"duration_ms\":\(Int.random(in: 10..<50, using: &random))}"
            }
        )
    }

    private func run(changeAt batch: Int?, to policy: ThresholdPolicy) throws -> [ScoredRecord] {
        let lines = lines()
        let sink = KeepingSink()
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.entityField = "service"
        settings.detector.threshold = .fixed(100)
        var change: () -> Void = {}
        var turns = 0
        let pipeline = Pipeline(
            source: ScriptedSource((0..<6).map { lines.batch($0 * 100..<$0 * 100 + 100) }),
            sinks: [sink],
            deadLetters: nil,
            settings: settings,
            onProgress: { _ in
                turns += 1
                if turns == batch { change() }
            }
        )
        change = { [unowned pipeline] in pipeline.setThreshold(policy) }
        try pipeline.run()
        return sink.records
    }

    @Test(
        "a threshold that changes holds from the next batch on, for old and new models; scores stay the same"
    )
    func change() throws {
        let before = try run(changeAt: nil, to: .fixed(0.5))
        let after = try run(changeAt: 3, to: .fixed(0.5))
        #expect(before.count > 400)
        #expect(after.map(\.verdict.score) == before.map(\.verdict.score))
        #expect(before.allSatisfy { $0.verdict.threshold == 100 })
        for record in after {
            #expect(record.verdict.threshold == (record.identity.offset < 300 ? 100 : 0.5))
        }
        #expect(Set(after.suffix(100).map(\.verdict.entity)).count == 3)
    }

    @Test("an adaptive threshold goes on with the scores that were seen under a fixed one")
    func adaptive() throws {
        let after = try run(changeAt: 3, to: .standard)
        let later = after.filter { $0.identity.offset >= 300 && $0.verdict.entity != "s2" }
        #expect(!later.isEmpty)
        // Unsettled, it would be at least 1.5.
        #expect(later.allSatisfy { $0.verdict.threshold < 1.5 })
    }
}
