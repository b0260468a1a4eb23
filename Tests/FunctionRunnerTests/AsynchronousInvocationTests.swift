import Foundation
import FunctionRunner
import KafkaTestSupport
import LocalLambdaModel
import Telemetry
import Testing

@Suite("An asynchronous event", .ownThread, .timeLimit(.minutes(3)))
struct AsynchronousInvocationTests {
    private func event(_ function: FunctionReference, _ text: String) -> InvocationRequest {
        InvocationRequest(function, payload: Array(text.utf8))
    }

    @Test("is run, and tried twice more where it fails, under the same ID")
    func retries() throws {
        let test = try TestRunner {
            $0.asynchronousRetryDelays = [.milliseconds(50), .milliseconds(100)]
            $0.eventsDirectory = $0.logsDirectory + "-events"
        }
        test.runner.start()
        let function = try test.add()
        let id = try test.runner.enqueue(event(function, #"{"do":"fail"}"#))
        #expect(
            TestRunner.wait { test.log.lines.contains { $0.contains("event=asynchronous_event_dropped") } }
        )
        #expect(test.logText().matches(of: /\nSTART/).count == 3)
        #expect(test.logText().matches(of: try Regex("START RequestId: \(id) ")).count == 3)
        let events = test.directory.appendingPathComponent("logs-events").path
        #expect(TestRunner.wait { (try? FileManager.default.contentsOfDirectory(atPath: events)) == [] })
    }

    @Test("that was taken and not handled is handled by the next run")
    func restart() throws {
        let events = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-events-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: events) }
        let first = try TestRunner { $0.eventsDirectory = events }
        let function = try first.add()
        // Not started, as if it had ended before it came to it.
        let ids = try (0..<3).map {
            try first.runner.enqueue(event(function, #"{"do":"print","text":"event \#($0)"}"#))
        }
        first.runner.stop()
        let second = try TestRunner { $0.eventsDirectory = events }
        try second.add()
        second.runner.start()
        #expect(TestRunner.wait { second.logText().matches(of: /REPORT/).count == 3 })
        for (number, id) in ids.enumerated() {
            #expect(second.logText().contains("START RequestId: \(id) "))
            #expect(second.logText().contains("event \(number)\n"))
        }
        #expect(TestRunner.wait { (try? FileManager.default.contentsOfDirectory(atPath: events)) == [] })
    }

    @Test("is not taken where it could never run, or there is no room")
    func refused() throws {
        let test = try TestRunner { $0.asynchronousLimit = 1 }
        let function = try test.add()
        let large = InvocationRequest(function, payload: Array(repeating: 0x20, count: 1 << 20 + 1))
        #expect(throws: InvocationRefusal.self) { try test.runner.enqueue(large) }
        let unknown = FunctionReference(try #require(FunctionName("unknown")))
        #expect(throws: InvocationRefusal.self) { try test.runner.enqueue(event(unknown, "{}")) }
        _ = try test.runner.enqueue(event(function, "{}"))
        let refusal = #expect(throws: InvocationRefusal.self) {
            try test.runner.enqueue(event(function, "{}"))
        }
        #expect(refusal?.throttleReason == .asynchronousQueue)
    }
}
