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
