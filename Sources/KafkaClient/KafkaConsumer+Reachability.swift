import CLibrdkafka

extension KafkaConsumer {
    /// Asks a broker for what this client knows already; whether an answer came in time.
    public func reachesBroker(within limit: Duration) -> Bool {
        let handle = handle
        let answer = try? callWithDeadline(limit, "ask for metadata") { () throws(KafkaError) in
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let milliseconds = limit.librdkafkaMilliseconds
            try check(rd_kafka_metadata(handle.pointer, 0, nil, &metadata, milliseconds), "ask for metadata")
            rd_kafka_metadata_destroy(metadata)
            return true
        }
        return answer ?? false
    }
}
