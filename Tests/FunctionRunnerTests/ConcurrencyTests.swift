import Foundation
import FunctionRunner
import JSONText
import KafkaTestSupport
import LocalLambdaModel
import Telemetry
import Testing

@Suite("The runner's environments", .ownThread, .timeLimit(.minutes(3)))
struct ConcurrencyTests {
    /// Runs calls on threads of their own, and returns when all have ended.
    private func atOnce<Result: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) -> Result
    ) -> [Result] {
        let results = Locked<[Result]>([])
        let group = DispatchGroup()
        for index in 0..<count {
            DispatchQueue(label: "test").async(group: group) {
                let result = body(index)
                results.withLock { $0.append(result) }
            }
        }
        group.wait()
        return results.withLock { $0 }
    }

    @Test("are never more than the reserved concurrency; beyond it a call is refused with the reason")
    func reserved() throws {
        let test = try TestRunner()
        let function = try test.add(reserved: 2)
        let results = atOnce(6) { _ in test.invoke(function, #"{"do":"sleep","seconds":2}"#) }
        let refusals = results.compactMap(\.refusal)
        #expect(results.compactMap(\.success).count == 2)
        #expect(refusals.count == 4)
        #expect(refusals.allSatisfy { $0.code == .tooManyRequests })
        #expect(refusals.allSatisfy { $0.throttleReason == .reservedConcurrency })
        #expect(test.runner.environmentCount == 2)
        #expect(test.invoke(function).success != nil)
    }

    @Test("are at no moment more than the reserved concurrency, whoever tries, and all get their turn")
    func reservedMeasured() throws {
        let test = try TestRunner()
        let function = try test.add(reserved: 2)
        let refusals = atOnce(8) { _ in
            var refusals = 0
            for _ in 0..<5 {
                while test.invoke(function, #"{"do":"count"}"#).success == nil {
                    refusals += 1
                    usleep(5_000)
                }
            }
            return refusals
        }
        #expect(try test.file("active", of: function) == "0 2")
        #expect(refusals.reduce(0, +) > 0)
    }

    @Test("give each call its own answer, however many compete for an environment")
    func ownAnswers() throws {
        let test = try TestRunner()
        let function = try test.add(reserved: 2)
        let wrong = atOnce(8) { caller in
            (0..<25).count { number in
                let event = #"{"caller":\#(caller),"number":\#(number)}"#
                while true {
                    guard let answer = test.invoke(function, event).success else {
                        usleep(100)
                        continue
                    }
                    return answer["event"]?["caller"]?.integer != Int64(caller)
                        || answer["event"]?["number"]?.integer != Int64(number)
                }
            }
        }
        #expect(wrong == Array(repeating: 0, count: 8))
    }

    @Test("are none with a reserved concurrency of 0")
    func reservedNone() throws {
        let test = try TestRunner()
        #expect(test.invoke(try test.add(reserved: 0)).refusal?.throttleReason == .reservedConcurrency)
    }

    @Test("are bounded over all functions")
    func account() throws {
        let test = try TestRunner { $0.concurrencyLimit = 1 }
        let one = try test.add("one")
        let other = try test.add("other")
        let results = atOnce(2) { test.invoke($0 == 0 ? one : other, #"{"do":"sleep","seconds":2}"#) }
        #expect(results.compactMap(\.refusal).map(\.throttleReason) == [.accountConcurrency])
    }

    @Test("end when they were idle for long enough")
    func idle() throws {
        let test = try TestRunner { $0.idleLimit = .milliseconds(100) }
        let function = try test.add()
        #expect(test.invoke(function).success != nil)
        #expect(TestRunner.wait { test.runner.environmentCount == 0 })
        #expect(test.invoke(function).success?["count"]?.integer == 1)
    }

    @Test("of an older state of the function get no more events and end, also in the midst of one")
    func update() throws {
        let test = try TestRunner()
        let function = try test.add()
        #expect(test.invoke(function).success?["count"]?.integer == 1)
        let results = Locked<[InvocationResult]>([])
        let group = DispatchGroup()
        DispatchQueue(label: "test").async(group: group) {
            let result = test.invoke(function, #"{"do":"sleep","seconds":2}"#)
            results.withLock { $0.append(result) }
        }
        #expect(TestRunner.wait { test.logText().matches(of: /\nSTART/).count == 2 })
        try test.add { $0.environment["NEW"] = "1" }
        test.runner.functionDidChange(function.name)
        #expect(test.invoke(function, #"{"do":"variables"}"#).success?["NEW"]?.string == "1")
        group.wait()
        #expect(results.withLock { $0 }.first?.success?["count"]?.integer == 2)
        #expect(TestRunner.wait { test.runner.environmentCount == 1 })
    }

    @Test("end with the runner, and those who wait are told so")
    func stop() throws {
        let test = try TestRunner()
        let function = try test.add()
        let results = Locked<[InvocationResult]>([])
        let group = DispatchGroup()
        DispatchQueue(label: "test").async(group: group) {
            let result = test.invoke(function, #"{"do":"sleep","seconds":1000}"#)
            results.withLock { $0.append(result) }
        }
        #expect(TestRunner.wait { test.logText().contains("\nSTART ") })
        test.runner.stop()
        group.wait()
        #expect(results.withLock { $0 }.map(\.refusal?.code) == [.service])
    }

    @Test("go on where functions are killed at random: every call has its end")
    func randomKills() throws {
        let test = try TestRunner()
        let function = try test.add()
        let killer = DispatchQueue(label: "killer")
        let isOver = Locked(false)
        killer.async {
            var generator = SystemRandomNumberGenerator()
            while !isOver.withLock({ $0 }) {
                let processes = Self.processes(in: test.directory.path)
                if let chosen = processes.randomElement(using: &generator) { kill(chosen, SIGKILL) }
                usleep(20_000)
            }
        }
        let outcomes = atOnce(4) { _ in
            (0..<25).map { _ in test.invoke(function, #"{"do":"sleep","seconds":0.01}"#) }
        }
        isOver.withLock { $0 = true }
        killer.sync {}
        let results = outcomes.flatMap(\.self)
        #expect(results.count == 100)
        for result in results where result.success == nil {
            #expect(
                result.functionError?.message?.hasSuffix("Runtime exited with error: signal: killed") == true
            )
        }
        #expect(test.invoke(function).success != nil)
    }

    /// Those that run in a directory.
    private static func processes(in directory: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/cwd")
            let command = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
            return place?.hasPrefix(directory) == true && command.contains("bootstrap")
        }
    }
}
