/// A request that does not reach the handler, and why.
public struct RefusedRequest: Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// Its body has more bytes than the limit.
        case bodyTooLarge(limit: Int)
        /// Its length could be read in two ways; with the words for which.
        case ambiguousLength(String)
        /// Its target is no path, or not well encoded.
        case malformedTarget
    }

    public var reason: Reason
    /// What is known of it, without its body; nil where its target is malformed.
    public var request: HTTPRequest?

    public init(_ reason: Reason, _ request: HTTPRequest? = nil) {
        self.reason = reason
        self.request = request
    }

    /// The status of HTTP that says it.
    public var status: Int { if case .bodyTooLarge = reason { 413 } else { 400 } }

    /// In words, for whoever sent it.
    public var message: String {
        switch reason {
        case .bodyTooLarge(let limit): "the request's body is larger than \(limit) bytes"
        case .ambiguousLength(let words): words
        case .malformedTarget: "the request's target is no path, or not well encoded"
        }
    }

    /// The answer where nobody words it otherwise: a line of text.
    public var response: HTTPResponse { HTTPResponse(status: status, text: message + "\n") }
}
