import HTTPServer
import Telemetry
import Testing

@testable import Operations

@Suite struct HealthTests {
    private let clock = Locked<Int64>(1_700_000_000_000)
    private let metrics = MetricRegistry()
    private let health: ServiceHealth

    init() {
        let clock = clock
        health = ServiceHealth(progressLimit: .seconds(60)) { clock.withLock { $0 } }
    }

    private func answer(_ path: String) throws -> HTTPResponse {
        HTTPRoutes.operations(metrics: metrics, health: health).answer(try HTTPRequest(target: path))
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test("readiness names every reason that holds, the oldest first, each with its beginning")
    func readiness() throws {
        #expect(try text(answer("/readyz")) == #"{"ready":true,"reasons":[]}"# + "\n")
        health.raise(.sinkFailing, of: "store", "disk full")
        clock.withLock { $0 += 1_000 }
        health.raise(.draining, "asked to end")
        health.raise(.sinkFailing, of: "store", "still full")
        health.raise(.sinkFailing, of: "output", "broken")
        let response = try answer("/readyz")
        #expect(response.status == 503)
        #expect(response.headers["content-type"] == "application/json")
        #expect(
            text(response) == """
                {"ready":false,"reasons":[\
                {"reason":"sink_failing","subject":"store","detail":"still full","since":"2023-11-14T22:13:20.000Z"},\
                {"reason":"draining","detail":"asked to end","since":"2023-11-14T22:13:21.000Z"},\
                {"reason":"sink_failing","subject":"output","detail":"broken","since":"2023-11-14T22:13:21.000Z"}]}

                """
        )
        health.clear(.sinkFailing, of: "store")
        health.clear(.sinkFailing, of: "output")
        #expect(health.problems.map(\.reason) == [.draining])
        health.clear(.draining)
        #expect(try answer("/readyz").status == 200)
    }

    @Test("it is alive until one turn of the main loop takes longer than it may")
    func liveness() throws {
        let start = ContinuousClock.now
        #expect(health.isAlive(at: start + .seconds(1_000)), "the start is bounded by other limits")
        health.madeProgress(at: start)
        #expect(health.isAlive(at: start + .seconds(60)))
        #expect(!health.isAlive(at: start + .seconds(61)))
        health.madeProgress(at: start + .seconds(61))
        #expect(health.isAlive(at: start + .seconds(62)))
        health.setProgressLimit(.seconds(5))
        #expect(!health.isAlive(at: start + .seconds(67)))
        health.madeProgress(at: .now - .seconds(6))
        let response = try answer("/livez")
        #expect(response.status == 503)
        #expect(text(response).hasPrefix(#"{"alive":false,"seconds_since_progress":6."#))
        health.madeProgress()
        #expect(try answer("/livez").status == 200)
    }

    @Test("metrics are Prometheus text; other paths and methods are refused")
    func metricsText() throws {
        metrics.counter("c_total", "C.").increment()
        let response = try answer("/metrics")
        #expect(response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(text(response) == "# HELP c_total C.\n# TYPE c_total counter\nc_total 1\n")
        #expect(try answer("/").status == 404)
        let routes = HTTPRoutes.operations(metrics: metrics, health: health)
        #expect(try routes.answer(HTTPRequest(method: "POST", target: "/livez")).status == 405)
    }
}
