import AWSServices
import HTTPClient

/// Sends signed requests.
enum HTTPClientForTests {
    static func status(_ request: SignableRequest) throws -> Int {
        let sent = HTTPClient.Request(request.method, request.url, fields: request.fields, body: request.body)
        return try HTTPClient().send(sent).status
    }
}
