import HTTPServer
import Telemetry

/// Why the gateway does not answer or pass on a request, in the form that the service's clients read.
struct GatewayRefusal {
    let status: Int
    let code: String
    let message: String

    /// Clients of the query protocol and of S3 read XML, all others JSON.
    func response(to request: HTTPRequest, service: String?) -> HTTPResponse {
        let contentType = request.headers["Content-Type"] ?? ""
        if service == "s3" {
            return xml("<Error><Code>\(code)</Code><Message>\(escaped)</Message></Error>")
        }
        if contentType.hasPrefix("application/x-www-form-urlencoded") {
            return xml(
                "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>\(escaped)</Message></Error>"
                    + "</ErrorResponse>"
            )
        }
        var json = JSONWriter()
        json.object { json in
            json.string("__type", code)
            json.string("message", message)
            json.string("Message", message)
        }
        // The JSON protocols have content types of their own (application/x-amz-json-1.1).
        let isJSONProtocol = contentType.hasPrefix("application/x-amz-json-")
        return HTTPResponse(
            status: status,
            headers: [
                "Content-Type": isJSONProtocol ? contentType : "application/json", "x-amzn-ErrorType": code,
            ],
            body: Array(json.text.utf8)
        )
    }

    private func xml(_ text: String) -> HTTPResponse {
        HTTPResponse(
            status: status,
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text,
            contentType: "text/xml"
        )
    }

    private var escaped: String {
        message.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
