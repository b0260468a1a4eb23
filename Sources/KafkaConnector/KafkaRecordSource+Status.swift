public import KafkaClient

extension KafkaRecordSource {
    /// What is known of the connection and the partitions, without asking anybody.
    public struct Status: Sendable {
        /// Whether the group has given this member partitions, be it none of them.
        public var hasBeenAssigned: Bool
        public var isBrokerReachable: Bool
        /// Records behind by partition; partitions of which it is not known yet are absent.
        public var lag: [KafkaTopicPartition: Int64]
        /// Errors so far, by librdkafka's name for them.
        public var errors: [String: Int]
    }

    public var status: Status {
        Status(
            hasBeenAssigned: hasBeenAssigned,
            isBrokerReachable: reachability.isReachable,
            lag: consumer.lag(),
            errors: errorCounts
        )
    }

    /// Ends the wait of `next` early, from any thread.
    public var waker: KafkaConsumerWaker { consumer.waker }

    /// Whoever sends something is there. While nothing comes, a broker is asked now and then: librdkafka tells when the
    /// last one is gone, but misses it at times, and does not tell when one is back.
    func checkReachability(heardOfBroker: Bool) {
        if heardOfBroker {
            reachability.answered(at: .now)
        } else if reachability.isDueToAsk(at: .now) {
            if consumer.reachesBroker(within: Reachability.patience) {
                reachability.answered(at: .now)
            } else {
                reachability.missed()
            }
        }
    }
}
