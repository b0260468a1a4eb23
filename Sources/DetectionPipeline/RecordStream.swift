/// An ordered sequence of records: a partition of a topic, a file, or a pipe.
public struct RecordStream: Sendable, Hashable {
    /// What makes its offsets unique for ever: `kafka:CLUSTER/TOPIC`,
    /// `file:FINGERPRINT` (of the first 4 KiB, so that a rotated file of the same
    /// name is another stream), or `pipe:RUN`.
    public var origin: String
    /// For people: the topic, or the path as it was given.
    public var name: String
    /// The partition; 0 for files and pipes.
    public var partition: Int32

    public init(origin: String, name: String, partition: Int32 = 0) {
        self.origin = origin
        self.name = name
        self.partition = partition
    }
}

/// What makes a record unique, so that storing it twice stores it once.
public struct RecordIdentity: Sendable, Hashable {
    public var stream: RecordStream
    /// Offset in the partition, or byte offset in the file.
    public var offset: Int64
    /// The broker's timestamp in milliseconds, 0 for files: a topic that was
    /// deleted and made again has the same offsets, but other times.
    public var timestampMilliseconds: Int64

    public init(stream: RecordStream, offset: Int64, timestampMilliseconds: Int64 = 0) {
        self.stream = stream
        self.offset = offset
        self.timestampMilliseconds = timestampMilliseconds
    }
}
