import Glibc
import JSONText
import Telemetry
import Testing

@testable import LambdaRuntime

/// Gives the events of a list, then ends; notes every answer.
private final class ScriptedInterface: RuntimeInterface {
    struct State {
        var invocations: [Invocation]
        var answers: [String] = []
        var outcomes: [String: ReportOutcome] = [:]
    }

    let state: Locked<State>

    init(_ invocations: [Invocation], outcomes: [String: ReportOutcome] = [:]) {
        state = Locked(State(invocations: invocations.reversed(), outcomes: outcomes))
    }

    var answers: [String] { state.withLock { $0.answers } }

    func next() throws(RuntimeInterfaceError) -> Invocation {
        guard let invocation = state.withLock({ $0.invocations.popLast() }) else {
            throw RuntimeInterfaceError(.failed, "the end")
        }
        return invocation
    }

    func respond(to requestID: String, with response: [UInt8]) throws(RuntimeInterfaceError) -> ReportOutcome
    {
        note("\(requestID): \(String(decoding: response, as: UTF8.self))", requestID)
    }

    func fail(_ requestID: String, with error: FunctionError) throws(RuntimeInterfaceError) -> ReportOutcome {
        note("\(requestID) failed: \(error.type) \(error.message)", requestID)
    }

    func failInitialization(with error: FunctionError) throws(RuntimeInterfaceError) {
        _ = note("init failed: \(error.type) \(error.message)", "")
    }

    private func note(_ answer: String, _ requestID: String) -> ReportOutcome {
        state.withLock {
            $0.answers.append(answer)
            return $0.outcomes[requestID] ?? .accepted
        }
    }
}

private final class Echo: LambdaHandler {
    var traceIDs: [String?] = []

    func handle(_ invocation: Invocation) throws -> [UInt8] {
        traceIDs.append(getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) })
        switch String(decoding: invocation.event, as: UTF8.self) {
        case "fail": throw FunctionError(type: "Test.Failed", message: "on purpose")
        case "throw": throw EventError(.unknown, "what is it")
        default: return invocation.event
        }
    }
}

private func invocation(_ id: String, _ event: String = "1", trace: String? = nil) -> Invocation {
    Invocation(requestID: id, deadlineMilliseconds: 1_000, traceID: trace, event: Array(event.utf8))
}

@Suite("The loop")
struct RuntimeLoopTests {
    @Test("answers one event after the other, and goes on after failures and refused answers")
    func goesOn() {
        let interface = ScriptedInterface(
            [
                invocation("a", "{}"), invocation("b", "fail"), invocation("c", "throw"), invocation("d"),
                invocation("e"), invocation("f"),
            ],
            outcomes: ["a": .refused("twice"), "d": .tooLarge("over 6 MiB")]
        )
        let log = MemorySink()
        let loop = RuntimeLoop(interface, logger: Logger(sink: log))
        #expect(throws: RuntimeInterfaceError(.failed, "the end")) { try loop.run(count: 1) { Echo() } }
        #expect(
            interface.answers == [
                "a: {}", "b failed: Test.Failed on purpose", "c failed: Function.Failed what is it", "d: 1",
                "e: 1", "f: 1",
            ]
        )
        #expect(log.lines.filter { $0.contains("event=answer_refused") }.count == 2)
    }

    @Test("passes on the trace id of each invocation where it is alone")
    func trace() {
        let echo = Echo()
        let interface = ScriptedInterface([
            invocation("a", trace: "Root=1"), invocation("b"), invocation("c", trace: "Root=2"),
        ])
        #expect(throws: RuntimeInterfaceError.self) {
            try RuntimeLoop(interface, logger: .silent).run(count: 1) { echo }
        }
        #expect(echo.traceIDs == ["Root=1", nil, "Root=2"])
    }

    @Test("says that it cannot begin, and asks for no event")
    func initialization() {
        let interface = ScriptedInterface([invocation("a")])
        #expect(throws: FunctionError.self) {
            try RuntimeLoop(interface, logger: .silent).run(count: 2) { () throws -> Echo in
                throw FunctionError(type: "Init.Settings", message: "no table")
            }
        }
        #expect(interface.answers == ["init failed: Init.Settings no table"])
    }

    @Test("runs several at once, each with a handler of its own")
    func several() {
        let interface = ScriptedInterface((0..<200).map { invocation("\($0)") })
        let made = Locked(0)
        #expect(throws: RuntimeInterfaceError.self) {
            try RuntimeLoop(interface, logger: .silent).run(count: 4) {
                made.withLock { $0 += 1 }
                return Echo()
            }
        }
        #expect(made.withLock { $0 } == 4)
        #expect(Set(interface.answers) == Set((0..<200).map { "\($0): 1" }) && interface.answers.count == 200)
    }

    @Test(
        "writes errors as valid JSON and a type that a field can hold",
        arguments: [
            "", "a \"quoted\" \\ line\r\nand\0\u{1b}\u{7f} \u{2028} \u{1f600}",
            String(repeating: "\u{1}", count: 1 << 20),
        ]
    )
    func errors(message: String) throws {
        let error = FunctionError(type: "Ä b.C\r\nX: y", message: message)
        let json = try JSONValue(error.json)
        #expect(json["errorMessage"]?.string == String(message.prefix(FunctionError.messageLimit)))
        #expect(json["errorType"]?.string == "Ä b.C\r\nX: y" && json["stackTrace"] == .array([]))
        #expect(error.fieldValue == "b.CX:y")
        #expect(error.json.count < 1 << 18)
    }

    @Test("reads Lambda's environment, and says when there is none")
    func environment() throws {
        #expect(throws: RuntimeInterfaceError.self) { try RuntimeEnvironment([:]) }
        let one = try RuntimeEnvironment(["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"])
        #expect(one.concurrency == 1 && one.runtimeAPI == "127.0.0.1:9001")
        let many = try RuntimeEnvironment([
            "AWS_LAMBDA_RUNTIME_API": "h:1", "AWS_LAMBDA_MAX_CONCURRENCY": "64",
        ])
        #expect(many.concurrency == 64)
        for text in ["0", "-1", "x"] {
            #expect(
                try RuntimeEnvironment(["AWS_LAMBDA_RUNTIME_API": "h:1", "AWS_LAMBDA_MAX_CONCURRENCY": text])
                    .concurrency == 1
            )
        }
    }

    @Test("tells what is left until the deadline")
    func deadline() {
        #expect(invocation("a").remaining(at: 400) == .milliseconds(600))
        #expect(invocation("a").remaining(at: 1_500) == .milliseconds(-500))
    }
}
