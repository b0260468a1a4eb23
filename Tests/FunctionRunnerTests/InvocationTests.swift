import Foundation
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

@testable import FunctionRunner

@Suite("A function in its environment", .ownThread, .timeLimit(.minutes(3)))
struct InvocationTests {
    @Test("gets its event with what Lambda tells of it, and its answer comes back")
    func answer() throws {
        let test = try TestRunner()
        let function = try test.add()
        let request = InvocationRequest(
            function,
            payload: Array(#"{"a":[1,"ü"]}"#.utf8),
            clientContext: #"{"c":1}"#,
            traceID: "Root=1-2-3;Sampled=1"
        )
        let result = test.runner.invoke(request)
        let answer = try #require(result.success)
        #expect(answer["event"]?["a"]?.array?.last?.string == "ü")
        let fields = try #require(answer["fields"]?.object)
        #expect(
            fields.compactMapValues(\.string) == [
                "Lambda-Runtime-Aws-Request-Id": result.requestID,
                "Lambda-Runtime-Deadline-Ms": fields["Lambda-Runtime-Deadline-Ms"]?.string ?? "",
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "Lambda-Runtime-Trace-Id": "Root=1-2-3;Sampled=1",
                "Lambda-Runtime-Client-Context": #"{"c":1}"#,
            ]
        )
        let left = try #require(answer["left"]?.double)
        #expect(left > 0 && left <= 30)
        #expect(result.executedVersion == "$LATEST")
        #expect(result.requestID.count == 36)
    }

    @Test("is started once and used again")
    func reuse() throws {
        let test = try TestRunner()
        let function = try test.add()
        let answers = (0..<5).map { _ in test.invoke(function).success }
        #expect(answers.compactMap { $0?["count"]?.integer } == [1, 2, 3, 4, 5])
        #expect(Set(answers.compactMap { $0?["process"]?.integer }).count == 1)
        #expect(test.runner.environmentCount == 1)
    }

    @Test("may be a shell script that starts a client for each call")
    func shell() throws {
        let test = try TestRunner()
        let function = try test.add(bootstrap: Bootstraps.shell)
        for number in 1...3 {
            #expect(test.invoke(function, #"{"n":\#(number)}"#).success?["n"]?.integer == Int64(number))
        }
    }

    @Test("has a log with START, its own lines, END and REPORT")
    func log() throws {
        let test = try TestRunner()
        let function = try test.add { $0.memoryMegabytes = 256 }
        let first = test.invoke(function, #"{"do":"print","text":"hello"}"#)
        let id = first.requestID
        let lines = first.tail.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(3) == ["START RequestId: \(id) Version: $LATEST", "hello", "END RequestId: \(id)"]
        )
        let report = try #require(lines.last)
        let form =
            /REPORT RequestId: \S+\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: (\d+) MB\tInit Duration: \d+\.\d\d ms/
        let match = try #require(report.wholeMatch(of: form))
        #expect((4...64).contains(Int(match.1) ?? 0))
        let second = test.invoke(function)
        #expect(!second.tail.contains("Init Duration"))
        #expect(!second.tail.contains("hello"))
        #expect(test.logText().hasPrefix("INIT_START Runtime Version: provided.al2023\n" + first.tail))
        #expect(test.logText().hasSuffix(second.tail))
    }

    @Test("has the variables that AWS sets, and its own")
    func variables() throws {
        let test = try TestRunner {
            $0.endpointURL = "http://127.0.0.1:4566"
            $0.credentials.accessKeyID = "AK"
        }
        let function = try test.add {
            $0.environment = ["MINE": "a=b", "AWS_REGION": "nowhere", "TZ": "Europe/Zurich"]
        }
        let answer = try #require(test.invoke(function, #"{"do":"variables"}"#).success)
        let directory = test.functions.definition(of: function)?.configuration.code.directory
        #expect(answer["LAMBDA_TASK_ROOT"]?.string == directory)
        #expect(answer["_HANDLER"]?.string == "app.handler")
        #expect(answer["AWS_REGION"]?.string == "us-east-1")
        #expect(answer["AWS_ENDPOINT_URL"]?.string == "http://127.0.0.1:4566")
        #expect(answer["AWS_ACCESS_KEY_ID"]?.string == "AK")
        #expect(answer["MINE"]?.string == "a=b")
        #expect(answer["TZ"]?.string == "Europe/Zurich")
        #expect(answer["HOME"] == nil)
    }

