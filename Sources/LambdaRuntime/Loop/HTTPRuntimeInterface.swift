import HTTPClient
import JSONText

/// The Runtime API, version 2018-06-01, over HTTP on the loopback.
///
/// Source: AWS Lambda Developer Guide, "Using the Lambda runtime API for custom runtimes".
public final class HTTPRuntimeInterface: RuntimeInterface {
    private let client: HTTPClient
    private let base: String

    /// - Parameter address: `HOST:PORT`, as `AWS_LAMBDA_RUNTIME_API` has it.
    public init(address: String) {
        var settings = HTTPClient.Settings()
        settings.timeout = HTTPClient.unlimited
        // The API is in the same machine; a proxy is for the function's own calls.
        settings.usesProxies = false
        client = HTTPClient(settings)
        base = "http://\(address)/2018-06-01/runtime"
    }

    public func next() throws(RuntimeInterfaceError) -> Invocation {
        let response = try send("GET", "/invocation/next")
        guard response.status == 200 else { throw unexpected(response, "next") }
        guard let requestID = response["Lambda-Runtime-Aws-Request-Id"], !requestID.isEmpty else {
            throw RuntimeInterfaceError(.failed, "the Runtime API gave an invocation without an id")
        }
        return Invocation(
            requestID: requestID,
            // Without a deadline none is near.
            deadlineMilliseconds: response["Lambda-Runtime-Deadline-Ms"].flatMap { Int64($0) } ?? .max,
            functionARN: response["Lambda-Runtime-Invoked-Function-Arn"] ?? "",
            traceID: response["Lambda-Runtime-Trace-Id"],
            clientContext: response["Lambda-Runtime-Client-Context"],
            cognitoIdentity: response["Lambda-Runtime-Cognito-Identity"],
            tenantID: response["Lambda-Runtime-Aws-Tenant-Id"],
            event: response.body
        )
    }

    public func respond(
        to requestID: String,
        with response: [UInt8]
    ) throws(RuntimeInterfaceError) -> ReportOutcome {
        try report(
            "/invocation/\(requestID)/response",
            response,
            [HTTPClient.Field("Content-Type", "application/json")]
        )
    }

    public func fail(
        _ requestID: String,
        with error: FunctionError
    ) throws(RuntimeInterfaceError) -> ReportOutcome {
        try report("/invocation/\(requestID)/error", error.json, Self.fields(of: error))
    }

    public func failInitialization(with error: FunctionError) throws(RuntimeInterfaceError) {
        _ = try report("/init/error", error.json, Self.fields(of: error))
    }

    private static func fields(of error: FunctionError) -> [HTTPClient.Field] {
        [
            HTTPClient.Field("Content-Type", "application/vnd.aws.lambda.error+json"),
            HTTPClient.Field("Lambda-Runtime-Function-Error-Type", error.fieldValue),
        ]
    }

    private func report(
        _ path: String,
        _ body: [UInt8],
        _ fields: [HTTPClient.Field]
    ) throws(RuntimeInterfaceError) -> ReportOutcome {
        let response = try send("POST", path, fields, body)
        switch response.status {
        case 202: return .accepted
        case 413: return .tooLarge(Self.reason(in: response))
        case 400, 403: return .refused(Self.reason(in: response))
        default: throw unexpected(response, path)
        }
    }

    private func send(
        _ method: String,
        _ path: String,
        _ fields: [HTTPClient.Field] = [],
        _ body: [UInt8]? = nil
    ) throws(RuntimeInterfaceError) -> HTTPClient.Response {
        do throws(HTTPClientError) {
            return try client.send(HTTPClient.Request(method, base + path, fields: fields, body: body))
        } catch {
            throw RuntimeInterfaceError(.unreachable, "the Runtime API cannot be reached: \(error)")
        }
    }

    private func unexpected(_ response: HTTPClient.Response, _ place: String) -> RuntimeInterfaceError {
        RuntimeInterfaceError(
            .failed,
            "the Runtime API answered \(place) with status \(response.status): \(Self.reason(in: response))"
        )
    }

    private static func reason(in response: HTTPClient.Response) -> String {
        (try? JSONValue(response.body))?["errorMessage"]?.string
            ?? String(decoding: response.body.prefix(1_024), as: UTF8.self)
    }
}
