/// Records of one partition, in the order of their offsets.
///
/// All keys, values and header values lie one after the other in `bytes`;
/// `entries` says where. Nothing is allocated for each record.
public struct KafkaBatch: Sendable {
    public let source: KafkaTopicPartition
    public internal(set) var bytes: [UInt8] = []
    public internal(set) var entries: [Entry] = []
    /// The headers of all entries; each entry holds its range in here.
    public internal(set) var headers: [Header] = []

    public var topic: String { source.topic }
    public var partition: Int32 { source.partition }
    /// The offset after the last record: what to commit when all are done.
    public var nextOffset: Int64? { entries.last.map { $0.offset + 1 } }

    init(source: KafkaTopicPartition) {
        self.source = source
    }

    /// One record.
    public struct Entry: Sendable {
        public let offset: Int64
        /// Milliseconds since 1970; -1 where there is none.
        public let timestampMilliseconds: Int64
        public let timestampType: KafkaTimestampType
        let keyStart: Int32
        let keyLength: Int32
        let valueStart: Int32
        let valueLength: Int32
        let headerStart: Int32
        let headerCount: Int32

        /// Where the key lies in `bytes`; nil where the record has none.
        public var key: Range<Int>? { range(keyStart, keyLength) }
        /// Where the value lies in `bytes`; nil for a tombstone.
        public var value: Range<Int>? { range(valueStart, valueLength) }
        /// Where the record's headers are in `headers`.
        public var headers: Range<Int> { Int(headerStart)..<Int(headerStart + headerCount) }
        public var isTombstone: Bool { valueLength < 0 }
    }

    /// One header of a record; names may repeat.
    public struct Header: Sendable {
        public let name: String
        let start: Int32
        let length: Int32

        /// Where the value lies in `bytes`; nil for a null value.
        public var value: Range<Int>? { range(start, length) }
    }
}

private func range(_ start: Int32, _ length: Int32) -> Range<Int>? {
    length < 0 ? nil : Int(start)..<Int(start) + Int(length)
}

extension KafkaBatch {
    /// A copy of an entry's key.
    public func key(of entry: Entry) -> [UInt8]? { entry.key.map { Array(bytes[$0]) } }

    /// A copy of an entry's value.
    public func value(of entry: Entry) -> [UInt8]? { entry.value.map { Array(bytes[$0]) } }

    /// Copies of an entry's headers, in their order.
    public func headers(of entry: Entry) -> [KafkaHeader] {
        headers[entry.headers].map { header in
            KafkaHeader(header.name, header.value.map { Array(bytes[$0]) })
        }
    }
}
