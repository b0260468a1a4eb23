import Glibc
import SeededNumbers

/// The access log of a busy site, from a seed: combined lines of about 250 bytes, behind them the
/// request's time in seconds and the service, eight of them and not equally busy.
struct AccessLog {
    private struct Service {
        let name: String
        let weight: Int
        let medianBytes: Double
        let medianSeconds: Double
    }

    private static let services = [
        Service(name: "storefront", weight: 24, medianBytes: 18_400, medianSeconds: 0.042),
        Service(name: "pictures", weight: 20, medianBytes: 46_000, medianSeconds: 0.006),
        Service(name: "search", weight: 15, medianBytes: 9_800, medianSeconds: 0.095),
        Service(name: "orders", weight: 12, medianBytes: 2_100, medianSeconds: 0.180),
        Service(name: "account", weight: 10, medianBytes: 3_900, medianSeconds: 0.030),
        Service(name: "reviews", weight: 8, medianBytes: 7_200, medianSeconds: 0.055),
        Service(name: "stock", weight: 6, medianBytes: 900, medianSeconds: 0.012),
        Service(name: "payments", weight: 5, medianBytes: 640, medianSeconds: 0.310),
    ]
    private static let agents = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    ]
    /// Requests in a second of the log.
    private static let requestsPerSecond = 500

    private var random = Generator(state: 1)
    private var count = 0

    /// Appends the next line, without an end.
    mutating func appendLine(to bytes: inout [UInt8]) {
        let service = service()
        let isFailed = random.next(below: 1_000) == 0
        let seconds = service.medianSeconds * exp(0.45 * random.normal()) * (isFailed ? 10 : 1)
        let size = isFailed ? 312 : Int(service.medianBytes * exp(0.4 * random.normal()))
        let milliseconds = Int(seconds * 1_000)
        let page = random.next(below: 9_000)
        bytes +=
            "100.\(64 + random.next(below: 64)).\(random.next(below: 256)).\(random.next(below: 256))".utf8
        bytes += " - - [\(time())] \"GET /\(service.name)/items/\(page)?order=newest HTTP/1.1\"".utf8
        bytes += " \(isFailed ? 503 : 200) \(size)".utf8
        bytes += " \"https://www.example.com/\(service.name)/items\"".utf8
        bytes += " \"\(Self.agents[random.next(below: Self.agents.count)])\"".utf8
        bytes += " \(milliseconds / 1_000).\(digits(milliseconds % 1_000, 3)) \(service.name)".utf8
        count += 1
    }

    private mutating func service() -> Service {
        var left = random.next(below: 100)
        for service in Self.services {
            left -= service.weight
            if left < 0 { return service }
        }
        return Self.services[0]
    }

    private func time() -> String {
        let second = count / Self.requestsPerSecond
        return "01/Sep/2026:\(digits(second / 3_600 % 24, 2)):\(digits(second / 60 % 60, 2)):"
            + "\(digits(second % 60, 2)) +0000"
    }

    private func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension Generator {
    /// A standard normal value, after Box and Muller (1958).
    fileprivate mutating func normal() -> Double {
        let radius = (-2 * log((Double(next() >> 11) + 1) * 0x1p-53)).squareRoot()
        return radius * cos(2 * .pi * Double(next() >> 11) * 0x1p-53)
    }
}
