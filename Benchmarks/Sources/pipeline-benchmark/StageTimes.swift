import AnomalyStore
import DetectionPipeline
import LogRecords

@testable import AnomalyDetection

/// Each stage by itself, on one thread, over lines in memory. `features` parses too, as it reads what was parsed in place.
struct StageTimes {
    private let lines: Lines
    private let storePath: String

    init(_ lines: Lines, storePath: String) {
        self.lines = lines
        self.storePath = storePath
    }

    /// The stages in their order with lines per CPU second, the median of the rounds.
    func measure(rounds: Int) throws -> [(stage: String, rate: Double)] {
        let (table, names) = try extractRows()
        let anomalies = try anomalies()
        let stages: [(String, (Int) throws -> Double)] = [
            ("parse", { _ in try time { try parse() } }),
            ("features", { _ in try time { _ = try extractRows() } }),
            ("score", { _ in try score(table, names) }),
            ("store", { round in try store(anomalies, "\(storePath).\(round)") }),
        ]
        var rates: [[Double]] = Array(repeating: [], count: stages.count)
        for round in 0..<rounds {
            for (index, (_, measure)) in stages.enumerated() {
                rates[index].append(Double(lines.count) / (try measure(round)))
            }
        }
        return zip(stages, rates).map { ($0.0, median($1)) }
    }

    private func time(_ body: () throws -> Void) rethrows -> Double {
        let start = cpuSeconds()
        try body()
        return cpuSeconds() - start
    }

    private func parse() throws {
        var decoder = try lines.decoder()
        var record = ParsedRecord()
        lines.bytes.withUnsafeBufferPointer { bytes in
            for range in lines.ranges {
                _ = decoder.decode(UnsafeBufferPointer(rebasing: bytes[range]), into: &record)
            }
        }
    }

    /// Every line as a row of raw values, with the entities' names.
    private func extractRows() throws -> (table: RowTable, entities: [UInt8]) {
        var extractor = RowExtractor(decoder: try lines.decoder(), plan: lines.plan)
        var table = RowTable(rowCount: lines.count, featureCount: lines.plan.features.count)
        var entities: [UInt8] = []
        lines.bytes.withUnsafeBufferPointer { bytes in
            table.withBuffers {
                extractor.extract(bytes, lines.ranges, lines.ranges.indices, into: $0, entities: &entities)
            }
        }
        return (table, entities)
    }

    /// Seconds to score rows that are ready, by the models of their entities, from empty ones on; batch by batch,
    /// as the detector does.
    private func score(_ table: RowTable, _ names: [UInt8]) throws -> Double {
        var entities = EntityTable(limit: 100) { entity in
            try EntityDetector(entity: entity, features: lines.plan.features, settings: DetectorSettings())
        }
        let size = MemoryPipeline.batchSize
        return try time {
            for first in stride(from: 0, to: lines.count, by: size) {
                var present: [EntityDetector] = []
                for index in first..<min(first + size, lines.count) {
                    let detector = try names.withUnsafeBufferPointer {
                        try entities.detector(of: UnsafeBufferPointer(rebasing: $0[table.rows[index].entity]))
                    }
                    if detector.rows.isEmpty { present.append(detector) }
                    detector.rows.append(index)
                }
                for detector in present {
                    detector.prepareForRows()
                    for index in detector.rows {
                        let timestamp = table.rows[index].timestamp
                        _ = table.withValues(of: index) { detector.judge($0, timestamp: timestamp) }
                    }
                    detector.rows.removeAll(keepingCapacity: true)
                }
            }
        }
    }

    private func store(_ batches: [[ScoredRecord]], _ path: String) throws -> Double {
        let store = try AnomalyStore(path: path)
        return try time { for batch in batches { try store.store(batch) } }
    }

    /// What the lines give to store, batch by batch.
    private func anomalies() throws -> [[ScoredRecord]] {
        let collector = Collector()
        try MemoryPipeline(lines).run(threads: 1, sink: collector)
        return collector.batches
    }
}

private final class Collector: ScoredRecordSink {
    private(set) var batches: [[ScoredRecord]] = []

    func store(_ records: [ScoredRecord]) { batches.append(records) }
}
