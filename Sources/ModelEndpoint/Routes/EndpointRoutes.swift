public import HTTPServer
import Telemetry

/// Answers requests as SageMaker's hosting container does, and as the SageMaker Runtime in front of one does.
///
/// | method and path | answer |
/// |---|---|
/// | GET `/ping` | 200 and nothing |
/// | POST `/invocations` | scores by the standard model |
/// | GET `/execution-parameters` | limits for a batch transform |
/// | POST `/endpoints/{name}/invocations` | scores by that endpoint's model; errors as the SageMaker Runtime words them |
/// | GET `/metrics` | Prometheus' text |
///
/// A function of the request, whatever server it is from; on any thread.
public struct EndpointRoutes: Sendable {
    private let models: ModelRegistry
    private let standard: String
    private let limits: TransformLimits
    private let metrics: EndpointMetrics
    private let requestIdentifiers = RequestIdentifiers()

    /// - Parameter standard: the endpoint that `/invocations` leads to.
    public init(
        models: ModelRegistry,
        standard: String,
        limits: TransformLimits = TransformLimits(),
        metrics: EndpointMetrics = EndpointMetrics()
    ) {
        self.models = models
        self.standard = standard
        self.limits = limits
        self.metrics = metrics
    }

    public func answer(_ request: HTTPRequest) -> HTTPResponse {
        switch request.path {
        case "/invocations":
            return answer(request, only: "POST") { request in
                switch score(request, standard) {
                case .success(let response): response
                case .failure(let error): .containerError(error)
                }
            }
        case "/ping": return answer(request, only: "GET") { _ in HTTPResponse() }
        case "/execution-parameters": return answer(request, only: "GET") { _ in .json(limits.json) }
        case "/metrics":
            return answer(request, only: "GET") { _ in
                HTTPResponse(
                    text: metrics.registry.prometheusText(),
                    contentType: MetricRegistry.prometheusContentType
                )
            }
        default:
            guard let endpoint = Self.endpointName(request.path) else {
                return .containerError(EndpointError(.notFound, "nothing is served under \(request.path)"))
            }
            guard request.method == "POST" else {
                return runtimeResponse(.failure(Self.notAllowed(request, "POST")))
            }
            return runtimeResponse(score(request, endpoint))
        }
    }

    /// Answers what the server itself refuses, in the same forms.
    public func refuse(_ refused: RefusedRequest) -> HTTPResponse {
        let isTooLarge = if case .bodyTooLarge = refused.reason { true } else { false }
        let error = EndpointError(isTooLarge ? .bodyTooLarge : .malformedRequest, refused.message)
        let path = refused.request?.path ?? ""
        guard let endpoint = Self.endpointName(path) else {
            if path == "/invocations" { metrics.countRefusal(standard, status: error.status) }
            return .containerError(error)
        }
        guard models[endpoint] != nil else { return runtimeResponse(.failure(unknown(endpoint))) }
        metrics.countRefusal(endpoint, status: error.status)
        return runtimeResponse(.failure(error))
    }

    /// The answer to `InvokeEndpoint` of the SageMaker Runtime.
    private func runtimeResponse(_ result: Result<HTTPResponse, EndpointError>) -> HTTPResponse {
        var response: HTTPResponse
        switch result {
        case .success(let scores):
            response = scores
            response.headers.add("x-Amzn-Invoked-Production-Variant", "AllTraffic")
        case .failure(let error): response = .runtimeError(error)
        }
        response.headers.add("x-amzn-RequestId", requestIdentifiers.next())
        return response
    }

    private func unknown(_ endpoint: String) -> EndpointError {
        metrics.countRefusal("(unknown)", status: 404)
        return EndpointError(.notFound, "Endpoint \(endpoint) not found.")
    }

    private func score(_ request: HTTPRequest, _ endpoint: String) -> Result<HTTPResponse, EndpointError> {
        let start = ContinuousClock.now
        guard let model = models[endpoint] else { return .failure(unknown(endpoint)) }
        do throws(EndpointError) {
            // Before any work: what cannot be answered is not scored.
            let answerFormat = try ModelFormat(accept: request.headers["Accept"])
            let format = try ModelFormat(contentType: request.headers["Content-Type"])
            let rows = try format.readRows(request.body, dimensions: model.dimensions)
            let scores = model.scores(rows)
            let body = answerFormat.write(scores, isBare: rows.isBare)
            metrics.countAnswer(endpoint, rows: rows.count, took: start.duration(to: .now))
            return .success(HTTPResponse(headers: ["Content-Type": answerFormat.rawValue], body: body))
        } catch {
            metrics.countRefusal(endpoint, status: error.status)
            return .failure(error)
        }
    }

    private func answer(
        _ request: HTTPRequest,
        only method: String,
        _ handler: (HTTPRequest) -> HTTPResponse
    ) -> HTTPResponse {
        // The server leaves the body of an answer to HEAD out.
        if request.method == method || (method == "GET" && request.method == "HEAD") {
            return handler(request)
        }
        var response = HTTPResponse.containerError(Self.notAllowed(request, method))
        response.headers.add("Allow", method == "GET" ? "GET, HEAD" : method)
        return response
    }

    private static func notAllowed(_ request: HTTPRequest, _ method: String) -> EndpointError {
        EndpointError(.methodNotAllowed, "\(request.path) takes \(method), not \(request.method)")
    }

    /// NAME of `/endpoints/NAME/invocations`; nil for another path.
    private static func endpointName(_ path: String) -> String? {
        let (prefix, suffix) = ("/endpoints/", "/invocations")
        guard path.hasPrefix(prefix), path.hasSuffix(suffix),
            path.utf8.count > prefix.utf8.count + suffix.utf8.count
        else { return nil }
        let name = path.dropFirst(prefix.count).dropLast(suffix.count)
        return name.contains("/") ? nil : String(name)
    }
}
