import CLibrdkafka

/// Hands records of one batch to librdkafka, which copies them.
struct RecordSender {
    let client: OpaquePointer
    let topic: OpaquePointer
    let bytes: UnsafeRawBufferPointer
    let batch: KafkaProducerBatch

    /// - Returns: why librdkafka does not take the record, or nil.
    func send(_ index: Int, token: UnsafeMutableRawPointer?) -> KafkaError? {
        let entry = batch.entries[index]
        let value = memory(entry.value)
        let key = memory(entry.key)
        let failure = withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 8) { arguments in
            arguments.initialize(repeating: rd_kafka_vu_t())
            arguments[0].vtype = RD_KAFKA_VTYPE_RKT
            arguments[0].u.rkt = topic
            arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
            arguments[1].u.i32 = entry.partition
            arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
            arguments[2].u.i = RD_KAFKA_MSG_F_COPY
            arguments[3].vtype = RD_KAFKA_VTYPE_OPAQUE
            arguments[3].u.ptr = token
            arguments[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP
            arguments[4].u.i64 = entry.timestampMilliseconds
            arguments[5].vtype = RD_KAFKA_VTYPE_VALUE
            arguments[5].u.mem.ptr = value.start
            arguments[5].u.mem.size = value.count
            arguments[6].vtype = RD_KAFKA_VTYPE_KEY
            arguments[6].u.mem.ptr = key.start
            arguments[6].u.mem.size = key.count
            guard !entry.headers.isEmpty else { return rd_kafka_produceva(client, arguments.baseAddress, 7) }
            let headers = makeHeaders(entry.headers)
            arguments[7].vtype = RD_KAFKA_VTYPE_HEADERS
            arguments[7].u.headers = headers
            let failure = rd_kafka_produceva(client, arguments.baseAddress, 8)
            // librdkafka owns the headers only if it took the record.
            if failure != nil { rd_kafka_headers_destroy(headers) }
            return failure
        }
        return failure.map { KafkaError(consuming: $0, "produce to \(batch.topic)") }
    }

    /// A null start means null; an empty range needs one that is not.
    private func memory(_ range: Range<Int>?) -> (start: UnsafeMutableRawPointer?, count: Int) {
        guard let range else { return (nil, 0) }
        guard let base = bytes.baseAddress, !range.isEmpty else {
            return (UnsafeMutableRawPointer(client), 0)
        }
        return (UnsafeMutableRawPointer(mutating: base + range.lowerBound), range.count)
    }

    private func makeHeaders(_ range: Range<Int>) -> OpaquePointer? {
        let headers = rd_kafka_headers_new(range.count)
        for header in batch.headers[range] {
            let value = memory(header.value)
            rd_kafka_header_add(headers, header.name, -1, value.start, value.count)
        }
        return headers
    }
}
