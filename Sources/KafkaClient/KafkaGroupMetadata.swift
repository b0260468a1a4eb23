import CLibrdkafka

/// Who this consumer is in its group, at one generation of it: what a
/// transactional producer needs to commit offsets, and what tells a checkpoint
/// of an earlier owner from that of the present one.
public struct KafkaGroupMetadata: Sendable {
    /// Grows with every rebalance; nil before the group has formed.
    public let generation: Int32?
    public let member: String
    public let group: String
    let storage: Storage

    /// Owns librdkafka's object.
    ///
    /// `@unchecked Sendable` holds because the object is never changed after it
    /// was made, and destroyed once only, at the end.
    final class Storage: @unchecked Sendable {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) { self.pointer = pointer }

        deinit { rd_kafka_consumer_group_metadata_destroy(pointer) }
    }

    init(storage: Storage, group: String, member: String) {
        self.storage = storage
        self.group = group
        self.member = member
        generation = storage.generation
    }
}

extension KafkaGroupMetadata.Storage {
    /// librdkafka shows the generation only in its serialized form:
    /// `CGMDv2:` and the number in 32 bits; -1 before the group has formed.
    fileprivate var generation: Int32? {
        var start: UnsafeMutableRawPointer?
        var count = 0
        if let error = rd_kafka_consumer_group_metadata_write(pointer, &start, &count) {
            rd_kafka_error_destroy(error)
            return nil
        }
        guard let start else { return nil }
        defer { rd_kafka_mem_free(nil, start) }
        let magic = Array("CGMDv2:".utf8)
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
        guard count >= magic.count + 4, bytes.starts(with: magic) else { return nil }
        let generation = bytes.loadUnaligned(fromByteOffset: magic.count, as: Int32.self)
        return generation < 0 ? nil : generation
    }
}

extension KafkaConsumer {
    /// This member's place in its group now; nil once closed.
    public func groupMetadata() -> KafkaGroupMetadata? {
        guard !isClosed, let pointer = rd_kafka_consumer_group_metadata(handle.pointer) else { return nil }
        let member = rd_kafka_memberid(handle.pointer)
        defer { if let member { rd_kafka_mem_free(handle.pointer, member) } }
        return KafkaGroupMetadata(
            storage: KafkaGroupMetadata.Storage(pointer),
            group: configuration.group,
            member: member.map { String(cString: $0) } ?? ""
        )
    }
}
