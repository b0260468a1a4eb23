import DetectionPipeline
import Foundation
import KafkaClient
import KafkaTestSupport
import SeededNumbers
import Testing

/// Three brokers and three instances, of which now and then one dies or stands still.
///
/// `TIMBERLINE_TEST_CHAOS_SECONDS` and `TIMBERLINE_TEST_CHAOS_SEED` choose another course of events.
@Suite(
    .ownThread,
    .enabled(
        if: ProcessInfo.processInfo.environment["TIMBERLINE_SLOW_TESTS"] == "1",
        "slow; set TIMBERLINE_SLOW_TESTS=1"
    )
)
struct ChaosTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private static func number(_ name: String, default value: Int) -> Int {
        ProcessInfo.processInfo.environment["TIMBERLINE_TEST_CHAOS_\(name)"].flatMap(Int.init) ?? value
    }

    @Test("after minutes of kills and restarts, every record is accounted for once, as if nothing had been")
    func chaos() throws {
        if let absence = RealKafka.absence { try Test.cancel("\(absence)") }
        let seconds = Self.number("SECONDS", default: 300)
        let seed = Self.number("SEED", default: 1)
        let kafka = try RealKafka(version: "4.3.1", brokers: 3, properties: ["min.insync.replicas=2"])
        let cluster = TestCluster(kafka)
        var service = try ServiceGroup(
            scratch,
            cluster,
            partitions: 6,
            replicas: 3,
            linesEach: seconds * 25 + 100
        )
        for partition in service.lines.indices {
            for index in stride(from: 40, to: service.lines[partition].count, by: 97) {
                service.lines[partition][index] = "{\"poison\":\(index),"
            }
        }
        let dead = try cluster.makeTopic("dead", replicas: 3)
        let place = "topic:\(cluster.uniqueName("checkpoints"))"
        var crew = ChaosCrew(seed: UInt64(seed), kafka) { [service] name in
            try scratch.start(
                service.command(store: name, checkpoints: place, ["--dead-letter-topic", dead])
            )
        }
        // Enough that format and features follow from the same records in every run.
        let producer = try KafkaProducer(cluster.properties)
        var produced = 100
        try append(0..<produced, of: service, with: producer)
        let stores = ["one.db", "two.db", "three.db"]
        for store in stores { try crew.add(store) }
        let end = Date().addingTimeInterval(Double(seconds))
        while Date() < end {
            let next = min(produced + 5, service.lines[0].count)
            try append(produced..<next, of: service, with: producer)
            produced = next
            try crew.turn()
            usleep(200_000)
        }
        try crew.recover()
        try append(produced..<service.lines[0].count, of: service, with: producer)

        // No less than was produced: a try that failed may have left its records there too.
        let ends = try KafkaAdmin(cluster.properties).watermarks(of: service.all).mapValues(\.upperBound)
        try service.waitUntilCommitted(ends, 300)
        try crew.stop()
        print("chaos: seed \(seed), \(seconds) s, \(ends.values.reduce(0, +)) records, \(crew.summary)")
        #expect(crew.missingCheckpoints == 0)

        try service.expectExactness(of: stores)
        let letters = try deadLetters(in: dead, cluster)
        let expected = try scratch.read("undisturbed.db.jsonl")
            .matches(of: /"partition":(\d+),"offset":(\d+)/).map { "\($0.1)/\($0.2)" }
        #expect(letters == Set(expected) && !letters.isEmpty)
        // What is neither scored nor a dead letter was learnt: the first records of each model.
        let total = Int(ends.values.reduce(0, +))
        let learnt = total - letters.count - (try service.stored(stores).count)
        #expect(learnt == 32 * 3 * service.partitions)
    }

    /// Produces a slice, as often as it takes while brokers come and go.
    private func append(_ range: Range<Int>, of service: ServiceGroup, with producer: KafkaProducer) throws {
        var batch = KafkaProducerBatch(topic: service.topic)
        for (partition, lines) in service.lines.enumerated() {
            for line in lines[range] { batch.append(value: line.utf8, partition: Int32(partition)) }
        }
        for _ in 0..<10 {
            let failures = producer.produce(batch, timeout: .seconds(60)).compactMap(\.error)
            guard let failure = failures.first else { return }
            guard failure.isRetriable else { throw failure }
        }
        Issue.record("nothing could be produced for ten minutes")
    }

    private func deadLetters(in topic: String, _ cluster: TestCluster) throws -> Set<String> {
        let consumer = try cluster.makeConsumer(of: topic) { $0.reportsPartitionEnd = true }
        let events = try consumer.poll(within: 60) { events in
            events.contains { if case .reachedEnd = $0 { true } else { false } }
        }
        var letters: Set<String> = []
        for batch in events.batches {
            for entry in batch.entries {
                let headers = Dictionary(
                    batch.headers(of: entry).map {
                        ($0.name, String(decoding: $0.value ?? [], as: UTF8.self))
                    }
                ) { first, _ in first }
                letters.insert(
                    "\(headers["timberline.partition"] ?? "?")/\(headers["timberline.offset"] ?? "?")"
                )
            }
        }
        return letters
    }
}