    @Test("fails as it says")
    func functionError() throws {
        let test = try TestRunner()
        let function = try test.add()
        let result = test.invoke(function, #"{"do":"fail"}"#)
        #expect(result.functionError?.description == #"{"errorMessage": "bad", "errorType": "My.Error"}"#)
        #expect(test.invoke(function).success?["count"]?.integer == 2)
    }

    @Test(
        "that ends is told by its status, and started anew",
        arguments: [
            (#"{"do":"exit","code":3}"#, "Runtime exited with error: exit status 3"),
            (#"{"do":"exit","code":0}"#, "Runtime exited without providing a reason"),
            (#"{"do":"signal","signal":9}"#, "Runtime exited with error: signal: killed"),
            (#"{"do":"signal","signal":11}"#, "Runtime exited with error: signal: segmentation fault"),
        ]
    )
    func exit(event: String, reason: String) throws {
        let test = try TestRunner()
        let function = try test.add()
        #expect(test.invoke(function).success != nil)
        let result = test.invoke(function, event)
        let error = try #require(result.functionError)
        #expect(error.type == "Runtime.ExitError")
        #expect(error.message == "RequestId: \(result.requestID) Error: \(reason)")
        #expect(result.tail.contains("RequestId: \(result.requestID) Error: \(reason)\nRuntime.ExitError\n"))
        #expect(result.tail.contains("\tStatus: error\tError Type: Runtime.ExitError\n"))
        #expect(test.invoke(function).success?["count"]?.integer == 1)
    }

    @Test("that takes longer than its timeout is killed")
    func timeout() throws {
        let test = try TestRunner()
        let function = try test.add { $0.timeoutSeconds = 1 }
        let begin = ContinuousClock.now
        let result = test.invoke(function, #"{"do":"sleep","seconds":100}"#)
        #expect(result.functionError?.type == "Sandbox.Timedout")
        #expect(
            result.functionError?.message
                == "RequestId: \(result.requestID) Error: Task timed out after 1.00 seconds"
        )
        #expect(result.tail.contains("Z \(result.requestID) Task timed out after 1.00 seconds\n"))
        #expect(result.tail.contains("\tStatus: timeout\n"))
        #expect(begin.duration(to: .now) < .seconds(60))
        #expect(test.invoke(function).success?["count"]?.integer == 1)
    }

    @Test("that uses more memory than it has is killed")
    func memory() throws {
        let test = try TestRunner()
        let function = try test.add { $0.memoryMegabytes = 128 }
        let result = test.invoke(function, #"{"do":"allocate","bytes":300000000,"seconds":100}"#)
        #expect(result.functionError?.type == "Runtime.OutOfMemory")
        #expect(
            result.functionError?.message
                == "RequestId: \(result.requestID) Error: Runtime exited with error: signal: killed"
        )
        #expect(result.tail.contains("Max Memory Used: 128 MB\tInit Duration: "))
        #expect(result.tail.contains("\tStatus: error\tError Type: Runtime.OutOfMemory\n"))
    }

    @Test("is found to have used too much also where that was over in a moment")
    func memoryPeak() throws {
        let test = try TestRunner()
        let function = try test.add { $0.memoryMegabytes = 128 }
        let result = test.invoke(function, #"{"do":"allocate","bytes":200000000}"#)
        #expect(result.functionError?.type == "Runtime.OutOfMemory")
    }

    @Test("may answer with 6 MiB and 100 bytes, and no more")
    func largeAnswer() throws {
        let test = try TestRunner()
        let function = try test.add { $0.memoryMegabytes = 512 }
        let largest = test.invoke(function, #"{"do":"large","bytes":6291556}"#)
        guard case .success(let bytes) = largest.outcome else {
            Issue.record("\(largest)")
            return
        }
        #expect(bytes.count == 6_291_556)
        for size in [6_291_557, 50_000_000] {
            let result = test.invoke(function, #"{"do":"large","bytes":\#(size)}"#)
            #expect(result.functionError?.type == "Function.ResponseSizeTooLarge")
            #expect(
                result.functionError?.message
                    == "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
            )
            #expect(result.tail.contains("refused: 413"))
        }
        // The process has gone on, and its connection with it.
        #expect(test.invoke(function).success?["count"]?.integer == 4)
    }

    @Test("answers as it likes, also with what is no JSON")
    func anyText() throws {
        let test = try TestRunner()
        let function = try test.add()
        #expect(
            test.invoke(function, #"{"do":"text","text":"{not json"}"#).success?.description == "{not json"
        )
        #expect(test.invoke(function, #"{"do":"text","text":""}"#).success?.description == "")
    }

    @Test("is refused what its state does not allow, with Lambda's own words")
    func statuses() throws {
        let test = try TestRunner()
        let function = try test.add()
        let result = test.invoke(function, #"{"do":"statuses"}"#)
        #expect(result.success?.description == #""first""#)
        let transition = { (from: String, to: String) in
            #"{"errorMessage":"State transition from \#(from) to \#(to) failed for runtime. "#
                + #"Error: State transition is not allowed","errorType":"InvalidStateTransition"}"# + "\n"
        }
        #expect(test.invoke(function).success != nil)
        let seen = JSON(Array(#"{"a":\#(try test.file("seen", of: function))}"#.utf8))["a"]?.array ?? []
        #expect(
            seen.map { "\($0.array?[0].integer ?? 0) \($0.array?[1].string ?? "")" } == [
                #"400 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}"# + "\n",
                "405 ", "405 ", "404 404 page not found\n",
                "403 " + transition("Running", "InitError"),
                #"202 {"status":"OK"}"# + "\n",
                "403 " + transition("RuntimeResponseSentState", "InvocationResponse"),
                "403 " + transition("RuntimeResponseSentState", "InvocationErrorResponse"),
            ]
        )
    }

    @Test("that works on behind its answer does not delay it, and is busy meanwhile")
    func background() throws {
        let test = try TestRunner { $0.limits.answerGrace = .milliseconds(100) }
        let function = try test.add(reserved: 1)
        let begin = ContinuousClock.now
        #expect(test.invoke(function, #"{"do":"background","seconds":20}"#).success != nil)
        #expect(begin.duration(to: .now) < .seconds(15))
        #expect(test.invoke(function).refusal?.code == .tooManyRequests)
    }
}
