/// Writes requests as lines. What does not change from line to line is bytes from the start.
struct RequestWriter: Sendable {
    private let format: SiteConfiguration.Format
    private let names: [[UInt8]]
    private let methods: [[[UInt8]]]
    private let paths: [[[UInt8]]]
    private let hasNumbers: [[Bool]]
    private let clients: [[UInt8]]
    private let agents = SimulatedService.agents.map { Array($0.utf8) }
    private let probes = SimulatedService.probes.map { Array($0.utf8) }
    private let scanner = Array("198.51.100.23".utf8)
    private var clock: LineClock

    init(format: SiteConfiguration.Format, services: [SimulatedService], random: inout SimulatorRandom) {
        self.format = format
        names = services.map { Array($0.name.utf8) }
        methods = services.map { $0.routes.map { Array($0.method.utf8) } }
        paths = services.map { $0.routes.map { Array($0.path.utf8) } }
        hasNumbers = services.map { $0.routes.map { $0.numbers > 0 } }
        clock = LineClock(format: format)
        // Addresses of 100.64.0.0/10, which belong to nobody.
        var addresses: [[UInt8]] = []
        for _ in 0..<4096 {
            let address = "100.\(64 + random.below(64)).\(random.below(256)).\(1 + random.below(254))"
            addresses.append(Array(address.utf8))
        }
        clients = addresses
    }

    mutating func write(
        _ request: SimulatedRequest,
        at milliseconds: Int64,
        random: inout SimulatorRandom,
        into bytes: inout [UInt8]
    ) {
        let time = clock.text(of: milliseconds)
        let draw = random.next()
        let client = request.probe == nil ? clients[Int(draw & 4095)] : scanner
        let agent =
            request.probe == nil
            ? agents[Int((draw >> 12) % UInt64(agents.count))] : Array(SimulatedService.scannerAgent.utf8)
        switch format {
        case .combined:
            bytes += client
            bytes.append(" - - [")
            bytes += time
            bytes.append("] \"")
            bytes += method(of: request)
            bytes.append(" ")
            appendPath(of: request, to: &bytes)
            bytes.append(" HTTP/1.1\" ")
            bytes.append(decimal: request.status)
            bytes.append(" ")
            bytes.append(decimal: request.bytes)
            if request.probe == nil, draw >> 40 & 3 != 0 {
                bytes.append(" \"")
                bytes.append(SimulatedService.referrer)
                bytes.append(decimal: Int(draw >> 44 & 31) + 1)
                bytes.append("\" \"")
            } else {
                bytes.append(" \"-\" \"")
            }
            bytes += agent
            bytes.append("\" ")
            bytes.append(thousandths: request.milliseconds)
            bytes.append(" ")
            bytes += names[request.service]
        case .json:
            bytes.append("{\"time\":\"")
            bytes += time
            bytes.append("\",\"service\":\"")
            bytes += names[request.service]
            bytes.append("\",\"client\":\"")
            bytes += client
            bytes.append("\",\"method\":\"")
            bytes += method(of: request)
            bytes.append("\",\"path\":\"")
            appendPath(of: request, to: &bytes)
            bytes.append("\",\"status\":")
            bytes.append(decimal: request.status)
            bytes.append(",\"bytes\":")
            bytes.append(decimal: request.bytes)
            bytes.append(",\"request_time\":")
            bytes.append(thousandths: request.milliseconds)
            bytes.append(",\"agent\":\"")
            bytes += agent
            bytes.append("\"}")
        }
        bytes.append("\n")
    }

    private func method(of request: SimulatedRequest) -> [UInt8] {
        request.probe == nil ? methods[request.service][request.route] : [71, 69, 84]
    }

    private func appendPath(of request: SimulatedRequest, to bytes: inout [UInt8]) {
        if let probe = request.probe {
            bytes += probes[probe]
            return
        }
        bytes += paths[request.service][request.route]
        if hasNumbers[request.service][request.route] { bytes.append(decimal: request.number) }
    }
}

extension [UInt8] {
    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }

    /// A number that is not negative.
    mutating func append(decimal number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(truncatingIfNeeded: 48 + number / divisor % 10))
            divisor /= 10
        }
    }

    /// Thousandths as a number with three digits behind the point.
    mutating func append(thousandths number: Int) {
        append(decimal: number / 1000)
        append(46)
        append(UInt8(truncatingIfNeeded: 48 + number / 100 % 10))
        append(UInt8(truncatingIfNeeded: 48 + number / 10 % 10))
        append(UInt8(truncatingIfNeeded: 48 + number % 10))
    }
}
