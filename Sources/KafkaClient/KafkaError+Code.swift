extension KafkaError {
    /// The name of an error. Names that librdkafka or a broker gives are their
    /// own: those starting with an underscore arose in librdkafka.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let name: String

        public init(_ name: String) { self.name = name }

        public var description: String { name }
    }
}

extension KafkaError.Code {
    /// A property that librdkafka does not know.
    public static let unknownProperty = Self("UNKNOWN_PROPERTY")
    /// A property with a value that librdkafka refuses, or two that contradict each other.
    public static let invalidProperty = Self("INVALID_PROPERTY")
    /// A property that this client sets by itself.
    public static let reservedProperty = Self("RESERVED_PROPERTY")
    /// Something that the librdkafka at hand cannot do soundly.
    public static let unsupportedByLibrary = Self("UNSUPPORTED_BY_LIBRARY")
    /// The broker refused SCRAM, and librdkafka's own defect may be the reason.
    public static let scramRefused = Self("SCRAM_REFUSED")
    /// No broker answered before the deadline.
    public static let noBrokerAnswers = Self("NO_BROKER_ANSWERS")
    /// Called on a client that is closed, or out of order.
    public static let invalidState = Self("INVALID_STATE")
    /// A topic whose settings do not fit what it is to hold.
    public static let unsuitableTopic = Self("UNSUITABLE_TOPIC")

    /// The broker refused the login.
    public static let authentication = Self("_AUTHENTICATION")
    /// TLS failed: an unknown authority, a wrong host name, a missing certificate.
    public static let tls = Self("_SSL")
    /// The broker refused this client's certificate, or that there is none.
    public static let certificateRefused = Self("CERTIFICATE_REFUSED")
    public static let allBrokersDown = Self("_ALL_BROKERS_DOWN")
    public static let transport = Self("_TRANSPORT")
    public static let timedOut = Self("_TIMED_OUT")
    public static let queueFull = Self("_QUEUE_FULL")
    public static let maximumPollExceeded = Self("_MAX_POLL_EXCEEDED")
    public static let fenced = Self("_FENCED")
    public static let illegalGeneration = Self("ILLEGAL_GENERATION")
    public static let unknownMember = Self("UNKNOWN_MEMBER_ID")
    public static let rebalanceInProgress = Self("REBALANCE_IN_PROGRESS")
    /// Another broker leads the partition by now.
    public static let notLeader = Self("NOT_LEADER_FOR_PARTITION")
    public static let unknownTopicOrPartition = Self("UNKNOWN_TOPIC_OR_PART")
    public static let topicAuthorizationFailed = Self("TOPIC_AUTHORIZATION_FAILED")
    public static let topicAlreadyExists = Self("TOPIC_ALREADY_EXISTS")
    public static let messageTooLarge = Self("MSG_SIZE_TOO_LARGE")
}
