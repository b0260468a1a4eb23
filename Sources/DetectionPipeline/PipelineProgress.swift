import AnomalyDetection

/// How far a pipeline has come.
public struct PipelineProgress: Sendable {
    public var counts = RecordCounts()
    /// Models in memory, and models dropped for want of room.
    public var modelCount = 0
    public var droppedModelCount = 0
    /// The format of each stream by name and partition, once it is settled.
    public var formats: [RecordStream: String] = [:]
    /// Records that came again and were left out.
    public var duplicates = 0
    /// Calls that were tried again.
    public var retries = 0
    public var deadLetters = 0
    /// Records that a sink refused for what they hold; dead letters too.
    public var refused = 0
    /// Why nothing moves, while a sink is down.
    public var stall: PipelineStall?
    /// The last checkpoint of each stream that is ours.
    public var checkpoints: [RecordStream: CheckpointProgress] = [:]
    public var failedCheckpoints = 0

    public init() {}

    mutating func update(from processors: [RecordStream: StreamProcessor]) {
        modelCount = 0
        droppedModelCount = 0
        for (stream, processor) in processors {
            modelCount += processor.entityCount
            droppedModelCount += processor.droppedEntityCount
            if formats[stream] == nil { formats[stream] = processor.format?.name }
        }
    }
}

/// A sink is down, and since when the records wait for it.
public struct PipelineStall: Sendable, Hashable {
    public var reason: String
    public var since: PipelineInstant

    public init(reason: String, since: PipelineInstant) {
        self.reason = reason
        self.since = since
    }
}

/// The last checkpoint of a stream.
public struct CheckpointProgress: Sendable, Hashable {
    public var nextOffset: Int64
    public var savedAt: PipelineInstant
    /// Of the stream's whole state.
    public var byteCount: Int

    public init(nextOffset: Int64, savedAt: PipelineInstant, byteCount: Int) {
        self.nextOffset = nextOffset
        self.savedAt = savedAt
        self.byteCount = byteCount
    }
}
