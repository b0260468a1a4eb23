import HTTPServer
import Telemetry

extension HTTPResponse {
    static func json(status: Int = 200, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, text: text, contentType: "application/json")
    }

    /// An error as a container answers it: `{"code":"wrongDimensions","message":"…"}`.
    static func containerError(_ error: EndpointError) -> HTTPResponse {
        var json = JSONWriter()
        json.object { json in
            json.string("code", error.code.rawValue)
            json.string("message", error.message)
        }
        return .json(status: error.status, json.text)
    }

    /// An error as the SageMaker Runtime answers it: of the request itself, or of the container behind it.
    static func runtimeError(_ error: EndpointError) -> HTTPResponse {
        switch error.code {
        case .notFound, .malformedRequest: return validationError(error.message)
        case .methodNotAllowed:
            var response = validationError(error.message, status: error.status)
            response.headers.add("Allow", "POST")
            return response
        default: return modelError(error)
        }
    }

    private static func validationError(_ message: String, status: Int = 400) -> HTTPResponse {
        var json = JSONWriter()
        json.object { $0.string("Message", message) }
        var response = HTTPResponse.json(status: status, json.text)
        response.headers.add("x-amzn-ErrorType", "ValidationError")
        return response
    }

    /// An error of the container as the SageMaker Runtime hands it on: 424, the container's own words inside.
    private static func modelError(_ error: EndpointError) -> HTTPResponse {
        let original = String(decoding: HTTPResponse.containerError(error).body, as: UTF8.self)
        var json = JSONWriter()
        json.object { json in
            json.string("ErrorCode", "")
            json.string("LogStreamArn", "")
            json.string(
                "Message",
                "Received client error (\(error.status)) from primary with message \"\(error.message)\""
            )
            json.string("OriginalMessage", original)
            json.integer("OriginalStatusCode", error.status)
        }
        var response = HTTPResponse.json(status: 424, json.text)
        response.headers.add("x-amzn-ErrorType", "ModelError")
        return response
    }
}
