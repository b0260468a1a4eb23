import AnomalyStore
import DetectionPipeline
import Glibc
import KafkaClient
import KafkaConnector
import Telemetry

/// The parts of Benchmarks/pipeline that are made of Timberline's own code.
///
///     pipeline-benchmark lines COUNT FILE           writes an access log
///     pipeline-benchmark consume BROKERS TOPIC      reads a topic to its end, and does nothing with it
///     pipeline-benchmark stages FILE STORE ROUNDS   lines per CPU second of each stage, in memory
///     pipeline-benchmark cores FILE STORE ROUNDS    wall time with one worker and with two, in memory
@main
struct PipelineBenchmark {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("pipeline-benchmark: \(error)")
            exit(1)
        }
    }

    private static func run(_ words: [String]) throws {
        let rounds = words.count > 3 ? Int(words[3]) ?? 5 : 5
        switch (words.first, words.count) {
        case ("lines", 3): try writeLines(Int(words[1]) ?? 0, to: words[2])
        case ("consume", 3): try consume(words[1], topic: words[2])
        case ("stages", 4):
            let times = StageTimes(try Lines(path: words[1]), storePath: words[2])
            for (stage, rate) in try times.measure(rounds: rounds) { print("\(stage)=\(Int(rate))") }
        case ("cores", 4): try compareCores(try Lines(path: words[1]), storePath: words[2], rounds: rounds)
        default: throw BenchmarkError(message: "see the head of PipelineBenchmark.swift for the arguments")
        }
    }

    private static func writeLines(_ count: Int, to path: String) throws(BenchmarkError) {
        guard let file = fopen(path, "wb") else { throw BenchmarkError(message: "cannot write \(path)") }
        defer { fclose(file) }
        var log = AccessLog()
        var bytes: [UInt8] = []
        for _ in 0..<count {
            bytes.removeAll(keepingCapacity: true)
            log.appendLine(to: &bytes)
            bytes.append(0x0a)
            guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
                throw BenchmarkError(message: "cannot write \(path)")
            }
        }
    }

    private static func consume(_ brokers: String, topic: String) throws {
        var settings = KafkaRecordSource.Settings()
        settings.endsWhenRead = true
        let source = try KafkaRecordSource(
            KafkaConsumerConfiguration(
                properties: KafkaProperties(["bootstrap.servers": brokers]),
                group: "consume-\(getpid())",
                startingPosition: .earliest
            ),
            subscription: .topics([topic]),
            settings: settings,
            logger: .silent
        )
        var records = 0
        reading: while true {
            switch try source.next() {
            case .batches(let batches): records += batches.reduce(0) { $0 + $1.records.count }
            case .assigned: _ = try source.begin(at: [:])
            case .end: break reading
            case .idle, .revoked, .lost: continue
            }
        }
        try source.close()
        print("records=\(records)")
    }

    /// Rounds that take turns, so that what else the machine does meets both.
    private static func compareCores(_ lines: Lines, storePath: String, rounds: Int) throws {
        let pipeline = MemoryPipeline(lines)
        var seconds: [[Double]] = [[], []]
        for round in 0..<rounds {
            for threads in 1...2 {
                let store = try AnomalyStore(path: "\(storePath).\(round)-\(threads)")
                let start = wallSeconds()
                try pipeline.run(threads: threads, sink: store)
                seconds[threads - 1].append(wallSeconds() - start)
            }
        }
        let (one, two) = (median(seconds[0]), median(seconds[1]))
        print("lines=\(lines.count) one=\(one) two=\(two) cores2=\(one / two)")
    }
}
