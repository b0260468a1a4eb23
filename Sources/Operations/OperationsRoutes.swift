public import HTTPServer
public import Telemetry

extension HTTPRoutes {
    /// What the operations port answers: `/metrics`, `/livez` and `/readyz`.
    ///
    /// The probes answer 200 or 503, with JSON that says why.
    public static func operations(metrics: MetricRegistry, health: ServiceHealth) -> HTTPRoutes {
        var routes = HTTPRoutes()
        routes.add("GET", "/metrics") { _ in
            HTTPResponse(text: metrics.prometheusText(), contentType: MetricRegistry.prometheusContentType)
        }
        routes.add("GET", "/livez") { _ in
            let isAlive = health.isAlive()
            return .probe(isAlive) { json in
                json.boolean("alive", isAlive)
                json.number("seconds_since_progress", health.timeSinceProgress().map { $0 / .seconds(1) })
            }
        }
        routes.add("GET", "/readyz") { _ in
            let problems = health.problems
            return .probe(problems.isEmpty) { json in
                json.boolean("ready", problems.isEmpty)
                json.array("reasons") { json in
                    for problem in problems { json.object { problem.write(to: &$0) } }
                }
            }
        }
        return routes
    }
}

extension HTTPResponse {
    fileprivate static func probe(_ isGood: Bool, _ members: (inout JSONWriter) -> Void) -> HTTPResponse {
        var json = JSONWriter()
        json.object(nil, members)
        return HTTPResponse(
            status: isGood ? 200 : 503,
            text: json.text + "\n",
            contentType: "application/json"
        )
    }
}

extension ServiceHealth.Problem {
    fileprivate func write(to json: inout JSONWriter) {
        json.string("reason", reason.rawValue)
        if !subject.isEmpty { json.string("subject", subject) }
        json.string("detail", detail)
        json.string("since", timestampText(milliseconds: since))
    }
}
