import HTTPServer
import JSONText

/// What a process tells of an error: the body, and its type.
struct FunctionErrorBody {
    var type: String
    /// As it was sent.
    var json: [UInt8]

    init(_ request: HTTPRequest, isTooLarge: Bool) {
        json = isTooLarge ? InvocationFailure.responseTooLarge.json(requestID: "") : request.body
        type =
            request.headers["Lambda-Runtime-Function-Error-Type"]
            ?? (try? JSONValue(json))?["errorType"]?.string ?? "Runtime.Unknown"
    }
}
