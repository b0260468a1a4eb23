/// Records to produce to one topic. Like `KafkaBatch`, it holds all bytes one
/// after the other and allocates nothing for each record.
public struct KafkaProducerBatch: Sendable {
    public let topic: String
    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []
    private(set) var headers: [Header] = []

    struct Entry: Sendable {
        let key: Range<Int>?
        let value: Range<Int>?
        let headers: Range<Int>
        let timestampMilliseconds: Int64
        let partition: Int32
    }

    struct Header: Sendable {
        let name: String
        let value: Range<Int>?
    }

    public init(topic: String) {
        self.topic = topic
    }

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    /// Bytes of keys, values and header values.
    public var byteCount: Int { bytes.count }

    /// Appends a record.
    ///
    /// - Parameters:
    ///   - key: records with the same key go to the same partition, unless `partition` is given.
    ///   - timestampMilliseconds: since 1970; nil for the time of sending.
    ///   - partition: nil for the partitioner's choice.
    public mutating func append(
        value: some Collection<UInt8>,
        key: [UInt8]? = nil,
        headers: [KafkaHeader] = [],
        timestampMilliseconds: Int64? = nil,
        partition: Int32? = nil
    ) {
        let value = store(value)
        append(value, key, headers, timestampMilliseconds, partition)
    }

    /// Appends a record without a value, which deletes its key in a compacted topic.
    public mutating func appendTombstone(
        key: [UInt8],
        headers: [KafkaHeader] = [],
        timestampMilliseconds: Int64? = nil,
        partition: Int32? = nil
    ) {
        append(nil, key, headers, timestampMilliseconds, partition)
    }

    /// Removes all records and keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        headers.removeAll(keepingCapacity: true)
    }

    private mutating func append(
        _ value: Range<Int>?,
        _ key: [UInt8]?,
        _ headers: [KafkaHeader],
        _ timestampMilliseconds: Int64?,
        _ partition: Int32?
    ) {
        let key = key.map { store($0) }
        let first = self.headers.count
        for header in headers {
            let value = header.value.map { store($0) }
            self.headers.append(Header(name: header.name, value: value))
        }
        entries.append(
            Entry(
                key: key,
                value: value,
                headers: first..<self.headers.count,
                timestampMilliseconds: timestampMilliseconds ?? 0,
                partition: partition ?? anyPartition
            )
        )
    }

    private mutating func store(_ content: some Collection<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes.append(contentsOf: content)
        return start..<bytes.count
    }
}
