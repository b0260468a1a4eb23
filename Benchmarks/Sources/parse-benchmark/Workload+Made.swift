import LogRecords
import SeededNumbers

/// Lines of a busy site, from a seed.
extension Workload {
    private static let agent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
    private static let paths = [
        "/", "/pictures/2026/shelves/shelf-overview.png", "/blog/tags/oak?order=newest",
        "/api/v1/orders/4711",
        "/static/js/bundle.js", "/favicon.ico",
    ]

    /// The kinds whose rates are promised: combined of about 240 bytes and JSON of about 300 with eight
    /// fields; then the others.
    static func made(lines: Int) -> [Workload] {
        [
            make("combined:request_time", lines, combined),
            make("json", lines, json),
            make("logfmt", lines, logfmt),
            make("cri+json", lines) { "2024-02-03T04:05:06.789012345Z stdout F " + json(&$0) },
            make("text", lines, text),
        ]
    }

    private static func make(_ name: String, _ lines: Int, _ line: (inout Generator) -> String) -> Workload {
        var generator = Generator(state: 7)
        var bytes: [UInt8] = []
        for _ in 0..<lines {
            bytes.append(contentsOf: line(&generator).utf8)
            bytes.append(0x0a)
        }
        return Workload(format: LogFormat(name: name) ?? .text, bytes: bytes)
    }

    private static func combined(_ generator: inout Generator) -> String {
        "\(generator.address()) - - [17/May/2015:10:\(generator.twoDigits(60)):\(generator.twoDigits(60)) +0000] "
            + "\"GET \(generator.pick(paths)) HTTP/1.1\" \(generator.status()) \(generator.next(below: 200_000)) "
            + "\"http://www.example.com/articles/index.html\" \"\(agent)\" 0.\(generator.next(below: 9000) + 1000)"
    }

    private static func json(_ generator: inout Generator) -> String {
        "{\"ts\":\"2026-01-01T10:\(generator.twoDigits(60)):\(generator.twoDigits(60)).668Z\",\"remote_addr\":\"\(generator.address())\","
            + "\"method\":\"GET\",\"path\":\"\(generator.pick(paths))\",\"status\":\(generator.status()),"
            + "\"bytes\":\(generator.next(below: 200_000)),\"request_time\":0.\(generator.next(below: 9000) + 1000),"
            + "\"user_agent\":\"\(agent)\"}"
    }

    private static func logfmt(_ generator: inout Generator) -> String {
        "time=2026-01-01T10:\(generator.twoDigits(60)):\(generator.twoDigits(60)).668Z level=info msg=\"request served\" "
            + "client=\(generator.address()) method=GET path=\(generator.pick(paths)) status=\(generator.status()) "
            + "bytes=\(generator.next(below: 200_000)) duration=0.\(generator.next(below: 9000) + 1000)"
    }

    private static func text(_ generator: inout Generator) -> String {
        "[2024-02-03 04:\(generator.twoDigits(60)):\(generator.twoDigits(60)),789] INFO [Worker 3]: Shelf "
            + "\(generator.next(below: 9)) took \(generator.next(below: 900)) ms for the room behind the counter-49 (shop.stock.Counter)"
    }
}

extension Generator {
    mutating func pick(_ choices: [String]) -> String { choices[next(below: choices.count)] }

    mutating func twoDigits(_ bound: Int) -> String {
        let value = next(below: bound)
        return value < 10 ? "0\(value)" : "\(value)"
    }

    mutating func address() -> String { "203.0.\(next(below: 256)).\(next(below: 256))" }

    mutating func status() -> Int { [200, 200, 200, 304, 404, 500][next(below: 6)] }
}
