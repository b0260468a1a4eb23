public import AWSServices
import HTTPClient
import JSONText
public import LocalLambdaModel
import Telemetry

/// Secrets of AWS Secrets Manager, or of what takes its place at an address.
public struct SecretsManager: SecretReading {
    private let endpoint: Endpoint
    private let credentials: AWSCredentials
    private let region: String
    private let client: HTTPClient

    public init(_ endpoint: Endpoint, credentials: AWSCredentials, region: String) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.region = region
        var settings = HTTPClient.Settings()
        settings.timeout = .seconds(10)
        settings.bodyLimit = 1 << 20
        settings.usesProxies = false
        client = HTTPClient(settings)
    }

    public func secret(_ id: String) throws(KafkaConnectionError) -> String {
        var json = JSONWriter()
        json.object { $0.string("SecretId", id) }
        var request = SignableRequest(
            "POST",
            endpoint,
            path: endpoint.basePath + "/",
            fields: [
                .init("Content-Type", "application/x-amz-json-1.1"),
                .init("X-Amz-Target", "secretsmanager.GetSecretValue"),
            ],
            body: Array(json.text.utf8)
        )
        RequestSigner(service: "secretsmanager", region: region)
            .sign(&request, with: credentials, at: wallClockMilliseconds())
        let answer: HTTPClient.Response
        do throws(HTTPClientError) {
            answer = try client.send(
                HTTPClient.Request(request.method, request.url, fields: request.fields, body: request.body)
            )
        } catch {
            throw KafkaConnectionError(.unreadableSecret, "secret \(id): \(error)")
        }
        let value = try? JSONValue(answer.body)
        guard answer.status == 200, let text = value?["SecretString"]?.string else {
            let code = value?["__type"]?.string ?? "no SecretString"
            throw KafkaConnectionError(.unreadableSecret, "secret \(id): status \(answer.status), \(code)")
        }
        return text
    }
}
