import DetectionPipeline

/// A topic, and a group that reads it: an eager rebalance, generations, committed offsets.
final class SimulatedBroker {
    struct Record {
        var value: [UInt8]?
        var timestampMilliseconds: Int64
        /// When a consumer can see it.
        var arrival: PipelineInstant
    }

    enum Phase: Equatable {
        /// Waits for the others.
        case joined
        /// Has to give up what it has.
        case revoking
        /// Was told so, and does until its next poll.
        case finishing
        /// Has to be told what it got.
        case assigned([Int])
        case stable
        /// Was thrown out, and has not noticed.
        case evicted
    }

    struct Member {
        var phase: Phase
        var partitions: Set<Int> = []
        var generation: Int32 = 0
        /// Was thrown out with these.
        var lost: Set<Int> = []
    }

    let partitions: [[Record]]
    private(set) var members: [Int: Member] = [:]
    private(set) var committed: [Int: Int64] = [:]
    private(set) var generation: Int32 = 0

    init(_ partitions: [[Record]]) {
        self.partitions = partitions
    }

    func stream(_ partition: Int) -> RecordStream {
        RecordStream(origin: "kafka:simulated/logs", name: "logs", partition: Int32(partition))
    }

    func join(_ member: Int) {
        members[member] = Member(phase: .joined)
        rebalance()
    }

    /// The member's session is over: it died, or stood still too long.
    func evict(_ member: Int) {
        guard var evicted = members[member], evicted.phase != .evicted else { return }
        evicted.lost = evicted.partitions
        evicted.partitions = []
        evicted.phase = .evicted
        members[member] = evicted
        rebalance()
    }

    func remove(_ member: Int) {
        evict(member)
        members[member] = nil
    }

    /// Everybody gives up what they have, and joins again.
    func rebalance() {
        for (id, member) in members {
            switch member.phase {
            case .stable, .assigned: members[id]?.phase = member.partitions.isEmpty ? .joined : .revoking
            case .joined, .revoking, .finishing, .evicted: break
            }
        }
        assignIfComplete()
    }

    private func assignIfComplete() {
        let joined = members.filter { $0.value.phase != .evicted }
        guard !joined.isEmpty, joined.allSatisfy({ $0.value.phase == .joined }) else { return }
        generation += 1
        let order = joined.keys.sorted()
        for (rank, id) in order.enumerated() {
            let own = partitions.indices.filter { $0 % order.count == rank }
            members[id]?.phase = .assigned(own)
            members[id]?.partitions = Set(own)
            members[id]?.generation = generation
        }
    }

    /// What a poll of the member tells of the group; nil for nothing.
    func poll(_ id: Int) -> SourceEvent? {
        guard let member = members[id] else { return nil }
        switch member.phase {
        case .revoking:
            members[id]?.phase = .finishing
            return .revoked(member.partitions.sorted().map(stream))
        case .finishing:
            members[id]?.partitions = []
            members[id]?.phase = .joined
            assignIfComplete()
            return poll(id)
        case .assigned(let own):
            members[id]?.phase = .stable
            guard !own.isEmpty else { return nil }
            let offsets = own.compactMap { partition in
                committed[partition].map { (stream(partition), $0) }
            }
            return .assigned(
                StreamAssignment(
                    streams: own.map(stream),
                    committed: Dictionary(uniqueKeysWithValues: offsets),
                    generation: member.generation
                )
            )
        case .evicted:
            members[id] = Member(phase: .joined)
            rebalance()
            return member.lost.isEmpty ? nil : .lost(member.lost.sorted().map(stream))
        case .joined, .stable: return nil
        }
    }

    /// Whether the member may read records and commit offsets now.
    func owns(_ id: Int, _ partition: Int) -> Bool {
        members[id]?.partitions.contains(partition) ?? false
    }

    func isStable(_ id: Int) -> Bool { members[id]?.phase == .stable }

    /// - Returns: false, and nothing is changed, where one of the partitions is not the member's.
    func commit(_ id: Int, _ offsets: [Int: Int64]) -> Bool {
        guard offsets.keys.allSatisfy({ owns(id, $0) }) else { return false }
        committed.merge(offsets) { $1 }
        return true
    }

    var isConsumed: Bool {
        partitions.indices.allSatisfy { committed[$0] == Int64(partitions[$0].count) }
    }
}
