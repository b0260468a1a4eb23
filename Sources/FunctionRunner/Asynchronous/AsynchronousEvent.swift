import LocalLambdaModel

/// An event that nobody waits for.
struct AsynchronousEvent: Sendable, Equatable {
    /// The same at each try, as on AWS.
    var requestID: String
    var request: InvocationRequest
    /// When it was taken, milliseconds since 1970.
    var takenAt: Int64
    /// Tries that the function has failed.
    var failures = 0
    /// Tries that have not come to the function, as it was throttled or could not run.
    var refusals = 0
    /// When it is to be tried, milliseconds since 1970.
    var dueAt: Int64
}
