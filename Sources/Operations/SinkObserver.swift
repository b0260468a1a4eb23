import Telemetry

/// What the calls of one sink show.
struct SinkObserver {
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

    func observe(_ store: () throws -> Void) throws {
        let start = ContinuousClock.now
        defer { duration.observe(start.duration(to: .now)) }
        do {
            try store()
            health.clear(.sinkFailing, of: name)
        } catch {
            errors.increment()
            health.raise(.sinkFailing, of: name, "\(error)")
            throw error
        }
    }
}
