import CLibrdkafka

extension ClientHandle {
    /// Waits until a broker answers, and returns the cluster's id.
    ///
    /// - Throws: at once what no waiting mends (a refused login, a failed TLS
    ///   handshake, a fatal error); `noBrokerAnswers` at the deadline, with the
    ///   last thing that went wrong.
    ///
    /// - Parameter serving: whether to serve the client's main queue meanwhile;
    ///   not on a consumer that has subscribed, whose records are in it.
    func clusterIdentifier(within limit: Duration, serving: Bool = true) throws(KafkaError) -> String {
        let deadline = Deadline(after: limit)
        var last: KafkaError?
        repeat {
            if let text = rd_kafka_clusterid(pointer, deadline.milliseconds(atMost: .milliseconds(100))) {
                defer { rd_kafka_mem_free(pointer, text) }
                return String(cString: text)
            }
            guard serving else { continue }
            rd_kafka_poll(pointer, 0)
            for error in context.takeErrors() {
                if error.isFatal || Self.hopeless.contains(error.code) { throw error }
                // That all brokers are down says less than why one is.
                if last == nil || error.code != .allBrokersDown { last = error }
            }
        } while !deadline.hasPassed
        throw KafkaError(
            .noBrokerAnswers,
            "no broker of \(context.brokers) answered within \(limit)"
                + (last.map { ": \($0.message)" } ?? ""),
            isRetriable: true,
            remedy: "check bootstrap.servers, security.protocol and that the broker runs"
        )
    }

    private static let hopeless: Set<KafkaError.Code> = [
        .authentication, .certificateRefused, .scramRefused, .tls,
    ]
}
