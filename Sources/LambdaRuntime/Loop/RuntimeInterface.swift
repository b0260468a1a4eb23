/// What a function asks of Lambda and tells it. Called from several threads where there are several loops.
public protocol RuntimeInterface: AnyObject, Sendable {
    /// Waits for an event, however long: the environment may be frozen meanwhile.
    ///
    /// - Throws: where there can be no other one.
    func next() throws(RuntimeInterfaceError) -> Invocation

    func respond(to requestID: String, with response: [UInt8]) throws(RuntimeInterfaceError) -> ReportOutcome

    func fail(_ requestID: String, with error: FunctionError) throws(RuntimeInterfaceError) -> ReportOutcome

    /// Says that the function cannot begin. The process is to end then.
    func failInitialization(with error: FunctionError) throws(RuntimeInterfaceError)
}

/// What became of an answer.
public enum ReportOutcome: Sendable, Hashable {
    case accepted
    /// Over 6 MiB: the invoker was told so. The function goes on.
    case tooLarge(String)
    /// Answered already, or of no invocation that is under way. The function goes on.
    case refused(String)
}

/// Why there is nothing more to be had from the Runtime API.
public struct RuntimeInterfaceError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// No address of the API in the environment: this is no Lambda.
        case noAddress
        /// No connection, or it broke.
        case unreachable
        /// The API failed, or answered what its contract does not know.
        case failed
    }

    public let code: Code
    public let message: String

    /// The process is to end; Lambda starts another.
    public var isRetriable: Bool { false }

    public var description: String { message }

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
