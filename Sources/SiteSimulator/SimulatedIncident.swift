/// Something that goes wrong on the simulated site: the label that a detector's findings are compared with.
public struct SimulatedIncident: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        /// Answers of one service take some thirty times as long.
        case latencySpike = "latency spike"
        /// More than half of one service's answers are 500, 502 or 503, most of them at once.
        case errorBurst = "error burst"
        /// A few answers of hundreds of megabytes.
        case hugeDownload = "huge download"
        /// One client tries paths that are not there; the site answers 404 to it.
        case scanner = "scanner"
        /// One service answers nothing at all.
        case silence = "silence"
        /// Answers of one service are 200 as ever, and empty.
        case emptyReplies = "empty replies"
    }

    public let kind: Kind
    /// The service that it strikes.
    public let service: String
    /// Milliseconds since 1970, UTC; the incident holds from the start up to before the end.
    public let startMilliseconds: Int64
    public let endMilliseconds: Int64

    public init(kind: Kind, service: String, startMilliseconds: Int64, endMilliseconds: Int64) {
        self.kind = kind
        self.service = service
        self.startMilliseconds = startMilliseconds
        self.endMilliseconds = endMilliseconds
    }

    func isActive(at milliseconds: Int64) -> Bool {
        startMilliseconds <= milliseconds && milliseconds < endMilliseconds
    }
}

extension SimulatedIncident: CustomStringConvertible {
    public var description: String {
        "\(kind.rawValue) of \(service), \((endMilliseconds - startMilliseconds) / 1000) s"
    }
}

extension SimulatedIncident {
    /// Incidents spread over a time, one after the other, the kinds in turn in an order of the seed's.
    ///
    /// The first 40 % of the time has none, for a detector to learn from; after each comes a rest.
    static func plan(
        count: Int,
        from start: Int64,
        to end: Int64,
        services: [String],
        random: inout SimulatorRandom
    ) -> [SimulatedIncident] {
        guard count > 0, !services.isEmpty else { return [] }
        let first = start + (end - start) * 2 / 5
        let slot = (end - first) / Int64(count)
        var kinds: [Kind] = []
        return (0..<count).map { index in
            if kinds.isEmpty { kinds = random.shuffled(Kind.allCases) }
            let length = slot * 2 / 10 + Int64(random.below(Int(max(1, slot / 10))))
            let room = max(1, slot * 4 / 10)
            let begin = first + Int64(index) * slot + slot / 10 + Int64(random.below(Int(room)))
            return SimulatedIncident(
                kind: kinds.removeLast(),
                service: services[random.below(services.count)],
                startMilliseconds: begin,
                endMilliseconds: begin + length
            )
        }
    }
}
