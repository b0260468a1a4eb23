import DetectionPipeline

/// One member's consumer.
final class SimulatedSource: RecordSource {
    private let world: SimulatedWorld
    private let member: Int
    private var positions: [Int: Int64] = [:]
    private var isPaused = false
    /// Partitions whose pause the client keeps, also beyond the assignment in which it was made, unless it is ended.
    private var paused: Set<Int> = []
    /// Paused partitions that may have had records under way when the pause came: they are given once, or never.
    private var underWay: Set<Int> = []
    private var beginning: StreamAssignment?

    init(_ world: SimulatedWorld, member: Int) {
        self.world = world
        self.member = member
        world.broker.join(member)
    }

    var needsPolling: Bool { true }

    func pause() throws {
        isPaused = true
        paused.formUnion(positions.keys)
        underWay = paused
    }

    func resume() throws {
        isPaused = false
        paused.subtract(positions.keys)
    }

    func next() throws -> SourceEvent {
        world.clock.advance(.milliseconds(world.random.number(1...20)))
        try world.beforeCall(of: member)
        if world.chance(\.rebalance) { world.broker.rebalance() }
        if let event = world.broker.poll(member) {
            switch event {
            case .revoked, .lost: giveUp()
            case .assigned(let assignment): beginning = assignment
            default: break
            }
            return event
        }
        let batches = world.broker.isStable(member) ? poll() : []
        if batches.isEmpty { world.clock.advance(.milliseconds(500)) }
        return batches.isEmpty ? .idle : .batches(batches)
    }

    /// The client ends the pause of what it gives up: else it would give nothing of it when it comes back.
    private func giveUp() {
        underWay = []
        paused.subtract(positions.keys)
        positions = [:]
    }

    private func poll() -> [RecordBatch] {
        var batches: [RecordBatch] = []
        for partition in positions.keys.sorted() {
            if paused.contains(partition) {
                guard underWay.remove(partition) != nil, isPaused, world.random.chance(0.2) else { continue }
            }
            guard var position = positions[partition] else { continue }
            if world.chance(\.duplicate) { position = max(0, position - Int64(world.random.number(1...30))) }
            let records = world.broker.partitions[partition]
            let limit = min(Int64(records.count), position + Int64(world.random.number(1...40)))
            var batch = RecordBatch(stream: world.broker.stream(partition))
            while position < limit, records[Int(position)].arrival <= world.clock.now {
                let record = records[Int(position)]
                let start = batch.bytes.count
                batch.bytes += record.value ?? []
                batch.records.append(
                    .init(
                        offset: position,
                        nextOffset: position + 1,
                        timestampMilliseconds: record.timestampMilliseconds,
                        value: record.value == nil ? nil : start..<batch.bytes.count
                    )
                )
                position += 1
            }
            positions[partition] = max(position, positions[partition] ?? 0)
            if !batch.records.isEmpty { batches.append(batch) }
        }
        return batches
    }

    func begin(at offsets: [RecordStream: Int64]) throws -> [RecordStream: Int64] {
        guard let assignment = beginning else { preconditionFailure("nothing was assigned") }
        try world.call(of: member, "begin") {}
        var starts: [RecordStream: Int64] = [:]
        for stream in assignment.streams {
            let start = offsets[stream] ?? world.broker.committed[Int(stream.partition)] ?? 0
            starts[stream] = start
            positions[Int(stream.partition)] = start
        }
        if isPaused { paused.formUnion(positions.keys) }
        beginning = nil
        return starts
    }

    func commit(_ offsets: [RecordStream: Int64]) throws -> Bool {
        if world.chance(\.transient) { return false }
        var done = false
        try world.call(of: member, "commit", isReliable: true) { done = world.commit(member, offsets) }
        return done
    }
}
