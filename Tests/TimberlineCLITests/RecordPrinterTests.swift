import AnomalyDetection
import DetectionPipeline
import Foundation
import Telemetry
import Testing

@testable import TimberlineCLI

@Suite struct RecordPrinterTests {
    private func record(_ offset: Int64) -> ScoredRecord {
        ScoredRecord(
            identity: RecordIdentity(stream: RecordStream(origin: "kafka:c/t", name: "t"), offset: offset),
            time: nil,
            verdict: Verdict(score: 4, threshold: 3, isEarly: false, entity: "", drivers: []),
            line: String(repeating: "x", count: 500)
        )
    }

    /// A pipe that takes what fits, and says so where it is full.
    private func makePipe() throws -> (output: Int32, input: Int32) {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        return (ends[1], ends[0])
    }

    private func printer(_ descriptor: Int32) -> RecordPrinter {
        RecordPrinter(
            format: .json,
            host: Host(
                environment: [:],
                output: TimberlineCLI.OutputStream(descriptor: descriptor),
                errors: TimberlineCLI.OutputStream(descriptor: STDERR_FILENO),
                shouldStop: { false },
                now: { 0 },
                runIdentity: "test"
            )
        )
    }

    private func drain(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(descriptor, &part, part.count), count > 0 { bytes += part[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("after a failure in the middle of a line every record is out once, in order, its line whole")
    func onceEach() throws {
        let (output, input) = try makePipe()
        defer {
            close(output)
            close(input)
        }
        let printer = printer(output)
        let records = (0..<1_000).map { record(Int64($0)) }
        var text = ""
        var failures = 0
        while true {
            do {
                try printer.store(records)
                break
            } catch let error as TimberlineCLI.OutputStream.Failure {
                #expect(error.failureKind == .transient)
                failures += 1
                text += drain(input)
            }
        }
        try printer.store([record(1_000)])
        text += drain(input)
        #expect(failures > 3)
        let offsets = text.split(separator: "\n").map {
            $0.firstMatch(of: /"offset":(\d+)/).map { Int($0.1) }
        }
        #expect(offsets == (0...1_000).map { $0 })
        #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
    }

    @Test("a reader that went away does not come back")
    func closed() throws {
        let (output, input) = try makePipe()
        close(input)
        defer { close(output) }
        signal(SIGPIPE, SIG_IGN)
        let error = #expect(throws: TimberlineCLI.OutputStream.Failure.self) {
            try printer(output).store([record(0)])
        }
        #expect(error?.failureKind == .permanent)
    }
}
