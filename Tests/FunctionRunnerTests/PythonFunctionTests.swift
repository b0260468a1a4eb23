import Foundation
import FunctionRunner
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

@Suite("A Python function", .ownThread, .timeLimit(.minutes(3)))
struct PythonFunctionTests {
    /// Python with AWS's runtime client, which `scripts/setup test` installs.
    private static let home = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build/lambda-python").standardized.path
    private static let interpreter = home + "/bin/python"
    private static let isInstalled = FileManager.default.fileExists(atPath: home + "/installed")
    private static let absence: Comment = "awslambdaric is not in .build/lambda-python (scripts/setup test)"

    private static let app = """
        import json
        count = 0
        def handler(event, context):
            global count
            count += 1
            print("handling", event)
            if event.get("fail"): raise ValueError("no such thing")
            return {
                "event": event, "count": count, "name": context.function_name,
                "memory": context.memory_limit_in_mb, "arn": context.invoked_function_arn,
                "request": context.aws_request_id, "client": context.client_context.custom if context.client_context else None,
                "left": context.get_remaining_time_in_millis(),
            }
        """

    private func add(_ test: TestRunner, _ app: String = Self.app) throws -> FunctionReference {
        try test.add(bootstrap: nil, files: ["app.py": app], runtime: .python(minor: 11)) {
            $0.memoryMegabytes = 256
        }
    }

    @Test("is run by AWS's runtime client", .enabled(if: isInstalled, absence))
    func handler() throws {
        let test = try TestRunner { $0.pythonInterpreter = Self.interpreter }
        let function = try add(test)
        for count in 1...3 {
            let result = test.invoke(function, #"{"a":{"b":[1,null]}}"#)
            let answer = try #require(result.success)
            #expect(answer["event"]?["a"]?["b"]?.array == [.integer(1), .null])
            #expect(answer["count"]?.integer == Int64(count))
            #expect(answer["name"]?.string == "f")
            #expect(answer["memory"]?.string == "256")
            #expect(answer["arn"]?.string == "arn:aws:lambda:us-east-1:123456789012:function:f")
            #expect(answer["request"]?.string == result.requestID)
            #expect((1...30_000).contains(answer["left"]?.integer ?? 0))
            #expect(result.tail.contains("handling {'a': {'b': [1, None]}}\n"))
        }
    }

    @Test(
        "that raises fails with the exception's type, message and trace",
        .enabled(if: isInstalled, absence)
    )
    func exception() throws {
        let test = try TestRunner { $0.pythonInterpreter = Self.interpreter }
        let function = try add(test)
        let result = test.invoke(function, #"{"fail":1}"#)
        let error = try #require(result.functionError)
        #expect(error.type == "ValueError")
        #expect(error.message == "no such thing")
        #expect(error["stackTrace"]?.array?.isEmpty == false)
        #expect(result.tail.contains("[ERROR] ValueError: no such thing"))
        #expect(test.invoke(function).success?["count"]?.integer == 2)
    }

    @Test("that cannot be imported says so", .enabled(if: isInstalled, absence))
    func importError() throws {
        let test = try TestRunner { $0.pythonInterpreter = Self.interpreter }
        let error = test.invoke(try add(test, "import nothing_of_this_name")).functionError
        #expect(error?.type == "Runtime.ImportModuleError")
        #expect(error?.message == "Unable to import module 'app': No module named 'nothing_of_this_name'")
        #expect(test.logText().contains("Phase: init\tStatus: error\tError Type: Runtime.ImportModuleError"))
    }

    @Test("is refused without an interpreter or its runtime client, with what to install")
    func missing() throws {
        for (interpreter, reason) in [
            (nil, "No interpreter"), ("/nowhere/python", "No such file"), ("/bin/false", "status"),
        ] as [(String?, String)] {
            let test = try TestRunner { $0.pythonInterpreter = interpreter }
            let refusal = try #require(test.invoke(try add(test)).refusal)
            #expect(refusal.code == .invalidRuntime)
            #expect(refusal.message.contains(reason))
            #expect(refusal.message.contains("pip install awslambdaric"))
        }
    }
}
