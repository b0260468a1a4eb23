import Telemetry

/// What the calls of one sink, or of a model outside, show.
struct SinkObserver: Sendable {
    private let name: String
    private let duration: Histogram
    private let errors: Counter
    private let health: ServiceHealth

    init(name: String, metrics: ServiceMetrics, health: ServiceHealth) {
        self.name = name
        self.health = health
        duration = metrics.sinkDuration(name)
        errors = metrics.sinkErrors(name)
    }

    func observe<Result>(_ call: () throws -> Result) throws -> Result {
        let start = ContinuousClock.now
        defer { duration.observe(start.duration(to: .now)) }
        do {
            let result = try call()
            health.clear(.sinkFailing, of: name)
            return result
        } catch {
            errors.increment()
            health.raise(.sinkFailing, of: name, "\(error)")
            throw error
        }
    }
}
