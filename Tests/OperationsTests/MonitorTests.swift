import AnomalyDetection
import DetectionPipeline
import SeededNumbers
import Telemetry
import Testing

@testable import Operations

@Suite struct MonitorTests {
    private let clock = Locked<Int64>(10_000)
    private let metrics: ServiceMetrics
    private let health = ServiceHealth(progressLimit: .seconds(60))
    private let monitor: PipelineMonitor
    private let stream = RecordStream(origin: "kafka:c/t", name: "t")

    init() {
        let clock = clock
        metrics = ServiceMetrics(versions: ["version": "1"]) {
            PipelineInstant(sinceStart: .milliseconds(clock.withLock { $0 }))
        }
        monitor = PipelineMonitor(metrics: metrics, health: health) { clock.withLock { $0 } }
    }

    /// A source that gives its events, and a pipeline of real parts on it.
    private final class Script: RecordSource {
        var events: [SourceEvent]
        init(_ events: [SourceEvent]) { self.events = events }
        func next() -> SourceEvent { events.isEmpty ? .end : events.removeFirst() }
        func commit(_ offsets: [RecordStream: Int64]) -> Bool { true }
    }

    private final class Sink: ScoredRecordSink, DeadLetterSink {
        struct Full: Error {}
        var failures = 0
        func store(_ records: [ScoredRecord]) throws { try fail() }
        func store(_ letters: [DeadLetter]) throws { try fail() }
        private func fail() throws {
            guard failures > 0 else { return }
            failures -= 1
            throw Full()
        }
    }

    private func batch(_ lines: [String], from first: Int64, timestamp: Int64) -> RecordBatch {
        var batch = RecordBatch(stream: stream)
        for (index, line) in lines.enumerated() {
            let start = batch.bytes.count
            batch.bytes += line.utf8
            batch.records.append(
                .init(
                    offset: first + Int64(index),
                    nextOffset: first + Int64(index) + 1,
                    timestampMilliseconds: timestamp,
                    value: start..<batch.bytes.count
                )
            )
        }
        return batch
    }

