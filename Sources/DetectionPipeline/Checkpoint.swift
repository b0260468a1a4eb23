/// The state of one stream as it was saved: what its models had learnt from all
/// records below `nextOffset`, and from no other.
public struct Checkpoint: Sendable, Hashable {
    public var stream: RecordStream
    /// The first record that the state has not seen: where reading goes on.
    public var nextOffset: Int64
    /// Whose checkpoint it is; of two, the later one holds.
    public var epoch: CheckpointEpoch
    /// Milliseconds since 1970.
    public var savedAt: Int64
    /// The parts of the state, by name. Empty for a stream at its start.
    public var sections: [String: [UInt8]]

    public init(
        stream: RecordStream,
        nextOffset: Int64,
        epoch: CheckpointEpoch,
        savedAt: Int64,
        sections: [String: [UInt8]]
    ) {
        self.stream = stream
        self.nextOffset = nextOffset
        self.epoch = epoch
        self.savedAt = savedAt
        self.sections = sections
    }

    public var byteCount: Int { sections.values.reduce(0) { $0 + $1.count } }
}

/// Tells the owners of a stream apart, one after the other. What an owner writes after
/// it has lost the stream has an earlier epoch than what the next one writes, and
/// never wins.
public struct CheckpointEpoch: Sendable, Hashable, Comparable {
    /// One more than that of the checkpoint that the owner found, and at least the
    /// group's generation: it grows also where a group was deleted and begins at 1 again.
    public var number: Int64
    /// The group's generation when the owner got the stream.
    public var generation: Int32

    public init(number: Int64, generation: Int32) {
        self.number = number
        self.generation = generation
    }

    /// The epoch of an owner that found `found`.
    public init(after found: CheckpointEpoch?, generation: Int32) {
        self.init(number: max((found?.number ?? 0) + 1, Int64(generation)), generation: generation)
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.number, left.generation) < (right.number, right.generation)
    }
}

/// What has changed in a stream's state since it was last saved.
public struct CheckpointChange: Sendable, Hashable {
    public var nextOffset: Int64
    /// Milliseconds since 1970.
    public var savedAt: Int64
    /// Sections that are new or have other bytes.
    public var changed: [String: [UInt8]]
    /// Sections that are no more.
    public var removed: Set<String>
    /// Whether `changed` are all sections: any other is no more.
    public var isWhole: Bool

    public init(
        nextOffset: Int64,
        savedAt: Int64,
        changed: [String: [UInt8]] = [:],
        removed: Set<String> = [],
        isWhole: Bool = false
    ) {
        self.nextOffset = nextOffset
        self.savedAt = savedAt
        self.changed = changed
        self.removed = removed
        self.isWhole = isWhole
    }
}
