import Testing

@testable import AnomalyDetection

@Suite("Scoring that learns nothing")
struct FrozenScoringTests {
    private func trained(_ stream: StateStream, threads: Int = 1) throws -> StreamDetector {
        let lines = stream.lines(seed: 1)
        let detector = try stream.detector(lines, threads: threads)
        _ = try detector.outcomes(of: lines)
        return detector
    }

    private func scores(_ detector: StreamDetector, _ lines: [[UInt8]]) -> [String] {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for line in lines {
            ranges.append(bytes.count..<bytes.count + line.count)
            bytes += line
        }
        return bytes.withUnsafeBufferPointer { detector.score($0, lines: ranges) }.map { "\($0)" }
    }

    @Test("leaves every bit of the state as it is", arguments: StateStream.allCases)
    func unchanged(_ stream: StateStream) throws {
        let detector = try trained(stream)
        let state = detector.encodedState()
        let outcomes = scores(detector, stream.lines(seed: 2))
        #expect(outcomes.contains { $0.contains("score") }, "nothing was scored")
        #expect(detector.encodedState() == state)
    }

    @Test(
        "gives a line the same whenever, however often and beside whatever it comes, on any number of threads",
        arguments: [StateStream.json, .entities, .access, .pattern]
    )
    func standsAlone(_ stream: StateStream) throws {
        let detector = try trained(stream)
        let lines = Array(stream.lines(seed: 3).prefix(120))
        let outcomes = scores(detector, lines)
        #expect(scores(detector, lines) == outcomes)
        #expect(scores(detector, lines.reversed()) == outcomes.reversed())
        for index in stride(from: 0, to: lines.count, by: 17) {
            #expect(scores(detector, [lines[index]]) == [outcomes[index]])
        }
        #expect(scores(try trained(stream, threads: 3), lines) == outcomes)
        let restored = try StreamDetector.restored(
            from: detector.encodedState(),
            settings: stream.settings,
            threads: 1
        )
        #expect(scores(restored, lines) == outcomes)
    }

    @Test("skips what has no model")
    func unknownEntity() throws {
        let detector = try trained(.entities)
        let lines = StateStream.entities.lines(seed: 2)
        let known = try #require(zip(lines, scores(detector, lines)).first { $0.1.contains("score") }?.0)
        let unknown = String(decoding: known, as: UTF8.self)
            .replacing(#""service":""#, with: #""service":"never seen "#)
        #expect(scores(detector, [Array(unknown.utf8)]) == ["\(LineOutcome.skipped)"])
    }
}
