/// Saves and loads checkpoints over any storage, so that a save is all or nothing
/// and an earlier owner never wins over a later one.
///
/// A save writes, in this order:
/// 1. bodies: the sections that have changed and a manifest of all, cut into values that the storage
///    takes, under names that no save had before;
/// 2. the head, one small value under the owner's own name: the save holds from here;
/// 3. what no head needs any more is removed.
///
/// A crash between any two leaves the head before, and all that it names. Nothing of an earlier
/// owner is used by a later one's head, so what an earlier one still does changes nothing.
/// What is left behind is removed by the next owner's first save.
public final class CheckpointStore {
    let storage: any CheckpointStorage
    let group: String
    private var layouts: [RecordStream: CheckpointLayout] = [:]
    /// Streams that nobody seems to have; see `prune`.
    var suspects: [CheckpointedStream: CheckpointSuspect] = [:]

    /// - Parameter group: the consumer group; those of others in the same storage are not seen.
    public init(_ storage: any CheckpointStorage, group: String) {
        self.storage = storage
        self.group = group
    }

    /// The latest whole checkpoint of each stream that has one. From here on these streams
    /// are saved under an epoch of their own.
    ///
    /// - Parameter onIgnored: told of checkpoints that are damaged or not whole, and why.
    public func load(
        _ streams: [RecordStream],
        generation: Int32,
        onIgnored: (RecordStream, String) -> Void = { _, _ in }
    ) throws -> [RecordStream: Checkpoint] {
        var names: [String: RecordStream] = [:]
        for stream in streams { names[CheckpointedStream(group: group, stream: stream).storageName] = stream }
        let entries = Dictionary(grouping: try storage.entries(of: Set(names.keys))) { $0.key.stream }
        var found: [RecordStream: Checkpoint] = [:]
        for (name, stream) in names {
            let own = Dictionary(uniqueKeysWithValues: (entries[name] ?? []).map { ($0.key.name, $0.value) })
            layouts[stream] = CheckpointLayout(name, keys: own.keys, generation: generation)
            found[stream] = CheckpointHead.latestWhole(in: own) { onIgnored(stream, $0) }?.checkpoint
        }
        return found
    }

    /// Saves a change of a stream that was loaded, also if nothing was found. The first
    /// change after `load` must hold every section.
    ///
    /// - Returns: the bytes of the stream's whole state.
    @discardableResult
    public func save(_ change: CheckpointChange, of stream: RecordStream) throws -> Int {
        guard var layout = layouts[stream] else {
            preconditionFailure("a stream is loaded before it is saved")
        }
        let plan = layout.plan(change, of: stream, group: group, chunkSize: storage.maximumValueBytes)
        // A try uses up its names also when it fails.
        defer { layouts[stream] = layout }
        try storage.write(plan.bodies)
        try storage.write(plan.head)
        layout.saved(plan)
        let garbage = layout.garbage
        if !garbage.isEmpty {
            try storage.write(garbage)
            layout.removed(garbage.keys)
        }
        return layout.byteCount
    }

    /// Whether other instances of the group see what is saved.
    public var isShared: Bool { storage.isShared }

    /// Whether a stream is ours: loaded, and not forgotten since.
    func owns(_ stream: CheckpointedStream) -> Bool {
        layouts.keys.contains { CheckpointedStream(group: group, stream: $0) == stream }
    }

    /// Whether any stream is ours.
    var ownsAny: Bool { !layouts.isEmpty }

    /// Forgets a stream that is no longer ours.
    public func forget(_ stream: RecordStream) {
        layouts[stream] = nil
    }
}
