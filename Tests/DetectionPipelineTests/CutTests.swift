import AnomalyDetection
import DetectionPipeline
import SeededNumbers
import Testing

/// The result depends on neither the cut into batches nor the number of threads.
@Suite struct CutTests {
    /// Logs whose readers learn as they go, or whose beginnings are not clean.
    enum Kind: String, CaseIterable {
        case json, csvHeader, csvSecondHeader, syslogNewYear, unclean, entities
    }

    @Test("random cuts and threads give the same bytes", arguments: Kind.allCases, [1, 2, 3])
    func cuts(_ kind: Kind, _ seed: UInt64) throws {
        let lines = Self.lines(kind)
        var random = SeededGenerator(seed: seed)
        let whole = try score(lines.batch(0..<lines.lines.count), kind, threads: 1)
        #expect(whole.records.count > 100)
        for threads in [1, 2, 3] {
            for size in [1...1, 1...7, 20...90] {
                let cut = try score(lines.cut(&random, size: size), kind, threads: threads)
                #expect(cut.records == whole.records, "threads \(threads), batches of \(size)")
                #expect(cut.letters == whole.letters)
            }
        }
    }

    private func score(_ event: SourceEvent, _ kind: Kind, threads: Int) throws -> (
        records: [ScoredRecord], letters: [DeadLetter]
    ) {
        try score([event], kind, threads: threads)
    }

    private func score(_ events: [SourceEvent], _ kind: Kind, threads: Int) throws -> (
        records: [ScoredRecord], letters: [DeadLetter]
    ) {
        let sink = KeepingSink()
        var settings = PipelineSettings()
        settings.reportsAll = true
        settings.threads = threads
        settings.referenceYear = 2023
        settings.detector.sampleSize = 64
        settings.detector.treeCount = 10
        if kind == .entities {
            settings.entityField = "service"
            settings.detector.maximumEntities = 9
            settings.detector.warmUp = 5
        }
        try Pipeline(source: ScriptedSource(events), sinks: [sink], deadLetters: sink, settings: settings)
            .run()
        return (
            sink.records,
            sink.letters.map {
                DeadLetter(identity: $0.identity, key: nil, value: $0.value, headers: [], reason: $0.reason)
            }
        )
    }

    static func lines(_ kind: Kind) -> Lines {
        var random = SeededGenerator(seed: 11)
        func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
        var lines: [String?] = []
        switch kind {
        case .json:
            lines = (0..<250).map { _ in "{\"status\":200,\"duration_ms\":\(number(10..<90))}" }
        case .csvHeader, .csvSecondHeader:
            lines = ["time,value,load"]
            for index in 0..<250 {
                if kind == .csvSecondHeader, index == 120 { lines.append("time,load,value") }
                lines.append("\(1_700_000_000 + index * 60),\(number(10..<90)),\(number(1_000..<2_000))")
            }
        case .syslogNewYear:
            lines = (0..<250).map { index in
                let (month, day) = index < 125 ? ("Dec", 31) : ("Jan", 1)
                let minute = index / 5 % 60
                return
                    "\(month) \(day < 10 ? " 1" : "31") 23:\(minute < 10 ? "0" : "")\(minute):\(10 + index % 50) host sshd[12]: took \(number(1..<90)) ms"
            }
        case .unclean:
            for index in 0..<250 {
                if index < 40, index % 3 == 0 { lines.append(nil) }
                if index % 50 == 7 { lines.append("not a record {") }
                let extra = index > 30 ? ",\"bytes\":\(number(1..<900))" : ""
                lines.append("{\"status\":200,\"duration_ms\":\(number(10..<90))\(extra)}")
            }
        case .entities:
            lines = (0..<600).map { index in
                let service = number(0..<4) > 0 ? number(0..<6) : number(0..<40)
                return "{\"service\":\"s\(service)\",\"duration_ms\":\(number(10..<90))}"
            }
        }
        return Lines(lines: lines)
    }
}
