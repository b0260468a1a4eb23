public import AWSServices
public import DetectionPipeline

/// - Transient: what the service may take later, and also what says something of the credentials, the address or the
///   table's existence and nothing of the records: they are held until somebody mends it.
/// - Poisonous: what the service refuses for what it holds.
/// - Permanent: settings that nothing can be made of, and answers that are none of the service's.
extension AWSError: DelayedError, ThrottlingError {
    public var failureKind: FailureKind {
        switch code {
        case .throttled, .serverFault, .timedOut, .unreachable, .conflict: .transient
        case .credentials, .accessDenied, .notFound: .transient
        case .refused: .poison
        case .configuration, .conditionFailed, .invalidAnswer: .permanent
        }
    }

    public var isThrottling: Bool { code == .throttled }
}
