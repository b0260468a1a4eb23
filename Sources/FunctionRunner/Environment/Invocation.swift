/// An event on its way to a function.
struct Invocation: Sendable, Equatable {
    var requestID: String
    /// As the invoker named the function.
    var functionARN: String
    /// `$LATEST` or a number.
    var version: String
    /// AWS X-Ray's.
    var traceID: String
    var clientContext: String?
    var event: [UInt8]
}
