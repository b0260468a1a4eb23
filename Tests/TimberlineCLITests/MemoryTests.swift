import AnomalyStore
import CommandLineArguments
import Configuration
import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// The memory that `timberline run` takes, against what `check` says beforehand.
@Suite(.ownThread) struct MemoryTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func estimate(_ arguments: [String]) throws -> MemoryEstimate {
        let command = ["check", "--brokers", "b:1", "--topic", "t"] + arguments
        let checked = try scratch.run(command)
        #expect(checked.code == .success, "\(checked.errors)")
        #expect(checked.output.contains("memory at most"))
        return MemoryEstimate(try configuration(command))
    }

    private func configuration(_ command: [String]) throws -> EffectiveConfiguration {
        guard case .run(let invocation) = try TimberlineProgram.program.parse(command) else {
            throw RealKafkaError(message: "\(command) is not run")
        }
        return try RunSchema.schema.resolve(file: nil, environment: [:], invocation: invocation)
    }

    @Test("a queue that has room again is filled soon, where librdkafka has a property for it")
    func fullQueue() throws {
        let configuration = try configuration(["check", "--brokers", "b:1", "--topic", "t"])
        func wait(_ version: KafkaLibraryVersion) -> String? {
            RunSchema.queueLimits(configuration, version: version)["fetch.queue.backoff.ms"]
        }
        #expect(wait(KafkaLibraryVersion(2, 0, 2)) == nil)
        #expect(wait(KafkaLibraryVersion(2, 2, 0)) == "50")
    }

    @Test("check states the memory: by entities, trees and queue")
    func check() throws {
        let one = try estimate([])
        let many = try estimate(["--by", "service", "--maximum-entities", "100"])
        #expect(many.models == 100 * one.models && many.model == one.model)
        #expect(try estimate(["--trees", "100"]).model > one.model * 18 / 10)
        let small = try estimate(["--queue-bytes", "1MiB"])
        #expect(small.queue < one.queue / 10)
        #expect(one.total(partitions: 3) - one.total(partitions: 1) == 2 * one.models)
        // The lines of a batch are bounded by its bytes, however many there are.
        let (large, larger) = (
            try estimate(["--batch-size", "50000"]), try estimate(["--batch-size", "100000"])
        )
        #expect(larger.batch - large.batch == 50_000 * 1_024)
        #expect(one.batch < 64 << 20)
    }

    @Test("a full batch takes less than check says of it, with every record reported")
    func fullBatch() throws {
        let cluster = try TestKafka.mock.open()
        // The mock keeps 5 MB of a partition.
        let topic = try cluster.makeTopic(partitions: 3)
        // As long as the records of a full batch may be on average.
        let padding = String(repeating: "x", count: RunSchema.batchBytes / 10_000 - 120)
        let lines = SampleLog(count: 12_000).lines.map { $0.dropLast() + ",\"agent\":\"\(padding)\"}" }
        for partition in 0..<3 {
            let part = lines.indices.filter { $0 % 3 == partition }.map { String(lines[$0]) }
            try cluster.produce(part, to: topic, partition: Int32(partition))
        }
        func peak(batchSize: Int) throws -> Int {
            let store = scratch.path("\(batchSize).db")
            let program = try scratch.start([
                "run", "--brokers", cluster.brokers, "--topic", topic, "--start", "earliest",
                "--group", cluster.uniqueName("group"), "--store", store, "--threshold", "0",
                "--dead-letter-file", scratch.path("dead"), "--batch-size", "\(batchSize)",
                "--batch-window", "5s", "--checkpoints", "none",
            ])
            try program.wait(90) {
                ((try? AnomalyStoreReader(path: store).count()) ?? 0) >= lines.count - 1_000
            }
            return try #require(program.peakMemory)
        }
        let (few, full) = (try peak(batchSize: 50), try peak(batchSize: 10_000))
        let stated = try estimate(["--batch-size", "10000"]).batch
        print("a full batch: \((full - few) >> 20) MiB, \(stated >> 20) MiB stated")
        #expect(full - few < stated)
    }

    @Test(
        "a backlog of a million records and a reader that is slow: memory stays below what check says",
        .enabled(
            if: ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1",
            "slow; set TIMBERLINE_SLOW_TESTS=1"
        )
    )
    func soak() throws {
        let cluster = try TestKafka.real("4.3.1").open()
        let topic = try cluster.makeTopic("soak", partitions: 2)
        let lines = SampleLog(count: 10_000, services: 8).lines
        let padding = String(repeating: "x", count: 140)
        let producer = try KafkaProducer(cluster.properties)
        for part in 0..<100 {
            var batch = KafkaProducerBatch(topic: topic)
            for line in lines {
                batch.append(
                    value: (line.dropLast() + ",\"agent\":\"\(padding)\"}").utf8,
                    partition: Int32(part % 2)
                )
            }
            #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        }
        let settings = ["--by", "service", "--maximum-entities", "20", "--queue-bytes", "8MiB"]
        let limit = try estimate(settings).total(partitions: 2)
        // Fifty lines a tenth of a second, of all that is scored.
        let slow = """
            import sys, time
            for number, line in enumerate(sys.stdin):
                if number % 50 == 0: time.sleep(0.1)
            """
        let script = """
            "$TIMBERLINE" run --brokers \(cluster.brokers) --topic \(topic) --group \(cluster.uniqueName("soak")) \
            --start earliest --store soak.db --dead-letter-file dead.jsonl --threshold 0 \
            --checkpoint-interval 2s \(settings.joined(separator: " ")) 2> soak.log \
            > >(python3 -c '\(slow)') & echo $! > pid; wait
            """
        let shell = try RunningProgram(
            "/usr/bin/env",
            ["bash", "-c", "cd \(scratch.path("")) || exit; " + script],
            environment: ["TIMBERLINE": Scratch.program]
        )
        func pid() -> Int32? {
            (try? scratch.read("pid")).flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        try shell.wait { pid() != nil }
        let instance = try #require(pid())
        defer { kill(instance, SIGKILL) }
        var peak = 0
        let end = Date().addingTimeInterval(60)
        while Date() < end {
            let status = try String(contentsOfFile: "/proc/\(instance)/status", encoding: .utf8)
            let text = try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/))
            peak = (Int(text.1) ?? 0) << 10
            usleep(500_000)
        }
        print("soak: \(peak >> 20) MiB at most, \(limit >> 20) MiB stated")
        #expect(peak < limit)
    }
}
