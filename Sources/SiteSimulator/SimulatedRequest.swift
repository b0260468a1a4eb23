/// One request and its answer, before it is written as a line.
struct SimulatedRequest: Sendable {
    /// Indices into the site's services and their routes; a probe has no route but a path of its own.
    var service: Int
    var route: Int
    var probe: Int?
    /// What follows the path, where the route has numbers.
    var number: Int
    var status: Int
    var bytes: Int
    var milliseconds: Int
}

extension SimulatedRequest {
    /// Changes the answer as an incident would; false where this request is spared.
    mutating func suffer(_ kind: SimulatedIncident.Kind, _ random: inout SimulatorRandom) -> Bool {
        switch kind {
        case .latencySpike:
            milliseconds = milliseconds * 20 + Int(random.logNormal(median: 900, spread: 0.5))
        case .errorBurst:
            guard random.chance(0.6) else { return false }
            status = [500, 502, 503, 503][random.below(4)]
            bytes = 310 + random.below(20)
            milliseconds = random.chance(0.8) ? 1 + random.below(4) : milliseconds
        case .hugeDownload:
            guard random.chance(0.05) else { return false }
            bytes = Int(random.logNormal(median: 320_000_000, spread: 0.4))
            milliseconds = bytes / 12_000
            status = 200
        case .emptyReplies:
            status = 200
            bytes = 0
            milliseconds = 1 + random.below(2)
        case .scanner, .silence:
            return false
        }
        return true
    }
}

/// Draws requests by the weights of services and routes.
struct RequestChoices: Sendable {
    private struct Cumulative: Sendable {
        let sums: [Double]

        init(_ weights: [Double]) {
            var sum = 0.0
            sums = weights.map {
                sum += $0
                return sum
            }
        }

        func draw(_ random: inout SimulatorRandom) -> Int {
            let target = random.unit() * (sums.last ?? 0)
            return sums.firstIndex { target < $0 } ?? 0
        }
    }

    private let services: [SimulatedService]
    private let serviceWeights: Cumulative
    private let routeWeights: [Cumulative]

    init(services: [SimulatedService]) {
        self.services = services
        serviceWeights = Cumulative(services.map(\.weight))
        routeWeights = services.map { Cumulative($0.routes.map(\.weight)) }
    }

    func request(_ random: inout SimulatorRandom) -> SimulatedRequest {
        let service = serviceWeights.draw(&random)
        let index = routeWeights[service].draw(&random)
        let route = services[service].routes[index]
        var request = SimulatedRequest(
            service: service,
            route: index,
            probe: nil,
            number: route.numbers > 0 ? 1 + random.below(route.numbers) : 0,
            status: route.status,
            bytes: Int(random.logNormal(median: route.medianBytes, spread: route.sizeSpread)),
            milliseconds: Int(random.logNormal(median: route.medianMilliseconds, spread: route.latencySpread))
        )
        // The tail that every real site has: one in four hundred waits for something, up to some seconds.
        if random.chance(0.0025) {
            request.milliseconds = Int(Double(request.milliseconds + 5) / (0.02 + random.unit()))
        }
        answer(route, &request, random.unit())
        return request
    }

    /// The answers other than the route's own, by a number between 0 and 1.
    private func answer(_ route: SimulatedService.Route, _ request: inout SimulatedRequest, _ draw: Double) {
        let failing = 0.0008
        if draw < route.unchangedShare {
            request.status = 304
            request.bytes = 0
            request.milliseconds = 1 + request.milliseconds / 4
        } else if draw < route.unchangedShare + route.missingShare {
            request.status = 404
            request.bytes = 1_480
        } else if draw > 1 - failing {
            request.status = 500
            request.bytes = 312
        }
    }

    func probe(of service: String, _ random: inout SimulatorRandom) -> SimulatedRequest {
        SimulatedRequest(
            service: services.firstIndex { $0.name == service } ?? 0,
            route: 0,
            probe: random.below(SimulatedService.probes.count),
            number: 0,
            status: 404,
            bytes: 153,
            milliseconds: 1 + random.below(3)
        )
    }
}
