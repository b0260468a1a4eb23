/// What the simulated site is like.
public struct SiteConfiguration: Sendable {
    public enum Format: String, CaseIterable, Sendable {
        /// Apache's and nginx's combined log, then the request's time in seconds and the service.
        case combined
        /// One JSON object a line.
        case json
    }

    /// Same seed and configuration, same bytes.
    public var seed: UInt64
    /// The first moment, milliseconds since 1970, UTC.
    public var startMilliseconds: Int64
    /// How long the log is, in virtual time.
    public var duration: Duration
    /// The mean over a day; by the hour it goes from a third of it to half as much again.
    public var requestsPerSecond: Double
    public var format: Format
    /// How many incidents the seed plans, of each kind in turn. None in the first 40 % of the time.
    public var incidentCount: Int
    /// Incidents of your own instead, in order of time, not overlapping.
    public var incidents: [SimulatedIncident]?

    /// An hour from the 1st of September 2026, 10:00 UTC, unless said otherwise.
    public init(
        seed: UInt64,
        startMilliseconds: Int64 = 1_788_256_800_000,
        duration: Duration = .seconds(3600),
        requestsPerSecond: Double = 20,
        format: Format = .combined,
        incidentCount: Int = 6,
        incidents: [SimulatedIncident]? = nil
    ) {
        self.seed = seed
        self.startMilliseconds = startMilliseconds
        self.duration = duration
        self.requestsPerSecond = requestsPerSecond
        self.format = format
        self.incidentCount = incidentCount
        self.incidents = incidents
    }

    var durationMilliseconds: Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }

    /// The names of the services, the busiest first.
    public static var services: [String] { SimulatedService.site.map(\.name) }
}
