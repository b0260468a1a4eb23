import Foundation
import FunctionRunner
import HTTPTestSupport
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

@Suite(
    "The runner and AWS's emulator",
    .ownThread,
    .enabled(if: Emulator.isPresent, Comment(rawValue: Emulator.absence)),
    .timeLimit(.minutes(3))
)
struct EmulatorTests {
    /// What the two say, with the request's ID left out.
    private func answers(
        to events: [String],
        mode: String? = nil,
        timeoutSeconds: Int = 30
    ) throws -> [(ours: InvocationResult.Outcome, theirs: Emulator.Answer)] {
        let test = try TestRunner()
        let function = try test.add {
            $0.timeoutSeconds = timeoutSeconds
            $0.environment["MODE"] = mode
            $0.memoryMegabytes = 512
        }
        let directory = try #require(test.functions.definition(of: function)).configuration.code.directory
        let emulator = try Emulator(directory, mode: mode, timeoutSeconds: timeoutSeconds)
        return try events.map { event in
            let theirs = try emulator.invoke(event)
            return (test.invoke(function, event).outcome, theirs)
        }
    }

    /// A random ID is another one each time.
    private func withoutID(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
    }

    private func body(_ outcome: InvocationResult.Outcome) -> String {
        switch outcome {
        case .success(let bytes), .functionError(let bytes): withoutID(String(decoding: bytes, as: UTF8.self))
        case .refused(let refusal): "refused: \(refusal)"
        }
    }

    @Test("give the same answers for success, errors, ends of the process and answers that are too large")
    func sameAnswers() throws {
        let events = [
            #"{"do":"text","text":"{\"ok\":true}"}"#, #"{"do":"text","text":""}"#, #"{"do":"fail"}"#,
            #"{"do":"exit","code":3}"#, #"{"do":"exit","code":0}"#, #"{"do":"signal","signal":9}"#,
            #"{"do":"signal","signal":15}"#, #"{"do":"large","bytes":6291557}"#,
            #"{"do":"text","text":"after"}"#,
            "no json",
        ]
        let isError = [false, false, true, true, true, true, true, true, false, true]
        for ((event, isError), answer) in zip(zip(events, isError), try answers(to: events)) {
            #expect(body(answer.ours) == withoutID(answer.theirs.body), "\(event)")
            if case .functionError = answer.ours {
                #expect(isError, "\(event)")
            } else {
                #expect(!isError, "\(event)")
            }
        }
    }

    @Test("end a function at the same time with the same words")
    func timeout() throws {
        let events = [#"{"do":"sleep","seconds":100}"#, #"{"do":"text","text":"after"}"#]
        let answers = try answers(to: events, timeoutSeconds: 2)
        #expect(answers[0].theirs.body == "Task timed out after 2.00 seconds")
        #expect(body(answers[0].ours).contains("Error: " + answers[0].theirs.body + #"""#))
        #expect(body(answers[1].ours) == answers[1].theirs.body)
    }

    @Test("tell of an initialization that fails")
    func initialization() throws {
        let told = try answers(to: ["{}", "{}"], mode: "error")
        for answer in told {
            #expect(answer.theirs.status == 502)
            #expect(body(answer.ours) == answer.theirs.body)
        }
        let ended = try answers(to: ["{}"], mode: "exit")
        #expect(ended[0].theirs.status == 502)
        // The emulator says nothing here; Lambda does.
        #expect(ended[0].theirs.body == "")
        #expect(body(ended[0].ours).contains("exit status 7"))
    }

    @Test("refuse the same requests of a process with the same statuses and bodies")
    func statuses() throws {
        let test = try TestRunner()
        let function = try test.add()
        let directory = try #require(test.functions.definition(of: function)).configuration.code.directory
        let emulator = try Emulator(directory, mode: nil, timeoutSeconds: 30)
        _ = try emulator.invoke(#"{"do":"statuses"}"#)
        // The next event shows that the first is over.
        _ = try emulator.invoke("{}")
        let theirs = try test.file("seen", of: function)
        try FileManager.default.removeItem(atPath: directory + "/seen")
        _ = test.invoke(function, #"{"do":"statuses"}"#)
        _ = test.invoke(function)
        #expect(try test.file("seen", of: function) == theirs)
    }
}

/// AWS's Runtime Interface Emulator with one function. It takes one event at a time.
struct Emulator {
    struct Answer {
        var status: Int
        var body: String
    }

    static let path =
        ProcessInfo.processInfo.environment["TIMBERLINE_TEST_RIE"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build/peers/aws-lambda-rie").standardized.path
    static let isPresent = FileManager.default.isExecutableFile(atPath: path)
    static let absence = "AWS's Runtime Interface Emulator is not in .build/peers (scripts/setup test)"

    private let program: RunningProgram
    private let port: Int

    init(_ directory: String, mode: String?, timeoutSeconds: Int) throws {
        port = Int(try FreePort.any())
        program = try RunningProgram(
            "/bin/sh",
            [
                "-c",
                """
                cd "$0" && exec "$1" --runtime-interface-emulator-address 127.0.0.1:$2 \
                --runtime-api-address 127.0.0.1:$3 --log-level error "$0/bootstrap" app.handler
                """,
                directory, Self.path, "\(port)", "\(try FreePort.any())",
            ],
            environment: [
                "LAMBDA_TASK_ROOT": directory, "AWS_LAMBDA_FUNCTION_NAME": "f", "MODE": mode ?? "",
                "AWS_LAMBDA_FUNCTION_TIMEOUT": "\(timeoutSeconds)", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            ]
        )
    }

    func invoke(_ event: String) throws -> Answer {
        // Its own failures have statuses that curl would try again.
        let isListening = TestRunner.wait {
            (try? Command.run("bash", ["-c", ": </dev/tcp/127.0.0.1/\(port)"]))?.status == 0
        }
        guard isListening else { throw RealKafkaError(message: "no emulator: \(program.errors)") }
        let command = try Command.run(
            "curl",
            [
                "-sS", "-w", "\n%{http_code}", "-d", event,
                "http://127.0.0.1:\(port)/2015-03-31/functions/function/invocations",
            ]
        )
        guard let end = command.output.lastIndex(of: "\n"),
            let status = Int(command.output[command.output.index(after: end)...])
        else { throw RealKafkaError(message: "no answer: \(command.errors) \(program.output)") }
        return Answer(status: status, body: String(command.output[..<end]))
    }
}
