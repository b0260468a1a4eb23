public import Telemetry

/// The metrics of requests, by endpoint; `docs/ENDPOINT.md` lists them.
public final class EndpointMetrics: Sendable {
    public let registry: MetricRegistry
    private let answered: Locked<[String: Answered]>

    /// What every request that got its scores changes: looked up once, as it is counted often.
    private struct Answered: Sendable {
        let requests: Counter
        let rows: Counter
        let duration: Histogram
    }

    /// From a tenth of a millisecond to ten seconds.
    private static let durationBounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    public init(_ registry: MetricRegistry = MetricRegistry()) {
        self.registry = registry
        answered = Locked([:])
    }

    func countAnswer(_ endpoint: String, rows: Int, took: Duration) {
        let known = answered.withLock { $0[endpoint] }
        let metrics = known ?? makeAnswered(endpoint)
        metrics.requests.increment()
        metrics.rows.increment(by: rows)
        metrics.duration.observe(took)
    }

    /// - Parameter endpoint: one that there is, or a name for all that there are not.
    func countRefusal(_ endpoint: String, status: Int) {
        requests(endpoint, status: status).increment()
    }

    private func makeAnswered(_ endpoint: String) -> Answered {
        let made = Answered(
            requests: requests(endpoint, status: 200),
            rows: registry.counter(
                "timberline_endpoint_rows_total",
                "Rows that were scored.",
                labels: ["endpoint": endpoint]
            ),
            duration: registry.histogram(
                "timberline_endpoint_request_duration_seconds",
                "Time from a request's last byte to its answer, of those that were answered with scores.",
                upperBounds: Self.durationBounds,
                labels: ["endpoint": endpoint]
            )
        )
        answered.withLock { $0[endpoint] = made }
        return made
    }

    private func requests(_ endpoint: String, status: Int) -> Counter {
        registry.counter(
            "timberline_endpoint_requests_total",
            "Requests for scores, by the status of their answer.",
            labels: ["endpoint": endpoint, "status": String(status)]
        )
    }
}
