import AnomalyDetection
import AnomalyStore
import Configuration
import DetectionConfiguration
import Foundation
import HTTPTestSupport
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

@Suite(.ownThread) struct ReloadTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("a configuration is taken whole or not at all")
    func wholeOrNothing() throws {
        func configuration(_ yaml: String) throws -> EffectiveConfiguration {
            try RunSchema.schema.resolve(file: ConfigurationFile(name: "t.yaml", text: yaml))
        }
        let first = try configuration("kafka: {brokers: [b], topics: [t]}\ndetection: {threshold: 3}")
        var file = "kafka: {brokers: [b], topics: [t], group: other}\ndetection: {threshold: 4}"
        var reload = RunReload(first, changeable: RunSchema.changeable) { try configuration(file) }
        #expect(throws: RunReload.Refusal.self) { try reload.next() }
        #expect(reload.current[DetectionSchema.threshold] == .fixed(3))
        file = "kafka: {brokers: [b], topics: [t]}\ndetection: {threshold: 4}\nlog: {level: debug}"
        let (next, changed) = try reload.next()
        #expect(changed == ["detection.threshold", "log.level"])
        #expect(next[DetectionSchema.threshold] == .fixed(4))
        #expect(try reload.next().changed == [])
    }

    @Test(
        "the pages list the settings that SIGHUP changes, which are those that the code changes",
        arguments: ["run", "forward"]
    )
    func documented(_ command: String) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/OPERATIONS.md")
        let page = try String(contentsOf: path, encoding: .utf8)
        let section = try #require(page.firstMatch(of: #/\n## Reload\n([\s\S]*?)\n## /#)).1
        let lists = section.matches(of: /\nChanged in `(\w+)`: ([^\n]*)/)
        let list = try #require(lists.first { $0.1 == command }).2
        let (schema, changeable) =
            command == "run"
            ? (RunSchema.schema, RunSchema.changeable) : (ForwardSchema.schema, ForwardSchema.changeable)
        #expect(Set(list.matches(of: /`([^`]+)`/).map { String($0.1) }) == changeable)
        #expect(changeable.isSubset(of: schema.settings.map(\.key)))
    }

    @Test("SIGHUP: a valid file is put in force, one that is not is refused, and the run goes on")
    func signal() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let log = SampleLog(count: 300)
        try cluster.produce(log.lines, to: topic, partition: 0)
        func write(_ threshold: String, level: String = "info", group: String = "g") throws {
            try scratch.write(
                "t.yaml",
                """
                kafka:
                  brokers: ["\(cluster.brokers)"]
                  topics: [\(topic)]
                  group: \(group)
                  start: earliest
                  batch-window: 50ms
                  properties: {session.timeout.ms: "5000"}
                detection: {threshold: \(threshold)}
                store: {path: \(scratch.path("store.db"))}
                dead-letters: {file: \(scratch.path("dead"))}
                operations: {listen: "127.0.0.1:0"}
                log: {level: \(level)}
                """
            )
        }
        try write("50")
        let program = try scratch.start(["run", "--config", scratch.path("t.yaml")])
        let port = try OperationsPortTests.port(of: program)
        func metric(_ line: String) throws -> Bool {
            try httpGet("/metrics", port: port).body.contains(line + "\n")
        }
        func count() throws -> Int { try AnomalyStoreReader(path: scratch.path("store.db")).count() }
        func reload(_ accepted: Int, _ refused: Int) throws {
            program.send(SIGHUP)
            try program.wait {
                try
                    (accepted == 0
                    || metric("timberline_configuration_reloads_total{result=\"accepted\"} \(accepted)"))
                    && (refused == 0
                        || metric("timberline_configuration_reloads_total{result=\"refused\"} \(refused)"))
            }
        }
        try program.wait { try metric("timberline_records_received_total 300") }
        #expect(try count() == 0)

        try write("0")
        try reload(1, 0)
        #expect(program.errors.contains("event=configuration_reloaded"))
        #expect(program.errors.contains("changed=detection.threshold"))
        try cluster.produce(Array(log.lines.prefix(100)), to: topic, partition: 0)
        try program.wait { try count() == 100 }

        try write("nonsense")
        try reload(1, 1)
        #expect(program.errors.contains("event=configuration_refused"))
        #expect(program.errors.contains("is neither 'adaptive' nor a number"))
        #expect(try metric("timberline_configuration_last_reload_successful 0"))
        try write("50", group: "another")
        try reload(1, 2)
        #expect(program.errors.contains("kafka.group cannot change in a run"))
        try cluster.produce(Array(log.lines.prefix(50)), to: topic, partition: 0)
        try program.wait { try count() == 150 }

        try write("50", level: "error")
        try reload(2, 2)
        #expect(try metric("timberline_configuration_last_reload_successful 1"))
        let said = program.errors
        try cluster.produce(Array(log.lines.prefix(50)), to: topic, partition: 0)
        try program.wait { try metric("timberline_records_received_total 500") }
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        #expect(try count() == 150)
        #expect(program.errors == said, "lines below the level")
    }

    @Test("SIGHUP for forward: what may change is in force, what may not is refused whole")
    func forward() throws {
        let cluster = try TestKafka.mock.open()
        let (topic, target) = (try cluster.makeTopic(), try cluster.makeTopic("copy"))
        func write(_ concurrency: String, level: String = "info", to: String? = nil) throws {
            try scratch.write(
                "t.yaml",
                """
                kafka:
                  brokers: ["\(cluster.brokers)"]
                  topics: [\(topic)]
                  start: earliest
                  batch-window: 50ms
                  properties: {session.timeout.ms: "5000"}
                forward: {to: "topic:\(to ?? target)", concurrency: \(concurrency)}
                dead-letters: {file: \(scratch.path("dead"))}
                operations: {listen: "127.0.0.1:0"}
                log: {level: \(level)}
                """
            )
        }
        try write("5")
        let program = try scratch.start(["forward", "--config", scratch.path("t.yaml")])
        let port = try OperationsPortTests.port(of: program)
        func forwarded(_ count: Int) throws {
            try program.wait {
                try httpGet("/metrics", port: port).body
                    .contains("timberline_records_forwarded_total \(count)\n")
            }
        }
        func reload(_ event: String, _ count: Int) throws {
            program.send(SIGHUP)
            try program.wait { program.count(of: event) == count }
        }
        try cluster.produce(["one"], to: topic, partition: 0)
        try forwarded(1)
        try write("7")
        try reload("configuration_reloaded", 1)
        #expect(program.errors.contains("changed=forward.concurrency"))
        try write("0")
        try reload("configuration_refused", 1)
        try write("9", to: "elsewhere")
        try reload("configuration_refused", 2)
        #expect(program.errors.contains("forward.to cannot change in a run"))
        try cluster.produce(["two"], to: topic, partition: 0)
        try forwarded(2)
        try write("7", level: "error")
        program.send(SIGHUP)
        try program.wait {
            try httpGet("/metrics", port: port).body
                .contains("timberline_configuration_reloads_total{result=\"accepted\"} 2\n")
        }
        let said = program.errors
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        #expect(program.errors == said, "lines below the level")
    }
}
