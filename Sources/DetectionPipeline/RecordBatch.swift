/// Consecutive records of one stream: their bytes together, and where each lies.
public struct RecordBatch: Sendable {
    /// One record. Ranges are byte ranges of the batch's `bytes`.
    public struct Record: Sendable {
        public var offset: Int64
        /// The broker's timestamp, 0 where there is none.
        public var timestampMilliseconds: Int64
        /// Whether the broker set the timestamp, when it appended the record, and not the producer.
        public var isAppendTime = false
        /// Nil for a tombstone.
        public var value: Range<Int>?
        public var key: Range<Int>?
        public var headers: [Header]
        /// The offset after this record: where reading goes on.
        public var nextOffset: Int64
        /// Why the source could not give the record whole, if so: it goes to the
        /// dead letters unparsed.
        public var defect: String?

        public init(
            offset: Int64,
            nextOffset: Int64,
            timestampMilliseconds: Int64 = 0,
            value: Range<Int>?,
            key: Range<Int>? = nil,
            headers: [Header] = [],
            defect: String? = nil
        ) {
            self.offset = offset
            self.nextOffset = nextOffset
            self.timestampMilliseconds = timestampMilliseconds
            self.value = value
            self.key = key
            self.headers = headers
            self.defect = defect
        }
    }

    public struct Header: Sendable, Hashable {
        public var name: String
        public var value: [UInt8]?

        public init(name: String, value: [UInt8]?) {
            self.name = name
            self.value = value
        }
    }

    public var stream: RecordStream
    /// The stream whose models score the records: `stream` itself, but for several
    /// files that are read as one.
    public var modelStream: RecordStream
    public var bytes: [UInt8]
    public var records: [Record]

    public init(
        stream: RecordStream,
        modelStream: RecordStream? = nil,
        bytes: [UInt8] = [],
        records: [Record] = []
    ) {
        self.stream = stream
        self.modelStream = modelStream ?? stream
        self.bytes = bytes
        self.records = records
    }

    /// The bytes of `range`, at most `limit` of them.
    func copy(_ range: Range<Int>, limit: Int = .max) -> [UInt8] {
        Array(bytes[range.prefix(limit)])
    }
}
