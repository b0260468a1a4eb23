/// Records of Kafka topics, as event source mappings give them.
///
/// Source: AWS Lambda Developer Guide, "Using Lambda with Amazon MSK" and "with self-managed Apache Kafka".
public struct KafkaEvent: Sendable, Hashable {
    /// Of the MSK cluster; nil for any other.
    public var eventSourceARN: String?
    /// Joined by commas.
    public var bootstrapServers: String
    /// In the order of the event.
    public var partitions: [Partition]

    public init(eventSourceARN: String?, bootstrapServers: String, partitions: [Partition]) {
        self.eventSourceARN = eventSourceARN
        self.bootstrapServers = bootstrapServers
        self.partitions = partitions
    }

    /// Consecutive records of one partition, their bytes together.
    public struct Partition: Sendable, Hashable {
        /// What the event and the answer call it: `TOPIC-PARTITION`.
        public var key: String
        public var topic: String
        public var number: Int32
        /// Keys and values, decoded.
        public var bytes: [UInt8] = []
        public var records: [Record] = []

        init(key: String, topic: String, number: Int32) {
            self.key = key
            self.topic = topic
            self.number = number
        }

        /// - Parameter bytes: what the records' ranges are of.
        public init(topic: String, number: Int32, bytes: [UInt8] = [], records: [Record] = []) {
            self.init(key: Self.key(topic: topic, number: number), topic: topic, number: number)
            self.bytes = bytes
            self.records = records
        }

        /// What events and answers call a partition.
        public static func key(topic: String, number: Int32) -> String { "\(topic)-\(number)" }
    }

    /// One record. Ranges are of the partition's `bytes`.
    public struct Record: Sendable, Hashable {
        public var offset: Int64
        /// Milliseconds since 1970.
        public var timestamp: Int64
        /// `CREATE_TIME` or `LOG_APPEND_TIME`.
        public var timestampType: String
        /// Nil where there is none.
        public var key: Range<Int>?
        /// Nil for a tombstone.
        public var value: Range<Int>?
        public var headers: [Header] = []
        public var keySchema: Schema?
        public var valueSchema: Schema?
        /// Why key or value could not be decoded, if so; the range then holds the text as it came.
        public var defect: String?

        public init(
            offset: Int64,
            timestamp: Int64,
            timestampType: String = "CREATE_TIME",
            key: Range<Int>? = nil,
            value: Range<Int>? = nil,
            headers: [Header] = []
        ) {
            self.offset = offset
            self.timestamp = timestamp
            self.timestampType = timestampType
            self.key = key
            self.value = value
            self.headers = headers
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

    /// What the mapping's schema registry says of a key or value.
    public struct Schema: Sendable, Hashable {
        /// `AVRO`, `PROTOBUF` or `JSON`.
        public var dataFormat: String
        public var id: String
    }
}
