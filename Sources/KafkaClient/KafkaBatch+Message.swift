import CLibrdkafka

extension KafkaBatch {
    /// Appends a message of librdkafka's, copying its bytes.
    mutating func append(_ message: UnsafeMutablePointer<rd_kafka_message_t>, withHeaders: Bool) {
        let value = append(message.pointee.payload, message.pointee.len)
        let key = append(message.pointee.key, message.pointee.key_len)
        let firstHeader = headers.count
        if withHeaders { appendHeaders(of: message) }
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &type)
        entries.append(
            Entry(
                offset: message.pointee.offset,
                timestampMilliseconds: timestamp,
                timestampType: KafkaTimestampType(type),
                keyStart: key.start,
                keyLength: key.length,
                valueStart: value.start,
                valueLength: value.length,
                headerStart: Int32(firstHeader),
                headerCount: Int32(headers.count - firstHeader)
            )
        )
    }

    private mutating func appendHeaders(of message: UnsafeMutablePointer<rd_kafka_message_t>) {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        var index = 0
        while rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            let (start, length) = append(value, size)
            headers.append(Header(name: name.map { String(cString: $0) } ?? "", start: start, length: length))
            index += 1
        }
    }

    /// Length -1 stands for null. Sizes stay far below 2³¹: a poll is bounded
    /// by its bytes, and Kafka's own sizes are signed 32-bit numbers.
    private mutating func append(_ start: UnsafeRawPointer?, _ count: Int) -> (start: Int32, length: Int32) {
        let offset = Int32(bytes.count)
        guard let start else { return (offset, -1) }
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
        return (offset, Int32(count))
    }
}

extension KafkaTimestampType {
    init(_ type: rd_kafka_timestamp_type_t) {
        switch type {
        case RD_KAFKA_TIMESTAMP_CREATE_TIME: self = .createTime
        case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: self = .logAppendTime
        default: self = .none
        }
    }
}
