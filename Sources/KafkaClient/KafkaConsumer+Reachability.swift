extension KafkaConsumer {
    /// Asks the cluster for its metadata; whether an answer came in time.
    public func reachesBroker(within limit: Duration) -> Bool {
        let handle = handle
        let answer = try? callWithDeadline(limit, "ask for metadata") { () throws(KafkaError) in
            try handle.withMetadata(topic: nil, limit) { _ in true }
        }
        return answer ?? false
    }
}
