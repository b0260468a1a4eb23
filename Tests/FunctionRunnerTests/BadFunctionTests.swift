import Foundation
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Testing

@testable import FunctionRunner

@Suite("A function that is not as it should be", .ownThread, .timeLimit(.minutes(3)))
struct BadFunctionTests {
    @Test("ends in its initialization, twice: then the invocation fails")
    func exitsAtStart() throws {
        let test = try TestRunner()
        let function = try test.add { $0.environment["MODE"] = "exit" }
        let result = test.invoke(function)
        #expect(
            result.functionError?.message
                == "RequestId: \(result.requestID) Error: Runtime exited with error: exit status 7"
        )
        let log = test.logText()
        #expect(log.matches(of: /leaving/).count == 2)
        #expect(
            log.contains(
                /INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError\n/
            )
        )
        #expect(log.contains(/INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: invoke\tStatus: error/))
        #expect(test.runner.environmentCount == 0)
    }

    @Test("tells that it cannot begin")
    func initError() throws {
        let test = try TestRunner()
        let function = try test.add { $0.environment["MODE"] = "error" }
        let result = test.invoke(function)
        #expect(
            result.functionError?.description
                == #"{"errorMessage": "no", "errorType": "Init.Bad", "stackTrace": []}"#
        )
        #expect(test.logText().contains("Phase: invoke\tStatus: error\tError Type: Init.Bad"))
    }

    @Test("never asks for an event: the initialization's limit, then the function's own")
    func neverAsks() throws {
        let test = try TestRunner { $0.limits.initialization = .seconds(1) }
        let function = try test.add {
            $0.environment["MODE"] = "silent"
            $0.timeoutSeconds = 2
        }
        let result = test.invoke(function)
        #expect(
            result.functionError?.message
                == "RequestId: \(result.requestID) Error: Task timed out after 2.00 seconds"
        )
        #expect(test.logText().contains("Phase: init\tStatus: timeout"))
        #expect(test.logText().contains("Phase: invoke\tStatus: timeout"))
        #expect(test.runner.environmentCount == 0)
    }

    @Test("has no bootstrap, or one that cannot be run")
    func entrypoint() throws {
        let test = try TestRunner()
        let missing = try test.add("missing", bootstrap: nil)
        let none = test.invoke(missing).functionError
        #expect(none?.type == "Runtime.InvalidEntrypoint")
        #expect(none?.message?.contains("Couldn't find valid bootstrap(s): [/") == true)
        let text = test.invoke(try test.add("text", bootstrap: "\u{7f}ELF no program")).functionError
        #expect(text?.type == "Runtime.InvalidEntrypoint")
        #expect(text?.message?.hasSuffix("/bootstrap: exec format error") == true)
    }

    @Test("closes its output")
    func closesOutput() throws {
        let test = try TestRunner()
        let function = try test.add()
        #expect(test.invoke(function, #"{"do":"close"}"#).success != nil)
        #expect(test.invoke(function).success?["count"]?.integer == 2)
    }

    @Test("forks, leaves its session and hangs: all of it ends with its time")
    func forksAndHangs() throws {
        let test = try TestRunner()
        let function = try test.add { $0.timeoutSeconds = 2 }
        let result = test.invoke(function, #"{"do":"spawn","hangs":true}"#)
        #expect(result.functionError?.type == "Sandbox.Timedout")
        #expect(!TestRunner.runs(try test.file("survivor", of: function)))
    }

    @Test("leaves processes behind: they end with the environment")
    func leavesProcesses() throws {
        let test = try TestRunner()
        let function = try test.add()
        #expect(test.invoke(function, #"{"do":"spawn"}"#).success != nil)
        let survivor = try test.file("survivor", of: function)
        #expect(TestRunner.runs(survivor))
        #expect(test.invoke(function, #"{"do":"exit","code":1}"#).functionError != nil)
        #expect(!TestRunner.runs(survivor))
    }

    @Test("leaves processes behind: they end with the runner")
    func leavesProcessesAtStop() throws {
        let test = try TestRunner()
        let function = try test.add()
        #expect(test.invoke(function, #"{"do":"spawn"}"#).success != nil)
        let survivor = try test.file("survivor", of: function)
        test.runner.stop()
        #expect(!TestRunner.runs(survivor))
        #expect(test.invoke(function).refusal?.code == .service)
    }

    @Test("writes without end: its log is bounded, in memory and on disk")
    func floods() throws {
        let mebibytes = ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1" ? 1_024 : 64
        let test = try TestRunner {
            $0.logs.fileByteLimit = 1 << 20
            $0.logs.olderFiles = 2
        }
        let function = try test.add { $0.timeoutSeconds = 120 }
        let before = Self.residentBytes()
        #expect(test.invoke(function, #"{"do":"flood","mebibytes":\#(mebibytes)}"#).success != nil)
        #expect(Self.residentBytes() - before < 64 << 20)
        let logs = test.directory.appendingPathComponent("logs").path
        let files = try FileManager.default.contentsOfDirectory(atPath: logs)
        #expect(Set(files) == ["f.log", "f.log.1", "f.log.2"])
        for file in files {
            let size = try FileManager.default.attributesOfItem(atPath: logs + "/" + file)[.size] as? Int
            #expect((size ?? .max) <= 2 << 20)
        }
        #expect(test.logText().contains("\nREPORT RequestId: "))
    }

    private static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4_096
    }
}
