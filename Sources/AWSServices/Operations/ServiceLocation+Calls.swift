import HTTPClient
import JSONText
import Telemetry

/// The two forms of JSON calls that name the operation in a field.
enum JSONProtocol: String {
    case version10 = "application/x-amz-json-1.0"
    case version11 = "application/x-amz-json-1.1"
}

extension ServiceLocation {
    /// - Parameters:
    ///   - target: the operation with its service's version: `DynamoDB_20120810.PutItem`.
    ///   - members: of the request's object.
    func jsonCall(
        _ form: JSONProtocol,
        _ target: String,
        _ members: (inout JSONWriter) -> Void
    ) -> SignableRequest {
        var json = JSONWriter()
        json.object { members(&$0) }
        return SignableRequest(
            "POST",
            endpoint,
            fields: [.init("Content-Type", form.rawValue), .init("X-Amz-Target", target)],
            body: Array(json.text.utf8)
        )
    }

    /// A call of the query protocol: parameters as a form, the answer in XML.
    func queryCall(_ action: String, version: String, _ parameters: [(String, String)]) -> SignableRequest {
        let all = [("Action", action), ("Version", version)] + parameters
        let form = all.map { SignableRequest.Parameter($0.0, $0.1).encoded }.joined(separator: "&")
        return SignableRequest(
            "POST",
            endpoint,
            fields: [.init("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(form.utf8)
        )
    }
}

extension AWSOperation {
    func json(_ response: HTTPClient.Response) throws(AWSError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(response.body)
        } catch {
            throw malformedAnswer(error.message)
        }
    }

    func xml(_ response: HTTPClient.Response) throws(AWSError) -> XMLElement {
        guard let element = XMLElement(response.body) else { throw malformedAnswer("the answer is no XML") }
        return element
    }
}
