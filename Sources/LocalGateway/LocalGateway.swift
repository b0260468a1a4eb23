public import AWSServices
import HTTPClient
public import HTTPServer
public import Telemetry

/// One port for all of AWS's services that a design needs: Lambda and SageMaker's endpoints are answered here, the others
/// passed on to the addresses given.
public final class LocalGateway: Sendable {
    /// What answers here.
    public struct Handlers: Sendable {
        /// Lambda's API.
        public var lambda: HTTPServer.Handler
        /// Whether a request without a signature's scope is for Lambda's API.
        public var isLambda: @Sendable (_ method: String, _ path: String) -> Bool
        /// Whether a request needs no signature.
        public var isUnsigned: @Sendable (_ path: String) -> Bool
        /// `/endpoints/NAME/invocations`.
        public var endpoints: HTTPServer.Handler

        public init(
            lambda: @escaping HTTPServer.Handler,
            isLambda: @escaping @Sendable (_ method: String, _ path: String) -> Bool,
            isUnsigned: @escaping @Sendable (_ path: String) -> Bool,
            endpoints: @escaping HTTPServer.Handler
        ) {
            self.lambda = lambda
            self.isLambda = isLambda
            self.isUnsigned = isUnsigned
            self.endpoints = endpoints
        }
    }

    private let handlers: Handlers
    private let services: [String: Endpoint]
    private let verifier: SignatureVerifier?
    private let client: HTTPClient
    private let logger: Logger

    /// Bytes of a request that is passed on, and of its answer, at most.
    public static let bodyLimit = 72 << 20

    /// - Parameters:
    ///   - services: addresses by the services' names.
    ///   - keys: credentials whose signatures are accepted; with none, no signature is asked for.
    public init(
        _ handlers: Handlers,
        services: [String: Endpoint],
        keys: [AWSCredentials],
        logger: Logger
    ) {
        self.handlers = handlers
        self.services = Dictionary(services.map { (Self.signingName($0.key), $0.value) }) { $1 }
        self.logger = logger
        verifier = keys.isEmpty ? nil : SignatureVerifier(keys)
        var settings = HTTPClient.Settings()
        settings.timeout = .seconds(120)
        settings.bodyLimit = Self.bodyLimit
        settings.usesProxies = false
        client = HTTPClient(settings)
    }

    /// Safe on any thread; lasts as long as what answers.
    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        if request.path == Self.healthPath { return HTTPResponse(text: "ok\n") }
        let service = RequestedService.name(of: request)
        if let refusal = refusalOfSignature(request) {
            return refusal.response(to: request, service: service)
        }
        switch service {
        case "lambda": return handlers.lambda(request)
        case nil where handlers.isLambda(request.method, request.path): return handlers.lambda(request)
        case nil where handlers.isUnsigned(request.path): return handlers.lambda(request)
        case nil where Self.isEndpoint(request.path), "sagemaker" where Self.isEndpoint(request.path):
            return handlers.endpoints(request)
        case nil:
            return GatewayRefusal(
                status: 400,
                code: "UnknownServiceException",
                message:
                    "the request says neither by signature nor by X-Amz-Target nor by host which service it is for"
            ).response(to: request, service: nil)
        case let name?: return passOn(request, to: name)
        }
    }

    /// Answers what the server itself refuses, in the form that the service's clients read.
    public func refuse(_ refused: RefusedRequest) -> HTTPResponse {
        guard let request = refused.request else { return refused.response }
        let isTooLarge = if case .bodyTooLarge = refused.reason { true } else { false }
        let refusal = GatewayRefusal(
            status: refused.status,
            code: isTooLarge ? "RequestTooLargeException" : "ValidationException",
            message: refused.message
        )
        return refusal.response(to: request, service: RequestedService.name(of: request))
    }

    /// Answered with 200 as soon as the port is open.
    public static let healthPath = "/_timberline/health"

    private static func isEndpoint(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count == 3 && parts[0] == "endpoints" && parts[2] == "invocations"
    }

    /// Names by which services are commonly called, and their names in signatures.
    private static func signingName(_ name: String) -> String {
        ["cloudwatch": "monitoring", "stepfunctions": "states", "eventbridge": "events"][name] ?? name
    }

    private func refusalOfSignature(_ request: HTTPRequest) -> GatewayRefusal? {
        guard let verifier, !handlers.isUnsigned(request.path) else { return nil }
        let received = ReceivedRequest(
            method: request.method,
            target: request.target,
            fields: request.headers.fields.map { HTTPClient.Field($0.name, $0.value) },
            body: request.body
        )
        do throws(SignatureRefusal) {
            _ = try verifier.verify(received, at: wallClockMilliseconds())
            return nil
        } catch {
            return GatewayRefusal(status: error.status, code: error.code, message: error.message)
        }
    }

    // MARK: Other services

    private func passOn(_ request: HTTPRequest, to service: String) -> HTTPResponse {
        guard let endpoint = services[service] else {
            return GatewayRefusal(
                status: 400,
                code: "ServiceNotConfiguredException",
                message: "timberline local has no address for the service \(service); give one: "
                    + "--service \(service)=http://HOST:PORT"
            ).response(to: request, service: service)
        }
        let fields = request.headers.fields.filter { !Self.isOfConnection($0.name) }
        let forwarded = HTTPClient.Request(
            request.method,
            "\(endpoint)\(endpoint.basePath)\(request.target)",
            // With the host, which the signature covers.
            fields: fields.map { HTTPClient.Field($0.name, $0.value) },
            body: request.body.isEmpty && !["POST", "PUT"].contains(request.method) ? nil : request.body
        )
        do throws(HTTPClientError) {
            let answer = try client.send(forwarded)
            var headers = HTTPHeaders()
            for field in answer.fields where !Self.isOfConnection(field.name) {
                headers.add(field.name, field.value)
            }
            var response = HTTPResponse(status: answer.status, headers: headers, body: answer.body)
            // An answer to HEAD says how long the object is, and brings none of it.
            response.headBodyLength = answer["Content-Length"].flatMap { UInt64($0) }
            return response
        } catch {
            logger.warning(
                "local_service_unreachable",
                "a request could not be passed on",
                ["service": .string(service), "reason": .string("\(error)")]
            )
            return GatewayRefusal(
                status: 503,
                code: "ServiceUnavailable",
                message: "the service \(service) at \(endpoint) does not answer: \(error)"
            ).response(to: request, service: service)
        }
    }

    /// Fields of one connection, which each side sets for itself (RFC 9110, section 7.6.1).
    private static func isOfConnection(_ name: String) -> Bool {
        [
            "connection", "content-length", "date", "expect", "keep-alive", "proxy-connection", "te",
            "trailer",
            "transfer-encoding", "upgrade",
        ].contains(name.lowercased())
    }
}
