import HTTPClient
public import HTTPServer
import Telemetry

/// Stands between a program and services of AWS: passes on so many calls at once, and refuses the others as the service
/// does that is asked too often.
///
/// `@unchecked Sendable` holds because the server is used where it begins and ends only.
public final class ThrottlingProxy: @unchecked Sendable {
    private struct Load {
        var underWay = 0
        var refusedCount = 0
    }

    private let server: HTTPServer
    private let load: Locked<Load>

    /// - Parameters:
    ///   - url: without a path.
    ///   - limit: calls at once.
    public init(to url: String, atOnce limit: Int) throws {
        let load = Locked(Load())
        var clientSettings = HTTPClient.Settings()
        clientSettings.timeout = .seconds(60)
        clientSettings.usesProxies = false
        let client = HTTPClient(clientSettings)
        var settings = HTTPServer.Settings()
        settings.hasThreadPerConnection = true
        settings.bodyLimit = 16 << 20
        server = try HTTPServer(settings) { request in
            let isTaken = load.withLock { load in
                let isTaken = load.underWay < limit
                if isTaken { load.underWay += 1 } else { load.refusedCount += 1 }
                return isTaken
            }
            guard isTaken else { return .throttled(request) }
            defer { load.withLock { $0.underWay -= 1 } }
            return Self.pass(request, to: url, client)
        }
        self.load = load
    }

    deinit { server.stop(within: .zero) }

    public var url: String { "http://\(server.address)" }

    /// Calls that were refused so far.
    public var refusedCount: Int { load.withLock { $0.refusedCount } }

    private static func pass(_ request: HTTPRequest, to url: String, _ client: HTTPClient) -> HTTPResponse {
        let passed = HTTPClient.Request(
            request.method,
            url + request.target,
            fields: request.headers.fields.filter { !isOfConnection($0.name) }.map {
                .init($0.name, $0.value)
            },
            body: ["POST", "PUT"].contains(request.method) ? request.body : nil
        )
        do throws(HTTPClientError) {
            let answer = try client.send(passed)
            var headers = HTTPHeaders()
            for field in answer.fields where !isOfConnection(field.name) {
                headers.add(field.name, field.value)
            }
            return HTTPResponse(status: answer.status, headers: headers, body: answer.body)
        } catch {
            return HTTPResponse(status: 502, text: error.message)
        }
    }

    /// With the host, which the signature covers.
    private static func isOfConnection(_ name: String) -> Bool {
        ["connection", "content-length", "date", "expect", "transfer-encoding"].contains(name.lowercased())
    }
}

extension HTTPResponse {
    /// How the service that a request is for says that there are too many.
    public static func throttled(_ request: HTTPRequest) -> HTTPResponse {
        if request.headers["X-Amz-Target"] != nil {
            return .fault(400, "ProvisionedThroughputExceededException", "Rate exceeded for the shard.")
        }
        if request.path.hasSuffix("/invocations") {
            return .fault(429, "TooManyRequestsException", "Rate Exceeded.")
        }
        return .xml(
            "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>",
            status: 503
        )
    }
}
