import AWSTestSupport
import Foundation
import JSONText
import KafkaClient
import KafkaTestSupport
import SeededNumbers
import Testing

/// Records of one topic through a mapping to Timberline's own function, whose checkpoints are in moto, with what goes wrong
/// meanwhile: by chance, from one seed.
struct LocalCourse {
    /// What happens, and how often.
    struct Plan {
        var functionKills: Int
        var localKills: Int
        var brokerKills = 0

        var count: Int { events.count }

        fileprivate var events: [Event] {
            Array(repeating: .functionKill, count: functionKills)
                + Array(repeating: .localKill, count: localKills)
                + Array(repeating: .brokerKill, count: brokerKills)
        }
    }

    fileprivate enum Event {
        case functionKill
        case localKill
        case brokerKill
    }

    /// Records of a model that have no score.
    static let learntFirst = 32

    let local: LocalLambda
    let cluster: TestCluster
    let topic: String
    let partitions: Int32
    /// Records of each partition.
    let count: Int
    private let scratch: Scratch
    private let bucket: String
    private let all: [KafkaTopicPartition]

    /// Makes the topic, and starts `local`.
    init(_ scratch: Scratch, _ cluster: TestCluster, partitions: Int32, recordsEach count: Int) throws {
        self.scratch = scratch
        self.cluster = cluster
        self.partitions = partitions
        self.count = count
        topic = try cluster.makeTopic(partitions: Int(partitions))
        all = (0..<partitions).map { [topic] in KafkaTopicPartition(topic, $0) }
        let moto = try Moto.shared.get()
        bucket = cluster.uniqueName("models")
        _ = try moto.boto3("boto3.client('s3').create_bucket(Bucket=sys.argv[1])", [bucket])
        local = try LocalLambda(scratch, cluster: cluster, ["--service", "s3=\(moto.url)"])
    }

    /// Produces these records of every partition.
    private func produce(_ range: Range<Int>, _ producer: KafkaProducer, _ random: inout SeededGenerator)
        throws
    {
        for partition in 0..<partitions {
            for first in stride(from: range.lowerBound, to: range.upperBound, by: 50_000) {
                var batch = KafkaProducerBatch(topic: topic)
                for _ in first..<min(first + 50_000, range.upperBound) {
                    let line = #"{"duration_ms":\#(Int.random(in: 20..<60, using: &random))}"#
                    batch.append(value: line.utf8, partition: partition)
                }
                try #require(producer.produce(batch).allSatisfy { $0.error == nil })
            }
        }
    }

    /// A mapping to a function of this name, which posts every score to the ledger; the group's name.
    func begin(_ name: String, ledger: ScoreLedger) throws -> String {
        let configuration = try scratch.write(
            "\(name).yaml",
            """
            format: json
            detection: {features: [{field: duration_ms}], trees: 10, samples: 64}
            webhook: {url: "\(ledger.url)", minimum-score: all}
            checkpoints: {bucket: "s3://\(bucket)/\(name)"}
            log: {records: none}
            """
        )
        let variables = ["TIMBERLINE_CONFIG": configuration]
        let function = LocalLambda.function(name, zip: try FunctionZip.timberline(), variables: variables)
        try local.expect("POST", LocalLambda.functions, function)
        let group = cluster.uniqueName(name)
        let mapping = try local.map(
            name,
            topic,
            #""BatchSize": 500, "AmazonManagedKafkaEventSourceConfig": {"ConsumerGroupId": "\#(group)"}"#
        )
        try local.program.wait { try local.status(mapping).state == "Enabled" }
        return group
    }

    /// Produces the records in as many parts as there are events, and lets each event happen in the midst of a part, with
    /// the next one waiting; ends when the group has committed all.
    func run(_ plan: Plan, seed: UInt64, group: String, ledger: ScoreLedger, within seconds: Double) throws {
        var random = SeededGenerator(seed: seed)
        let producer = try KafkaProducer(cluster.properties)
        var watch = try CommitWatch(cluster, group, all, seconds)
        let partCount = plan.count + 2
        func part(_ number: Int) -> Range<Int> {
            count * number / partCount..<count * (number + 1) / partCount
        }
        try produce(0..<part(1).upperBound, producer, &random)
        for (number, event) in plan.events.shuffled(using: &random).enumerated() {
            let share = Double.random(in: 0..<0.9, using: &random)
            let begin = Double(part(number).lowerBound) + Double(part(number).count) * share
            try wait(&watch) { ledger.count >= Int(begin) * Int(partitions) }
            try produce(part(number + 2), producer, &random)
            usleep(.random(in: 0..<50_000, using: &random))
            try wait(&watch) { try perform(event, &random) }
        }
        try waitForEnd(&watch)
    }