/// The instances and brokers, and what happens to them, by chance from one seed.
private struct ChaosCrew {
    private struct Instance {
        let store: String
        var program: RunningProgram?
        /// When it starts again, or goes on.
        var until: Date?
    }

    private var random: SeededGenerator
    private let kafka: RealKafka
    private let start: (_ store: String) throws -> RunningProgram
    private var instances: [Instance] = []
    private var deadBroker: (number: Int, until: Date)?
    private var nextEvent = Date()
    private var counts: [String: Int] = [:]
    private(set) var missingCheckpoints = 0

    init(seed: UInt64, _ kafka: RealKafka, start: @escaping (_ store: String) throws -> RunningProgram) {
        random = SeededGenerator(seed: seed)
        self.kafka = kafka
        self.start = start
    }

    var summary: String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    mutating func add(_ store: String) throws {
        instances.append(Instance(store: store, program: try start(store)))
    }

    /// Does what is due.
    mutating func turn() throws {
        let now = Date()
        for index in instances.indices {
            if let until = instances[index].until, until <= now { try revive(index) }
        }
        if let broker = deadBroker, broker.until <= now { try restartBroker() }
        guard now >= nextEvent else { return }
        nextEvent = now.addingTimeInterval(Double.random(in: 1...5, using: &random))
        let index = Int.random(in: instances.indices, using: &random)
        let rest = Double.random(in: 0.5...5, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: end(index, by: SIGKILL, "kills", until: now.addingTimeInterval(rest))
        case 4: end(index, by: SIGTERM, "ends", until: now.addingTimeInterval(rest))
        case 5..<7:
            guard instances[index].until == nil else { return }
            count("freezes")
            instances[index].program?.send(SIGSTOP)
            // Past its session of six seconds, or not.
            instances[index].until = now.addingTimeInterval(rest * 2.5)
        default:
            guard deadBroker == nil else { return }
            count("brokers killed")
            let number = Int.random(in: 1...3, using: &random)
            try kafka.kill(broker: number)
            deadBroker = (number, Date().addingTimeInterval(rest))
        }
    }

    private mutating func count(_ what: String) { counts[what, default: 0] += 1 }

    private mutating func end(_ index: Int, by signal: Int32, _ what: String, until: Date) {
        guard instances[index].until == nil, let program = instances[index].program else { return }
        count(what)
        program.send(signal)
        let code = program.wait(60)
        if signal == SIGTERM, code != 0 {
            Issue.record("ended with \(code): \(program.errors.suffix(2_000))")
        }
        missingCheckpoints += program.count(of: "checkpoint_missing")
        instances[index].program = nil
        instances[index].until = until
    }

    private mutating func revive(_ index: Int) throws {
        instances[index].until = nil
        if let program = instances[index].program {
            program.send(SIGCONT)
        } else {
            instances[index].program = try start(instances[index].store)
        }
    }

    private mutating func restartBroker() throws {
        guard let broker = deadBroker else { return }
        deadBroker = nil
        try kafka.restart(broker: broker.number)
    }

    /// Everything works again. An instance that ended by itself is a fault.
    mutating func recover() throws {
        try restartBroker()
        for index in instances.indices {
            if instances[index].until != nil { try revive(index) }
            if let program = instances[index].program, !program.isRunning {
                Issue.record("\(instances[index].store) ended by itself: \(program.errors.suffix(2_000))")
                instances[index].program = try start(instances[index].store)
            }
        }
    }

    mutating func stop() throws {
        for index in instances.indices { end(index, by: SIGTERM, "ends", until: Date()) }
    }
}
