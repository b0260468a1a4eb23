public import HTTPServer
import LocalLambdaModel
import Telemetry

/// A refusal, in the words of Lambda's model.
public struct ControlPlaneError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The model's errors that are given here.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case invalidParameterValue = "InvalidParameterValueException"
        case resourceNotFound = "ResourceNotFoundException"
        case resourceConflict = "ResourceConflictException"
        case preconditionFailed = "PreconditionFailedException"
        case requestTooLarge = "RequestTooLargeException"
        case requestEntityTooLarge = "RequestEntityTooLargeException"
        case invalidRequestContent = "InvalidRequestContentException"
        case tooManyRequests = "TooManyRequestsException"
        case invalidRuntime = "InvalidRuntimeException"
        case codeStorageExceeded = "CodeStorageExceededException"
        case service = "ServiceException"
        /// No operation of Lambda's has this path, or none that is there has it.
        case unknownOperation = "UnknownOperationException"
        case notImplemented = "NotImplementedException"

        /// Source: botocore's model of Lambda; the last two are no errors of the model.
        public var status: Int {
            switch self {
            case .invalidParameterValue, .invalidRequestContent, .codeStorageExceeded: 400
            case .resourceNotFound, .unknownOperation: 404
            case .resourceConflict: 409
            case .preconditionFailed: 412
            case .requestTooLarge, .requestEntityTooLarge: 413
            case .tooManyRequests: 429
            case .service: 500
            case .notImplemented: 501
            case .invalidRuntime: 502
            }
        }
    }

    public var code: Code
    public var message: String
    /// Of `tooManyRequests`.
    public var reason: String?

    public init(_ code: Code, _ message: String, reason: String? = nil) {
        self.code = code
        self.message = message
        self.reason = reason
    }

    init(_ refusal: InvocationRefusal) {
        let code: Code =
            switch refusal.code {
            case .resourceNotFound: .resourceNotFound
            case .tooManyRequests: .tooManyRequests
            case .requestTooLarge: .requestTooLarge
            case .invalidRequestContent: .invalidRequestContent
            case .invalidRuntime: .invalidRuntime
            case .resourceConflict: .resourceConflict
            case .service: .service
            }
        self.init(code, refusal.message, reason: refusal.throttleReason?.rawValue)
    }

    /// Whether the same request may succeed later without anybody's doing.
    public var isRetriable: Bool { code == .tooManyRequests || code == .service }

    public var description: String { message }

    /// As Lambda sends it. The model has the message as `message` in some errors and as `Message` in others: here it
    /// is under both names in all of them.
    public var response: HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.string("Type", code.status < 500 ? "User" : "Service")
            json.string("message", message)
            json.string("Message", message)
            if let reason { json.string("Reason", reason) }
        }
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "x-amzn-ErrorType": code.rawValue,
        ]
        if code == .tooManyRequests { headers.add("Retry-After", "1") }
        return HTTPResponse(status: code.status, headers: headers, body: Array(json.text.utf8))
    }
}

extension ControlPlaneError {
    static func invalid(_ message: String) -> ControlPlaneError {
        ControlPlaneError(.invalidParameterValue, message)
    }

    /// In the words that Lambda has for a value outside of its bounds.
    static func invalid(_ name: String, _ value: String, _ constraint: String) -> ControlPlaneError {
        let member = name.prefix(1).lowercased() + name.dropFirst()
        return invalid(
            "1 validation error detected: Value '\(value.prefix(200))' at '\(member)' failed to satisfy constraint: "
                + constraint
        )
    }
}
