/// What an error of a sink, a source or a store says of trying again.
public enum FailureKind: Sendable, Hashable {
    /// The same call may succeed later: a broker is away, a lock is held, a disk is full.
    case transient
    /// The call can never succeed with this content, and may with other: a record is too
    /// large, or refused for what it holds.
    case poison
    /// No call can succeed until somebody mends something.
    case permanent
}

/// An error that knows its kind. Others count as permanent.
public protocol ClassifiedError: Error {
    var failureKind: FailureKind { get }
}

extension FailureKind {
    init(_ error: any Error) {
        self = (error as? any ClassifiedError)?.failureKind ?? .permanent
    }
}
