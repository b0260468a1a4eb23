public import DetectionPipeline

/// A call of a Lambda function that did not do all of its records.
///
/// - Transient: the same records come again, as by an event source mapping.
/// - Poisonous: it has failed as often as was allowed, and the record to blame is searched for.
public struct FunctionFailure: ClassifiedError, Hashable, CustomStringConvertible {
    public let reason: String
    public let failureKind: FailureKind

    public var description: String { reason }
}
