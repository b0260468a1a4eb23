public import DetectionPipeline
public import KafkaClient

extension KafkaError: ClassifiedError {
    public var failureKind: FailureKind {
        if isRetriable { return .transient }
        switch code {
        case .messageTooLarge: return .poison
        // Says something of the user, not of the records: they wait until it is mended.
        case .topicAuthorizationFailed: return .transient
        default: return .permanent
        }
    }
}
