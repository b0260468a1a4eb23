public import DetectionPipeline
public import KafkaClient

extension KafkaError: ClassifiedError {
    public var failureKind: FailureKind {
        if isRetriable { return .transient }
        switch code {
        case .messageTooLarge: return .poison
        default: return .permanent
        }
    }
}