    private func sample(_ name: String) -> String? {
        metrics.registry.prometheusText().split(separator: "\n")
            .first { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
            .map { String($0.split(separator: " ").last ?? "") }
    }

    @Test("a pipeline's records, models, batches and delays are counted")
    func counts() throws {
        var lines = (0..<100).map { "level=info duration=\($0 % 7)ms bytes=\(100 + $0 % 5)" }
        lines[40] = ""
        lines[99] = "level=info duration=90000ms bytes=9999999"
        let source = Script([
            .batches([batch(lines, from: 0, timestamp: 7_500)]), .idle,
            .batches([batch(["level=info duration=3ms bytes=100"], from: 100, timestamp: 0)]),
        ])
        var settings = PipelineSettings()
        settings.detector.threshold = .fixed(1.5)
        let pipeline = Pipeline(
            source: ObservedSource(source, monitor: monitor),
            sinks: [ObservedSink(Sink(), name: "store", metrics: metrics, health: health)],
            deadLetters: nil,
            settings: settings,
            onProgress: monitor.update
        )
        let counts = try pipeline.run().counts
        #expect(sample("timberline_records_received_total") == "101")
        #expect(sample("timberline_records_parsed_total") == "100")
        #expect(sample("timberline_records_skipped_total") == "1")
        #expect(sample("timberline_records_scored_total") == "\(counts.scored)")
        #expect(sample("timberline_anomalies_total") == "\(counts.anomalous)")
        #expect(counts.anomalous >= 1)
        #expect(sample("timberline_models") == "1")
        #expect(sample("timberline_batch_duration_seconds_count") == "2")
        // The record without a time has no delay.
        #expect(sample("timberline_end_to_end_delay_seconds_count") == "100")
        #expect(sample("timberline_end_to_end_delay_seconds_sum") == "250")
        #expect(sample("timberline_sink_duration_seconds_count") == "1")
    }

    private final class Transaction: TransactionalSink {
        func store(_ records: [ScoredRecord], committing offsets: [RecordStream: Int64]) {}
        func probe(_ records: [ScoredRecord]) {}
    }

    @Test("delays end with the transaction that commits in place of the source")
    func transaction() throws {
        let lines = (0..<100).map { "level=info duration=\($0 % 7)ms" }
        let source = Script([.batches([batch(lines, from: 0, timestamp: 7_500)])])
        let pipeline = Pipeline(
            source: ObservedSource(source, monitor: monitor),
            sinks: [],
            transaction: ObservedTransaction(Transaction(), monitor: monitor),
            deadLetters: nil,
            settings: PipelineSettings(),
            onProgress: monitor.update
        )
        try pipeline.run()
        #expect(sample("timberline_end_to_end_delay_seconds_sum") == "250")
    }

    @Test("a delay ends when the record's offset is finished, not before, and not for a lost partition")
    func delays() {
        var delays = DeliveryDelays()
        func finished(below offset: Int64, at now: Int64) -> [Double] {
            delays.finished(below: offset, of: stream, at: now)
                .flatMap { Array(repeating: $0.seconds, count: $0.count) }
        }
        delays.received(batch(["a", "b", "c"], from: 5, timestamp: 1_000))
        #expect(finished(below: 5, at: 2_000) == [])
        #expect(finished(below: 7, at: 2_000) == [1, 1])
        #expect(finished(below: 7, at: 9_000) == [])
        delays.received(batch(["d"], from: 8, timestamp: 5_000))
        // A clock behind the broker's gives no negative delay.
        #expect(finished(below: 9, at: 3_000) == [2, 0])
        delays.received(batch(["e"], from: 9, timestamp: 5_000))
        delays.forget(stream)
        #expect(finished(below: 100, at: 9_000) == [])
    }

    @Test("delays are counted record by record, whatever follows on what and wherever a commit falls")
    func delaysByRecord() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            var delays = DeliveryDelays()
            var all: [RecordBatch.Record] = []
            var offset: Int64 = 0
            for _ in 0..<3 {
                var records: [RecordBatch.Record] = []
                for _ in 0..<Int.random(in: 1...20, using: &random) {
                    // A file's records are some bytes long, a topic's offsets have gaps where a transaction ended.
                    if Int.random(in: 0..<6, using: &random) == 0 { offset += 2 }
                    let length: Int64 = Int.random(in: 0..<6, using: &random) == 0 ? 7 : 1
                    let time = Int64.random(in: 0...2, using: &random) * 1_000
                    records.append(
                        RecordBatch.Record(
                            offset: offset,
                            nextOffset: offset + length,
                            timestampMilliseconds: time,
                            value: nil
                        )
                    )
                    offset += length
                }
                delays.received(RecordBatch(stream: stream, records: records))
                all += records
            }
            var below: Int64 = 0
            while below < offset {
                below += Int64.random(in: 1...9, using: &random)
                let done = all.prefix { $0.nextOffset <= below }
                let expected = done.map(\.timestampMilliseconds).filter { $0 > 0 }
                    .map { Double(9_000 - $0) / 1_000 }
                all.removeFirst(done.count)
                let found = delays.finished(below: below, of: stream, at: 9_000)
                #expect(found.flatMap { Array(repeating: $0.seconds, count: $0.count) } == expected)
            }
        }
    }

    @Test("a sink that refuses is counted and unready until it takes again; dead letters count once stored")
    func sinks() throws {
        let sink = Sink()
        let letters = ObservedDeadLetters(sink, metrics: metrics, health: health)
        let letter = DeadLetter(
            identity: RecordIdentity(stream: stream, offset: 0),
            key: nil,
            value: [],
            headers: [],
            reason: "r"
        )
        sink.failures = 1
        #expect(throws: Sink.Full.self) { try letters.store([letter, letter]) }
        #expect(health.problems.map(\.reason) == [.sinkFailing])
        #expect(health.problems.map(\.subject) == ["dead_letters"])
        #expect(sample("timberline_dead_letters_total") == "0")
        try letters.store([letter, letter])
        #expect(health.problems.isEmpty)
        #expect(sample("timberline_dead_letters_total") == "2")
        #expect(sample("timberline_sink_errors_total") == "1")
    }

    @Test("a sink that is down is a reason not to be ready, until nothing waits for it any more")
    func stall() {
        var progress = PipelineProgress()
        progress.stall = PipelineStall(reason: "disk full", since: PipelineInstant(sinceStart: .zero))
        (progress.retries, progress.duplicates, progress.refused) = (4, 5, 6)
        monitor.update(progress)
        #expect(health.problems.map(\.reason) == [.paused])
        #expect(health.problems.map(\.detail) == ["disk full"])
        progress.stall = nil
        progress.retries = 7
        monitor.update(progress)
        #expect(health.problems.isEmpty)
        #expect(sample("timberline_retries_total") == "7")
        #expect(sample("timberline_records_duplicate_total") == "5")
        #expect(sample("timberline_records_refused_total") == "6")
    }

    @Test("lag is shown for the partitions that are held, and for no others")
    func lag() {
        metrics.setLag([
            .init(topic: "t", partition: 3, records: 17), .init(topic: "t", partition: 4, records: 0),
        ])
        let name = "timberline_partition_lag_records"
        let text = metrics.registry.prometheusText()
        #expect(text.contains(name + "{topic=\"t\",partition=\"3\"} 17\n"))
        metrics.setLag([.init(topic: "t", partition: 4, records: 5)])
        let later = metrics.registry.prometheusText()
        #expect(!later.contains("partition=\"3\""))
        #expect(later.contains(name + "{topic=\"t\",partition=\"4\"} 5\n"))
    }

    @Test("a checkpoint's age grows from its writing; before the first it is not known")
    func checkpoint() {
        #expect(sample("timberline_checkpoint_age_seconds") == "NaN")
        #expect(sample("timberline_checkpoint_size_bytes") == "NaN")
        func checkpoint(_ milliseconds: Int64, _ bytes: Int) -> CheckpointProgress {
            let instant = PipelineInstant(sinceStart: .milliseconds(milliseconds))
            return CheckpointProgress(nextOffset: 1, savedAt: instant, byteCount: bytes)
        }
        var progress = PipelineProgress()
        progress.checkpoints[stream] = checkpoint(3_000, 1_000)
        progress.checkpoints[RecordStream(origin: "kafka:c/u", name: "u")] = checkpoint(8_000, 234)
        progress.failedCheckpoints = 3
        monitor.update(progress)
        #expect(sample("timberline_checkpoint_failures_total") == "3")
        #expect(sample("timberline_checkpoint_age_seconds") == "2")
        clock.withLock { $0 += 500 }
        #expect(sample("timberline_checkpoint_age_seconds") == "2.5")
        #expect(sample("timberline_checkpoint_size_bytes") == "1234")
    }

    @Test("memory and processor time are this process's")
    func process() throws {
        let memory = try #require(sample("process_resident_memory_bytes").flatMap(Double.init))
        #expect(memory > 1e6 && memory < 1e11)
        let cpu = try #require(sample("process_cpu_seconds_total").flatMap(Double.init))
        #expect(cpu > 0)
        var sum = 0.0
        for index in 0..<3_000_000 { sum += Double(index).squareRoot() }
        #expect(sum > 0)
        let later = try #require(sample("process_cpu_seconds_total").flatMap(Double.init))
        #expect(later > cpu)
    }
}
