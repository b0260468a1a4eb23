public import DetectionPipeline
import HTTPClient

/// An answer that is no acknowledgement.
///
/// - Transient: 408, 425, 429 and 5xx (but 501 and 505); also 401, 403, 404, 405 and 407, which say something of the
///   address or the login and nothing of the records: they are held until somebody mends it.
/// - Poisonous: every other 4xx.
/// - Permanent: everything else, a redirect, say.
public struct HTTPRefusal: DelayedError, ThrottlingError, CustomStringConvertible {
    public let status: Int
    public let retryAfter: Duration?
    /// The beginning of the answer's body.
    private let excerpt: String

    /// Nil for an acknowledgement.
    init?(_ answer: HTTPClient.Response) {
        guard !(200..<300).contains(answer.status) else { return nil }
        status = answer.status
        // The other form, a date, is left to the backoff.
        retryAfter = answer["Retry-After"].flatMap { Int64($0) }.flatMap { $0 >= 0 ? .seconds($0) : nil }
        let text = String(decoding: answer.body.prefix(200), as: UTF8.self)
        excerpt = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    public var failureKind: FailureKind {
        switch status {
        case 401, 403, 404, 405, 407, 408, 425, 429: .transient
        case 400..<500: .poison
        case 501, 505: .permanent
        case 500..<600: .transient
        default: .permanent
        }
    }

    /// Too many requests, or a service that is overloaded (RFC 6585, section 4; RFC 9110, section 15.6.4).
    public var isThrottling: Bool { status == 429 || status == 503 }

    public var description: String { "answered \(status)" + (excerpt.isEmpty ? "" : ": \(excerpt)") }
}
