import Foundation
import HTTPClient
import JSONText
import KafkaClient
import KafkaTestSupport
import Telemetry
import Testing

/// What users of `timberline local` get wrong, from the request to the records that are not lost.
@Suite("A mapping of timberline local", .ownThread, .timeLimit(.minutes(10)))
struct LocalMappingTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func values(_ range: Range<Int>) -> [String] { range.map { "line \($0)" } }

    /// With what a function has to answer for.
    private static let reporting =
        #""BatchSize": 10, "MaximumBatchingWindowInSeconds": 0, "FunctionResponseTypes": ["ReportBatchItemFailures"], "#
        + #""ProvisionedPollerConfig": {"MinimumPollers": 1}"#

    @Test(
        "is not there where function, code or cluster are none, and nothing is kept of the request",
        arguments: [
            ("runtime", 400, "InvalidParameterValueException", "cobol85"),
            ("..", 400, "InvalidParameterValueException", "../up: it leads out of the directory"),
            ("bomb", 400, "InvalidParameterValueException", "unpacked it has more than 262144000 bytes"),
            ("no zip", 400, "InvalidParameterValueException", "no zip"),
            ("name", 400, "InvalidParameterValueException", "arn:aws:lambda:us-east-1:12:function"),
            ("function", 404, "ResourceNotFoundException", "function:absent"),
            ("cluster", 400, "InvalidParameterValueException", "other"),
            ("service", 400, "InvalidParameterValueException", "stream/x"),
        ]
    )
    func refused(what: String, status: Int, type: String, named: String) throws {
        let local = try LocalLambda(scratch, ["--cluster", "demo=127.0.0.1:1"])
        let good = try FunctionZip.make(bootstrap: NotingFunction.bootstrap)
        try local.expect("POST", LocalLambda.functions, LocalLambda.function("there", zip: good))
        var (path, body) = (LocalLambda.functions, LocalLambda.function("new", zip: good))
        switch what {
        case "runtime": body.replace("provided.al2023", with: "cobol85")
        case "..":
            body = LocalLambda.function(
                "new",
                zip: try FunctionZip.make("[('bootstrap', ''), ('../up', '')]")
            )
        case "bomb":
            let zip = try FunctionZip.make("[('bootstrap', ''), ('zeros', bytes(251 << 20))]")
            #expect(zip.utf8.count < 1 << 20)
            body = LocalLambda.function("new", zip: zip)
        case "no zip": body = LocalLambda.function("new", zip: "bm90IGEgemlw")
        case "name": body.replace(#""new""#, with: #""arn:aws:lambda:us-east-1:12:function""#)
        default:
            path = LocalLambda.mappings
            let arns = [
                "function": LocalLambda.cluster(), "cluster": LocalLambda.cluster("other"),
                "service": "arn:aws:kinesis:us-east-1:123456789012:stream/x",
            ]
            let function = what == "function" ? "absent" : "there"
            body = LocalLambda.mapping(function, "logs", arn: try #require(arns[what]))
        }
        let answer = try local.call("POST", path, body)
        #expect(answer.status == status && answer.errorType == type)
        #expect(answer.message.contains(named), "\(answer.message)")
        let functions = try local.expect("GET", LocalLambda.functions)["Functions"]?.array
        #expect(functions?.compactMap { $0["FunctionName"]?.string } == ["there"])
        #expect(try local.expect("GET", LocalLambda.mappings)["EventSourceMappings"]?.array == [])
        #expect(local.terminate() == 0)
        let data = scratch.path("data")
        #expect(!FileManager.default.fileExists(atPath: data + "/up"))
        #expect(!FileManager.default.fileExists(atPath: data + "/code/up"))
    }

    @Test(
        "waits with every record while its function does not do its work, says so, and goes on when it does",
        arguments: [
            (NotingFunction.Mode.silent, "Task timed out after 1.00 seconds"),
            (.forks, "Task timed out after 1.00 seconds"),
            (.text, "the function's answer: the answer is not JSON"),
            (.foreign, "the function's answer: offset 999999 of logs-"),
            (.exits, "Runtime exited with error: exit status 3"),
        ]
    )
    func waits(mode: NotingFunction.Mode, reason: String) throws {
        let cluster = try TestKafka.mock.open()
        let local = try LocalLambda(scratch, cluster: cluster)
        let topic = try cluster.makeTopic()
        try cluster.produce(values(0..<25), to: topic, partition: 0)
        let function = NotingFunction(scratch)
        try create(local, function, mode: mode, [:], #""Timeout": 1"#)
        let mapping = try local.map("f", topic, Self.reporting)
        try local.waitForResult(LocalLambda.functionFailed, of: mapping)
        #expect(try local.status(mapping).state == "Enabled")
        // The log line follows the result.
        try local.program.wait(60) { local.program.errors.contains(reason) }
        // All that it was given is the first batch, again and again.
        let tries = Set(function.notes.map(\.offsets))
        #expect(tries.isSubset(of: [(0..<10).map { Int64($0) }]), "\(tries)")

        try local.setVariables(function.variables(), of: "f", #", "Timeout": 30"#)
        try local.program.wait(90) { (function.taken[0]?.count ?? 0) >= 25 }
        try local.waitForResult("OK", of: mapping)
        #expect(function.taken == [0: (0..<25).map { Int64($0) }])
        #expect(local.terminate() == 0, "\(local.program.errors)")
        #expect(local.functionProcesses.isEmpty)
        #expect(try cluster.committed(topic, group: mapping) == 25)
    }

    @Test("leaves nothing of a function that forks and hangs when local is killed, and loses nothing")
    func forksAndIsKilled() throws {
        let cluster = try TestKafka.mock.open()
        let local = try LocalLambda(scratch, cluster: cluster)
        let topic = try cluster.makeTopic()
        try cluster.produce(values(0..<5), to: topic, partition: 0)
        let function = NotingFunction(scratch)
        try create(local, function, mode: .forks)
        _ = try local.map("f", topic)
        // The function, and what has left its session.
        try local.program.wait(60) { local.functionProcesses.count >= 2 }
        local.kill()
        let end = Date().addingTimeInterval(30)
        while !local.functionProcesses.isEmpty, Date() < end { usleep(10_000) }
        #expect(local.functionProcesses.isEmpty)
        try local.restart()
        try local.setVariables(function.variables(), of: "f")
        try local.program.wait(90) { function.taken == [0: [0, 1, 2, 3, 4]] }
    }

    @Test("reads on while its function writes a log without end, in bounded memory and on bounded disk")
    func floods() throws {
        let isSlow = ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1"
        let mebibytes = isSlow ? 1_024 : 48
        let cluster = try TestKafka.mock.open()
        let local = try LocalLambda(scratch, cluster: cluster)
        let topic = try cluster.makeTopic()
        try cluster.produce(values(0..<20), to: topic, partition: 0)
        let function = NotingFunction(scratch)
        try create(local, function, ["FLOOD": "\(mebibytes << 10)"], #""Timeout": 300"#)
        let mapping = try local.map("f", topic)
        try local.program.wait(280) { (function.taken[0]?.count ?? 0) >= 20 }
        try local.waitForResult("OK", of: mapping)
        let memory = try #require(local.program.peakMemory)
        #expect(memory < 200 << 20)
        #expect(local.terminate() == 0)
        let logs = scratch.path("data") + "/logs"
        let files = try FileManager.default.contentsOfDirectory(atPath: logs)
        #expect(Set(files) == ["f.log", "f.log.1", "f.log.2"])
        let sizes = try files.map {
            try FileManager.default.attributesOfItem(atPath: "\(logs)/\($0)")[.size] as? Int ?? .max
        }
        #expect(sizes.allSatisfy { $0 <= 11 << 20 }, "\(sizes)")
        if isSlow { print("flood: \(mebibytes) MiB, peak memory \(memory >> 20) MiB, on disk \(sizes)") }
    }

    @Test("waits for a topic that is not there and for a function that was deleted, and says which")
    func missing() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let local = try LocalLambda(scratch, cluster: cluster)
        let function = NotingFunction(scratch)
        try create(local, function)
        let topic = cluster.uniqueName("later")
        let mapping = try local.map("f", topic)
        try local.program.wait(60) {
            try local.status(mapping).result.hasPrefix("PROBLEM: there is no topic")
        }
        #expect(try local.status(mapping).state == "Enabled")
        #expect(try local.status(mapping).result.contains(topic))

        let admin = try KafkaAdmin(cluster.properties)
        try admin.createTopic(.init(topic, partitions: 1, replicationFactor: 1, settings: [:]))
        try cluster.produce(values(0..<5), to: topic, partition: 0)
        try local.program.wait(90) { function.taken[0]?.count == 5 }
        try local.waitForResult("OK", of: mapping)

        try local.expect("DELETE", "\(LocalLambda.functions)/f")
        try cluster.produce(values(5..<10), to: topic, partition: 0)
        let missing = "Function not found: arn:aws:lambda:us-east-1:123456789012:function:f"
        try local.waitForResult("PROBLEM: \(missing)", of: mapping)
        try create(local, function)
        try local.program.wait(90) { function.taken[0]?.count == 10 }
        #expect(function.taken == [0: (0..<10).map { Int64($0) }])
        try local.waitForResult("OK", of: mapping)
    }

    @Test("gives all of a topic to its function, whoever else has a mapping of the topic")
    func two() throws {
        let cluster = try TestKafka.mock.open()
        let local = try LocalLambda(scratch, cluster: cluster)
        let topic = try cluster.makeTopic(partitions: 2)
        let functions = [NotingFunction(scratch, "one"), NotingFunction(scratch, "other")]
        for (function, name) in zip(functions, ["one", "other"]) {
            try create(local, function, name: name)
            _ = try local.map(name, topic)
        }
        let again = try local.call("POST", LocalLambda.mappings, LocalLambda.mapping("one", topic))
        #expect(again.status == 409 && again.errorType == "ResourceConflictException")
        for partition in 0..<2 as Range<Int32> {
            try cluster.produce(values(0..<300), to: topic, partition: partition)
        }
        let all = (0..<300).map { Int64($0) }
        try local.program.wait(90) { functions.allSatisfy { $0.taken == [0: all, 1: all] } }
    }

    @Test("never has more of its function at once than is reserved; a call beyond is refused, order is kept")
    func reserved() throws {
        let cluster = try TestKafka.mock.open()
        let local = try LocalLambda(scratch, cluster: cluster)
        let topic = try cluster.makeTopic(partitions: 6)
        for partition in 0..<6 as Range<Int32> {
            try cluster.produce(values(0..<30), to: topic, partition: partition)
        }
        let function = NotingFunction(scratch)
        try create(local, function, ["PAUSE": "0.2"])
        try local.expect(
            "PUT",
            "/2017-10-31/functions/f/concurrency",
            #"{"ReservedConcurrentExecutions": 2}"#
        )
        _ = try local.map("f", topic, #""BatchSize": 10, "MaximumBatchingWindowInSeconds": 0"#)
        try local.program.wait(60) { !function.notes.isEmpty }
        // Three at once, beside the mapping's.
        let answers = Locked<[LocalLambda.Answer]>([])
        let place = "\(local.url)\(LocalLambda.functions)/f/invocations"
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            let answer = try? LocalLambda.Answer(
                HTTPClient().send(.init("POST", place, body: Array("{}".utf8)))
            )
            answers.withLock { $0 += [answer].compactMap(\.self) }
        }
        let refusals = answers.withLock { $0 }.filter { $0.status != 200 }
        #expect(answers.withLock { $0.count } == 3 && !refusals.isEmpty)
        for refusal in refusals {
            #expect(refusal.status == 429 && refusal.errorType == "TooManyRequestsException")
            #expect(
                refusal.json["Reason"]?.string == "ReservedFunctionConcurrentInvocationLimitExceeded"
            )
        }
        try local.program.wait(120) { function.taken.values.reduce(0) { $0 + $1.count } >= 180 }
        let all = (0..<30).map { Int64($0) }
        #expect(function.taken == Dictionary(uniqueKeysWithValues: (0..<6).map { (Int32($0), all) }))
        // What begins as another one ends is not at the same time.
        let changes = function.notes.flatMap { [($0.end, -1), ($0.begin, 1)] }.sorted { $0 < $1 }
        var (now, most) = (0, 0)
        for (_, change) in changes {
            now += change
            most = max(most, now)
        }
        #expect(most == 2)
    }

    private func create(
        _ local: LocalLambda,
        _ function: NotingFunction,
        name: String = "f",
        mode: NotingFunction.Mode = .well,
        _ variables: [String: String] = [:],
        _ more: String = #""Timeout": 30"#
    ) throws {
        let body = LocalLambda.function(
            name,
            zip: try FunctionZip.make(bootstrap: NotingFunction.bootstrap),
            variables: function.variables(mode, variables),
            more
        )
        try local.expect("POST", LocalLambda.functions, body)
    }
}
