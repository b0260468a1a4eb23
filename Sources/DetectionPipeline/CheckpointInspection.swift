public import AnomalyDetection

/// What there is of one stream's checkpoint.
public struct CheckpointInspection: Sendable {
    public var stream: CheckpointedStream
    /// The latest checkpoint that is whole; nil where there is none.
    public var checkpoint: Found?
    /// Why a later one, or this one's models, cannot be used.
    public var problems: [String] = []
    /// Everything that lies there, also what no checkpoint uses.
    public var entryCount: Int
    public var byteCount: Int

    /// A checkpoint of which every part is there.
    public struct Found: Sendable {
        /// As the run called it that saved it.
        public var name: String
        public var nextOffset: Int64
        public var epoch: CheckpointEpoch
        /// Milliseconds since 1970.
        public var savedAt: Int64
        public var byteCount: Int
        /// Nil for a stream at its start, and where it cannot be read.
        public var models: Models?
    }

    /// The models in a checkpoint.
    public struct Models: Sendable {
        public var count: Int
        /// What they were made with.
        public var saved: SavedStream
    }

    /// Whether the stream would go on from it.
    public var isWhole: Bool { checkpoint != nil && problems.isEmpty }

    /// - Parameter entries: all of the stream, by name.
    init(_ stream: CheckpointedStream, _ entries: [String: [UInt8]]) {
        self.stream = stream
        entryCount = entries.count
        byteCount = entries.values.reduce(0) { $0 + $1.count }
        guard let whole = CheckpointHead.latestWhole(in: entries, onIgnored: { problems.append($0) }) else {
            if problems.isEmpty { problems = ["no save was ever finished"] }
            return
        }
        let saved = whole.checkpoint
        var found = Found(
            name: saved.stream.name,
            nextOffset: saved.nextOffset,
            epoch: saved.epoch,
            savedAt: saved.savedAt,
            byteCount: saved.byteCount
        )
        do {
            if !saved.sections.isEmpty { found.models = try StreamProcessor.models(in: saved) }
        } catch {
            problems.append("\(error)")
        }
        checkpoint = found
    }
}
