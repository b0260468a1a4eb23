import AnomalyDetection
import DetectionPipeline

/// Everything that outlives a process, and the chance by which things go wrong.
final class SimulatedWorld {
    let clock = SimulatedClock()
    let broker: SimulatedBroker
    let expected: ExpectedResults
    var random: SimulatedRandom
    var faults: SimulatedFaults
    var storage: [CheckpointKey: [UInt8]] = [:]
    private(set) var stored: [RecordIdentity: ScoredRecord] = [:]
    private(set) var published: [RecordIdentity: ScoredRecord] = [:]
    private(set) var letters: Set<RecordIdentity> = []
    /// What should never happen, as it happened.
    private(set) var violations: [String] = []
    /// Lets the other members go on while one stands still; set by the simulation.
    var interlude: (_ frozen: Int) throws -> Void = { _ in }
    /// Whether all results go through transactions.
    let isTransactional: Bool
    private let poison: Set<RecordIdentity>
    /// Until when each service is down.
    private var outageEnds: [String: PipelineInstant] = [:]
    /// Everything below is complete, by partition.
    private var complete: [Int: Int64] = [:]

    init(
        _ broker: SimulatedBroker,
        expected: ExpectedResults,
        poison: Set<RecordIdentity>,
        faults: SimulatedFaults,
        isTransactional: Bool,
        random: SimulatedRandom
    ) {
        self.broker = broker
        self.expected = expected
        self.poison = poison
        self.faults = faults
        self.isTransactional = isTransactional
        self.random = random
    }

    func violation(_ text: String) { violations.append(text) }

    func chance(_ fault: KeyPath<SimulatedFaults, Double>) -> Bool { random.chance(faults[keyPath: fault]) }

    func isPoison(_ identity: RecordIdentity) -> Bool { poison.contains(identity) }

    /// What may happen before any call.
    func beforeCall(of member: Int) throws {
        if chance(\.crash) { throw SimulatedCrash() }
        if chance(\.freeze) { try interlude(member) }
    }

    /// A call outward of `parts` parts, each of which happens whole or not at all.
    ///
    /// - Parameter isReliable: whether it never fails by itself.
    func call(
        of member: Int,
        _ name: String,
        parts: Int = 1,
        isReliable: Bool = false,
        _ part: (Int) -> Void
    ) throws {
        clock.advance(.milliseconds(random.number(0...50)))
        try beforeCall(of: member)
        if chance(\.outage) { outageEnds[name] = clock.now + .seconds(random.number(1...60)) }
        let isInOutage = outageEnds[name].map { clock.now < $0 } ?? false
        let isDown = !isReliable && (isInOutage || chance(\.transient))
        if isDown || chance(\.crash) {
            for index in 0..<random.number(0...parts) where parts > 1 || !isDown { part(index) }
            guard isDown else { throw SimulatedCrash() }
            throw SimulatedOutage(description: "\(name) is down")
        }
        for index in 0..<parts { part(index) }
        if chance(\.crash) { throw SimulatedCrash() }
        if chance(\.freeze) { try interlude(member) }
    }

    func call(of member: Int, _ name: String, isReliable: Bool = false, _ body: () -> Void) throws {
        try call(of: member, name, parts: 1, isReliable: isReliable) { _ in body() }
    }

    func keep(_ record: ScoredRecord) {
        guard let known = stored.updateValue(record, forKey: record.identity), known != record else { return }
        let (first, then) = (known.verdict.score, record.verdict.score)
        violation("\(place(record.identity)) was scored \(first) and then \(then)")
    }

    func publish(_ record: ScoredRecord) {
        if published.updateValue(record, forKey: record.identity) != nil {
            violation("\(place(record.identity)) was published twice")
        }
    }

    func keep(_ letter: DeadLetter) { letters.insert(letter.identity) }

    /// Commits, and checks that nothing below was left undone.
    func commit(_ member: Int, _ offsets: [RecordStream: Int64]) -> Bool {
        let byPartition = Dictionary(uniqueKeysWithValues: offsets.map { (Int($0.key.partition), $0.value) })
        let before = broker.committed
        guard broker.commit(member, byPartition) else { return false }
        for (partition, offset) in byPartition {
            if let known = before[partition], offset < known {
                violation("partition \(partition): committed \(offset) after \(known)")
            }
            checkComplete(partition, below: offset)
        }
        return true
    }

    private func checkComplete(_ partition: Int, below end: Int64) {
        var next = complete[partition, default: 0]
        while next < end {
            let identity = expected.identity(partition, next)
            if expected.records[identity] != nil, !isTransactional, !isDone(identity) {
                violation("\(place(identity)) was committed and not stored")
            }
            if expected.letters.contains(identity), !letters.contains(identity) {
                violation("\(place(identity)) was committed and is no dead letter")
            }
            next += 1
        }
        complete[partition] = max(next, end)
    }

    private func isDone(_ identity: RecordIdentity) -> Bool {
        isPoison(identity) ? letters.contains(identity) : stored[identity] != nil
    }

    /// What is wrong when everything has been consumed.
    func checkEnd() {
        let results = isTransactional ? published : stored
        for (identity, record) in expected.records {
            if isPoison(identity) {
                if !letters.contains(identity) {
                    violation("\(place(identity)) is poison and no dead letter")
                }
                if results[identity] != nil { violation("\(place(identity)) is poison and was stored") }
            } else if let result = results[identity] {
                if expected.isExact, result != record {
                    violation(
                        "\(place(identity)): \(result.verdict.score), undisturbed \(record.verdict.score)"
                    )
                }
            } else {
                violation("\(place(identity)) is lost")
            }
        }
        for identity in results.keys where expected.records[identity] == nil {
            violation("\(place(identity)) has a result and should have none")
        }
        let wanted = expected.letters.union(isTransactional ? [] : poison.intersection(expected.records.keys))
        if !isTransactional, letters != wanted {
            violation("dead letters: \(letters.count) in place of \(wanted.count)")
        }
    }

    private func place(_ identity: RecordIdentity) -> String {
        "\(identity.stream.partition):\(identity.offset)"
    }
}