    /// Waits until the group has committed all, with nothing going wrong.
    func run(group: String, within seconds: Double) throws {
        var watch = try CommitWatch(cluster, group, all, seconds)
        try waitForEnd(&watch)
    }

    private func waitForEnd(_ watch: inout CommitWatch) throws {
        while !watch.isDone(at: Int64(count)) { try look(&watch) }
        #expect(watch.setbacks == 0, "commits went back")
    }

    private func wait(_ watch: inout CommitWatch, until isTime: () throws -> Bool) throws {
        while try !isTime() { try look(&watch) }
    }

    private func look(_ watch: inout CommitWatch) throws {
        watch.look()
        if watch.isOver {
            throw RealKafkaError(
                message: "committed \(watch.committed); \(local.program.errors.suffix(4_000))"
            )
        }
        usleep(2_000)
    }

    /// - Returns: whether it could be done: a function may just not run.
    private func perform(_ event: Event, _ random: inout SeededGenerator) throws -> Bool {
        switch event {
        case .functionKill:
            guard let process = local.functionProcesses.sorted().randomElement(using: &random) else {
                return false
            }
            kill(process, SIGKILL)
        case .localKill:
            local.kill()
            try local.restart()
        case .brokerKill:
            try cluster.real?.kill()
            usleep(.random(in: 0..<2_000_000, using: &random))
            try cluster.real?.restart()
        }
        return true
    }

    /// Compares what has arrived with what was produced.
    func expectTotals(of ledger: ScoreLedger) {
        #expect(ledger.malformed.isEmpty)
        #expect(Set(ledger.partitions.keys) == Set(0..<partitions))
        for (number, partition) in ledger.partitions {
            let first = partition.scores.firstIndex { $0 != nil }
            #expect(first == Self.learntFirst, "partition \(number)")
            #expect(partition.scores.count == count && partition.count == count - Self.learntFirst)
            #expect(partition.misplaced == 0 && partition.contradicted == 0, "partition \(number)")
        }
    }

    /// The models have seen everything: what comes again as it came is left out.
    func expectNothingNew(_ name: String, ledger: ScoreLedger) throws {
        let before = ledger.partitions
        for partition in 0..<partitions {
            let value = Data(#"{"duration_ms":30}"#.utf8).base64EncodedString()
            let records = (count - 10..<count).map {
                #"{"topic":"\#(topic)","partition":\#(partition),"offset":\#($0),"timestamp":0,"#
                    + #""timestampType":"CREATE_TIME","value":"\#(value)","headers":[]}"#
            }
            let answer = try local.expect(
                "POST",
                "\(LocalLambda.functions)/\(name)/invocations",
                #"{"eventSource":"aws:kafka","eventSourceArn":"\#(LocalLambda.cluster())","#
                    + #""bootstrapServers":"\#(cluster.brokers)","#
                    + #""records":{"\#(topic)-\#(partition)":[\#(records.joined(separator: ","))]}}"#
            )
            #expect(answer["batchItemFailures"]?.array == [])
        }
        let isUnchanged = ledger.partitions == before
        #expect(isUnchanged)
    }
}

/// Looks at what a group has committed, for a limited time.
private struct CommitWatch {
    private let observer: KafkaConsumer
    private let partitions: [KafkaTopicPartition]
    private let end: Date
    private(set) var committed: [KafkaTopicPartition: Int64] = [:]
    /// Commits below an earlier one.
    private(set) var setbacks = 0

    init(
        _ cluster: TestCluster,
        _ group: String,
        _ partitions: [KafkaTopicPartition],
        _ seconds: Double
    ) throws {
        observer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: cluster.properties, group: group)
        )
        self.partitions = partitions
        end = Date().addingTimeInterval(seconds)
    }

    var isOver: Bool { Date() >= end }

    func isDone(at end: Int64) -> Bool { partitions.allSatisfy { committed[$0] == end } }

    mutating func look() {
        // The broker may be away.
        guard let found = try? observer.committed(partitions) else { return }
        for (partition, offset) in found {
            if offset < committed[partition, default: 0] { setbacks += 1 }
            committed[partition] = offset
        }
    }
}
