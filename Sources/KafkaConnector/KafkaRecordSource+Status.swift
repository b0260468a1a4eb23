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

    /// librdkafka tells when the last broker is gone, and not when one is back: so, while it is gone and
    /// nothing comes, one is asked now and then.
    func checkReachability(heardOfBroker: Bool) {
        if heardOfBroker {
            reachability.found()
        } else if reachability.isDueToAsk(at: .now), consumer.reachesBroker(within: Reachability.patience) {
            reachability.found()
        }
    }
}

/// Whether a broker can be reached, as far as is known.
struct Reachability {
    private(set) var isReachable = true
    private var nextQuestion: ContinuousClock.Instant?

    static let interval: Duration = .seconds(5)
    /// How long an answer is waited for, on the thread that polls.
    static let patience: Duration = .milliseconds(500)

    mutating func lost() { isReachable = false }

    mutating func found() {
        isReachable = true
        nextQuestion = nil
    }

    /// Whether to ask now; if so, not again for a while.
    mutating func isDueToAsk(at now: ContinuousClock.Instant) -> Bool {
        guard !isReachable, nextQuestion.map({ $0 <= now }) ?? true else { return false }
        nextQuestion = now + Self.interval
        return true
    }
}
