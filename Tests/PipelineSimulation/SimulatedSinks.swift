import DetectionPipeline

/// Something outside of the process, as one member calls it.
class SimulatedService {
    let world: SimulatedWorld
    let member: Int

    init(_ world: SimulatedWorld, member: Int) {
        self.world = world
        self.member = member
    }
}

/// A store that keeps each record once, as a database does.
final class SimulatedSink: SimulatedService, ScoredRecordSink {
    func store(_ records: [ScoredRecord]) throws {
        if records.contains(where: { world.isPoison($0.identity) }) { throw SimulatedPoison() }
        try world.call(of: member, "store", parts: records.count) { world.keep(records[$0]) }
    }
}

/// A model behind an endpoint, which scores a row by its values alone.
///
/// `@unchecked Sendable` holds because one call at a time is under way, on the pipeline's thread.
final class SimulatedScorer: RowScorer, @unchecked Sendable {
    /// Nil: nothing disturbs it.
    private let service: SimulatedService?

    init(_ service: SimulatedService?) {
        self.service = service
    }

    let name = "simulated"
    let concurrency = 1

    func callSize(_ rows: ArraySlice<[Double]>) -> Int { min(7, rows.count) }

    func score(_ rows: ArraySlice<[Double]>) throws -> [Double] {
        if rows.contains(where: Self.isPoison) { throw SimulatedPoison() }
        if let service { try service.world.call(of: service.member, "score") {} }
        return rows.map { row in 0.5 + row.reduce(0) { ($0 + abs($1)).truncatingRemainder(dividingBy: 3) } }
    }

    /// Some of the longest durations.
    private static func isPoison(_ row: [Double]) -> Bool { row[0] > 8_500 }
}

/// A topic that is written in transactions with the offsets.
final class SimulatedTransaction: SimulatedService, TransactionalSink {
    func probe(_ records: [ScoredRecord]) throws {
        if records.contains(where: { world.isPoison($0.identity) }) { throw SimulatedPoison() }
    }

    func store(_ records: [ScoredRecord], committing offsets: [RecordStream: Int64]) throws {
        try probe(records)
        var isFenced = false
        try world.call(of: member, "transaction") {
            isFenced = !world.commit(member, offsets)
            if !isFenced { records.forEach(world.publish) }
        }
        if isFenced { throw SimulatedOutage(description: "the transaction is of an earlier generation") }
    }
}

final class SimulatedDeadLetters: SimulatedService, DeadLetterSink {
    func store(_ letters: [DeadLetter]) throws {
        try world.call(of: member, "dead letters", parts: letters.count) { world.keep(letters[$0]) }
    }
}

/// Where checkpoints lie: everything of a `write` may happen, or some of it, or nothing.
final class SimulatedStorage: SimulatedService, CheckpointStorage {
    var maximumValueBytes: Int { 5_000 }
    var isShared: Bool { true }

    func streams() throws -> Set<String> {
        try world.call(of: member, "list") {}
        return Set(world.storage.keys.map(\.stream))
    }

    func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        try world.call(of: member, "load") {}
        return world.storage.filter { streams.contains($0.key.stream) }
    }

    func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        // In no order: a dictionary's differs from run to run.
        var keys = changes.keys.sorted()
        keys.shuffle(using: &world.random)
        try world.call(of: member, "save", parts: keys.count) {
            world.storage[keys[$0]] = changes[keys[$0]] ?? nil
        }
    }
}
