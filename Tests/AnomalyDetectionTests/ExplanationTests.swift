import LogRecords
import Testing

@testable import AnomalyDetection

/// What the detector says of planted lines, by one service's log of 400 quiet lines.
@Suite struct ExplanationTests {
    private let features = [
        Feature.duration("ms", unit: "ms", scale: 1),
        Feature(name: "total", source: .field("total"), transform: .difference),
        .gap,
    ]

    /// A line each 5 s, with about 50 ms and a counter that grows by about 10.
    private func quiet(_ index: Int, milliseconds: String? = nil, time: Int? = nil, total: Int? = nil)
        -> String
    {
        let time = time ?? 1_700_000_000 + 5 * index
        let milliseconds = milliseconds ?? String(50 + index * 7 % 11)
        return
            #"{"time":\#(time),"ms":\#(milliseconds),"total":\#(total ?? 1_000 + 10 * index + index * 5 % 3)}"#
    }

    /// The verdict on `line` after 400 quiet ones.
    private func verdict(on line: String) throws -> Verdict {
        let detector = StreamDetector(
            decoder: try LineDecoder(.log(.json), referenceYear: 2026),
            plan: FeaturePlan(features: features),
            settings: DetectorSettings()
        )
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for text in (0..<400).map({ quiet($0) }) + [line] {
            let start = bytes.count
            bytes += text.utf8
            ranges.append(start..<bytes.count)
        }
        let outcomes = try bytes.withUnsafeBufferPointer { try detector.process($0, lines: ranges) }
        guard case .scored(let verdict)? = outcomes.last?.kind else {
            Issue.record("the last line has no verdict")
            throw CancellationError()
        }
        return verdict
    }

    @Test("a slow answer is anomalous for its duration, above what was expected")
    func slow() throws {
        let verdict = try verdict(on: quiet(400, milliseconds: "5000"))
        #expect(verdict.isAnomalous)
        let driver = try #require(verdict.drivers.first)
        #expect(driver.feature == "ms")
        #expect(driver.direction == .above)
        #expect(driver.observed == 5_000)
        #expect(abs(driver.expected - 55) < 5)
        #expect(driver.share > 0.5)
    }

    @Test("an answer that takes no time is anomalous below what was expected")
    func quick() throws {
        let driver = try #require(try verdict(on: quiet(400, milliseconds: "0")).drivers.first)
        #expect(driver.feature == "ms")
        #expect(driver.direction == .below)
    }

    @Test("a missing value adds little to the score and is not named")
    func missing() throws {
        let verdict = try verdict(on: #"{"time":1700002000,"total":5002}"#)
        #expect(verdict.score < 1.5)
        #expect(!verdict.drivers.contains { $0.feature == "ms" })
        let present = try self.verdict(on: #"{"time":1700002000,"ms":5000,"total":5002}"#)
        #expect(present.score > 2 * verdict.score)
    }

    @Test("a counter counts by its change, and a reset is no fall by all it had")
    func counters() throws {
        let jump = try #require(try verdict(on: quiet(400, total: 9_000)).drivers.first)
        #expect(jump.feature == "total")
        #expect(abs((jump.observed ?? 0) - 4_008) < 5)
        #expect(abs(jump.expected - 10) < 1)
        // Back at 9, about as much as in any five seconds.
        #expect(!(try verdict(on: quiet(400, total: 9)).isAnomalous))
    }

    @Test("a line that comes late is anomalous for its gap; a clock that goes back is not a gap")
    func gaps() throws {
        let late = try #require(try verdict(on: quiet(400, time: 1_700_002_300)).drivers.first)
        #expect(late.feature == "gap")
        #expect(late.observed == 305)
        #expect(abs(late.expected - 5) < 0.5)
        let back = try verdict(on: quiet(400, time: 1_699_000_000))
        #expect(back.score.isFinite)
        #expect(back.drivers.allSatisfy { ($0.observed ?? 0) >= 0 })
    }

    @Test("scores are early until the model has seen its sample, and there is none before the warm-up")
    func early() throws {
        let detector = StreamDetector(
            decoder: try LineDecoder(.log(.json), referenceYear: 2026),
            plan: FeaturePlan(features: features),
            settings: DetectorSettings()
        )
        var kinds: [String] = []
        for index in 0..<300 {
            let bytes = Array(quiet(index).utf8)
            let outcomes = try bytes.withUnsafeBufferPointer {
                try detector.process($0, lines: [0..<bytes.count])
            }
            switch outcomes[0].kind {
            case .learnt: kinds.append("learnt")
            case .scored(let verdict): kinds.append(verdict.isEarly ? "early" : "settled")
            case .skipped, .failed: kinds.append("none")
            }
        }
        #expect(
            kinds == Array(repeating: "learnt", count: 32) + Array(repeating: "early", count: 224)
                + Array(repeating: "settled", count: 44)
        )
    }
}

@Suite struct StandardFeatureTests {
    private func names(_ format: LogFormat, _ lines: [String]) throws -> [String] {
        FeaturePlan.standardFeatures(
            for: .log(format),
            lines: lines.map { Array($0.utf8) },
            decoder: try LineDecoder(.log(format), referenceYear: 2026)
        ).map(\.name)
    }

    @Test("counters and a beat are seen in metrics; identifiers and times are left out")
    func metrics() throws {
        let lines = (0..<32).map {
            #"{"timestamp":\#(1_700_000_000 + 5 * $0),"pid":77,"requests":{"total":\#(100 + $0 * 3)},"load":0.\#($0 % 7)}"#
        }
        #expect(try Set(names(.json, lines)) == ["requests.total", "load", "gap"])
    }

    @Test("an access log without times is watched for errors and sizes")
    func access() throws {
        let line = #"192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 203 "-" "x""#
        #expect(try names(.combined, [line]) == ["status 4xx", "status 5xx", "bytes"])
    }
}
