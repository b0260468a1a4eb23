public import AWSServices
import HTTPClient
public import HTTPServer

extension HTTPRequest {
    /// This request for ``SignatureVerifier``.
    public var received: ReceivedRequest {
        ReceivedRequest(
            method: method,
            target: target,
            fields: headers.fields.map { HTTPClient.Field($0.name, $0.value) },
            body: body
        )
    }
}
