/// Why a request was not answered with scores, in words for whoever sent it.
public struct EndpointError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The body is not what its content type says.
        case malformedBody
        /// There is nothing to score.
        case noRows
        /// A row has another number of values than the model.
        case wrongDimensions
        /// A value is NaN or infinite.
        case notFinite
        /// The rows have more values than a request may have.
        case tooManyValues
        /// The body has more bytes than a request may have.
        case bodyTooLarge
        /// Where the request ends, or what it is for, could be read in two ways.
        case malformedRequest
        /// Rows are not read in this content type.
        case unsupportedContentType
        /// Scores are not written in any type that was asked for.
        case notAcceptable
        /// Nothing is served under this path, or no model under this name.
        case notFound
        /// The path is served, but not for this method.
        case methodNotAllowed
    }

    public let code: Code
    /// Names the place, and what is expected there.
    public let message: String

    /// The same request fails again.
    public var isRetriable: Bool { false }

    /// The status of HTTP that says it.
    public var status: Int {
        switch code {
        case .malformedBody, .noRows, .wrongDimensions, .notFinite, .malformedRequest: 400
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .tooManyValues, .bodyTooLarge: 413
        case .unsupportedContentType: 415
        }
    }

    public var description: String { "\(code.rawValue): \(message)" }

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
