extension CheckpointStore {
    /// How long a stream must be seen without a save before it counts as nobody's. Its owner saves it at
    /// least every `CheckpointPolicy.refresh`, a fraction of that, also while it is at rest.
    static let grace: Duration = .seconds(3_000)

    /// Removes the checkpoints of streams that nobody has any more, such as a deleted topic's: those that are too
    /// old, then those saved longest ago while all together are too much. A stream is removed by a later
    /// call than the one that finds it, if it was not saved in between: by then its owner, be it another
    /// instance, would have.
    ///
    /// In a storage that others share, streams of other groups are left alone. While no stream is ours nothing
    /// is removed: the group may not have given them yet.
    ///
    /// Reads everything.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: of how many streams; nil where it cannot be told now.
    public func prune(_ policy: RetentionPolicy, at now: Int64) throws -> Int? {
        guard policy != RetentionPolicy() else { return 0 }
        guard ownsAny else { return nil }
        let census = try CheckpointCensus(storage)
        let candidates = census.streams
            .filter { !owns($0.key) && (!isShared || $0.key.group == group) }
            .compactMap { stream, entries in entries.lastSave.map { (stream, $0, entries.byteCount) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        var rest = policy
        let ours = census.byteCount - candidates.reduce(0) { $0 + $1.2 }
        rest.maximumBytes = policy.maximumBytes.map { max(0, $0 - ours) }
        let count = rest.removalCount(
            of: candidates.map { .init(newestMilliseconds: $0.1, bytes: $0.2) },
            at: now
        )
        var seen: [CheckpointedStream: CheckpointSuspect] = [:]
        var removed = 0
        for (stream, savedAt, _) in candidates.prefix(count) {
            let known = suspects[stream].flatMap { $0.savedAt == savedAt ? $0 : nil }
            let suspect = known ?? CheckpointSuspect(savedAt: savedAt, since: now)
            if Duration.milliseconds(now - suspect.since) >= Self.grace {
                try CheckpointCatalog(storage).forget(stream)
                removed += 1
            } else {
                seen[stream] = suspect
            }
        }
        suspects = seen
        return removed
    }

    /// Whether a later `prune` may remove what the last one has found.
    public var hasSuspects: Bool { !suspects.isEmpty }
}

/// A stream that is to be removed unless somebody saves it.
struct CheckpointSuspect {
    /// Its last save, and when that was found too long ago; milliseconds since 1970.
    var savedAt: Int64
    var since: Int64
}

/// How much lies in a storage, and how old it is. Holds names and numbers, not the entries.
private struct CheckpointCensus {
    struct Entries {
        private var byteCounts: [String: Int] = [:]
        private var saves: [String: Int64] = [:]

        var byteCount: Int { byteCounts.values.reduce(0, +) }
        /// When the stream was saved last, as far as its heads can be read.
        var lastSave: Int64? { saves.values.max() }

        mutating func note(_ name: String, _ bytes: [UInt8]?) {
            byteCounts[name] = bytes?.count
            guard CheckpointHead.isHead(name) else { return }
            saves[name] = bytes.flatMap { try? CheckpointHead($0).savedAt }
        }
    }

    private(set) var streams: [CheckpointedStream: Entries] = [:]

    var byteCount: Int { streams.values.reduce(0) { $0 + $1.byteCount } }

    init(_ storage: any CheckpointStorage) throws {
        var names: [String: Entries] = [:]
        try storage.forEachEntry { key, bytes in names[key.stream, default: Entries()].note(key.name, bytes) }
        for (name, entries) in names {
            if let stream = CheckpointedStream(storageName: name) { streams[stream] = entries }
        }
    }
}
