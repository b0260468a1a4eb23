/// A seeded simulator of a busy site's access log, with labelled incidents.
///
/// It reads no clock: time is virtual, from the configuration's start on. Requests arrive as a Poisson process
/// whose rate follows the hour; times and sizes are log-normal with a heavy tail.
/// - Complexity: about a microsecond for each line.
public struct SiteSimulator: Sendable {
    /// The incidents that the log holds, in order of time.
    public let incidents: [SimulatedIncident]

    private let configuration: SiteConfiguration
    private let endMilliseconds: Double
    private let choices: RequestChoices
    private var writer: RequestWriter
    private var random: SimulatorRandom
    private var now: Double
    /// The first incident that is not over.
    private var current = 0

    public init(_ configuration: SiteConfiguration) {
        self.configuration = configuration
        random = SimulatorRandom(seed: configuration.seed)
        now = Double(configuration.startMilliseconds)
        let end = configuration.startMilliseconds + configuration.durationMilliseconds
        endMilliseconds = Double(end)
        incidents =
            configuration.incidents
            ?? SimulatedIncident.plan(
                count: configuration.incidentCount,
                from: configuration.startMilliseconds,
                to: end,
                services: SiteConfiguration.services,
                random: &random
            )
        choices = RequestChoices(services: SimulatedService.site)
        writer = RequestWriter(format: configuration.format, services: SimulatedService.site, random: &random)
    }

    /// Appends the next line with its line feed; nil, and nothing appended, at the end of the log.
    public mutating func next(into bytes: inout [UInt8]) -> SimulatedLine? {
        while let incident = advance() {
            guard let (request, isOdd) = request(during: incident.active) else { continue }
            let milliseconds = Int64(now)
            writer.write(request, at: milliseconds, random: &random, into: &bytes)
            return SimulatedLine(
                milliseconds: milliseconds,
                service: SimulatedService.site[request.service].name,
                incident: isOdd ? incident.index : nil
            )
        }
        return nil
    }

    /// Goes to the next arrival. Nil at the end.
    private mutating func advance() -> (index: Int, active: SimulatedIncident?)? {
        let isScanned = current < incidents.count && active?.kind == .scanner
        let rate = configuration.requestsPerSecond * DayShape.factor(at: now) * (isScanned ? 1.5 : 1)
        now += random.exponential() * 1000 / max(rate, 1e-9)
        guard now < endMilliseconds else { return nil }
        while current < incidents.count, Double(incidents[current].endMilliseconds) <= now { current += 1 }
        return (current, active)
    }

    private var active: SimulatedIncident? {
        guard current < incidents.count, incidents[current].isActive(at: Int64(now)) else { return nil }
        return incidents[current]
    }

    /// A request, and whether the incident shows in it. Nil where the incident swallows it.
    private mutating func request(during incident: SimulatedIncident?) -> (SimulatedRequest, Bool)? {
        guard let incident else { return (choices.request(&random), false) }
        if incident.kind == .scanner {
            return random.chance(1.0 / 3)
                ? (choices.probe(of: incident.service, &random), true) : (choices.request(&random), false)
        }
        var request = choices.request(&random)
        guard SimulatedService.site[request.service].name == incident.service else { return (request, false) }
        if incident.kind == .silence { return nil }
        let isOdd = request.suffer(incident.kind, &random)
        return (request, isOdd)
    }
}

/// What a line is about.
public struct SimulatedLine: Hashable, Sendable {
    /// Its time, milliseconds since 1970, UTC.
    public let milliseconds: Int64
    public let service: String
    /// The index of the incident that shows in this line, in the simulator's `incidents`.
    public let incident: Int?
}

/// How busy the site is by the hour, the mean being 1.
enum DayShape {
    private static let hours: [Double] = [
        0.55, 0.44, 0.38, 0.35, 0.36, 0.43, 0.60, 0.84, 1.05, 1.18, 1.26, 1.32,
        1.36, 1.32, 1.27, 1.25, 1.27, 1.32, 1.42, 1.50, 1.48, 1.32, 1.05, 0.78,
    ]

    /// Between two full hours the factor goes straight.
    static func factor(at milliseconds: Double) -> Double {
        let hour = (milliseconds / 3_600_000).truncatingRemainder(dividingBy: 24)
        let index = Int(hour)
        let part = hour - Double(index)
        return hours[index % 24] * (1 - part) + hours[(index + 1) % 24] * part
    }
}
