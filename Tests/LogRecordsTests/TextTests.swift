import LogRecords
import Testing

@Suite("Plain text")
struct TextTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var line: String
        var time: Int64?
        var level: LogLevel?
        var message: String
        var fields: [String: String] = [:]
        var testDescription: String { line }
    }

    static let samples: [Sample] = [
        Sample(
            line: "[2024-02-03 04:05:06,789] INFO [Worker 3]: Shelf counted (shop.stock.Counter)",
            time: instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000),
            level: .info,
            message: "[Worker 3]: Shelf counted (shop.stock.Counter)"
        ),
        Sample(
            line: "Mar 12 10:11:12 gate-7 doord[42]: Door open for 10.1.2.3 lane 4.",
            time: instant(2024, 3, 12, 10, 11, 12),
            level: nil,
            message: "Door open for 10.1.2.3 lane 4.",
            fields: ["host": "gate-7", "process": "doord", "pid": "42"]
        ),
        Sample(
            line: "Jul  4 09:08:07 gate-7 nothing to say",
            time: instant(2024, 7, 4, 9, 8, 7),
            level: nil,
            message: "nothing to say",
            fields: ["host": "gate-7"]
        ),
        Sample(
            line: "<34>1 2021-06-07T08:09:10.011Z gate.example.net doord 42 ID9 [x@1 y=\"z]\"] 'open' failed",
            time: instant(2021, 6, 7, 8, 9, 10, nanosecond: 11_000_000),
            level: .critical,
            message: "'open' failed",
            fields: ["host": "gate.example.net", "process": "doord", "pid": "42", "logger": "ID9"]
        ),
        Sample(
            line: "<165>Aug  9 05:06:07 gate-7 doord[42]: time to close",
            time: instant(2024, 8, 9, 5, 6, 7),
            level: .notice,
            message: "time to close",
            fields: ["process": "doord", "pid": "42"]
        ),
        Sample(
            line: "2024-05-01T12:00:00+02:00 web1 cron[55]: job done",
            time: instant(2024, 5, 1, 10, 0, 0),
            level: nil,
            message: "job done",
            fields: ["host": "web1", "process": "cron", "pid": "55"]
        ),
        Sample(
            line: "W0611 12:13:14.151617   4242 counter.cc:18] Shelf is empty",
            time: instant(2024, 6, 11, 12, 13, 14, nanosecond: 151_617_000),
            level: .warning,
            message: "Shelf is empty",
            fields: ["pid": "4242", "logger": "counter.cc:18"]
        ),
        Sample(
            line: "24/02/03 04:05:06 INFO shop.Counter: Counting: a,b",
            time: instant(2024, 2, 3, 4, 5, 6),
            level: .info,
            message: "Counting: a,b",
            fields: ["logger": "shop.Counter"]
        ),
        Sample(
            line: "2024-02-03T04:05:06.789+0100: 2.345: [GC pause (young), 0.0123 secs]",
            time: instant(2024, 2, 3, 3, 5, 6, nanosecond: 789_000_000),
            level: nil,
            message: "2.345: [GC pause (young), 0.0123 secs]"
        ),
        Sample(
            line: "[Sat Feb 03 04:05:06 2024] [error] module in state 3",
            time: instant(2024, 2, 3, 4, 5, 6),
            level: .error,
            message: "module in state 3"
        ),
        Sample(
            line: "2024-02-03 04:05:06.789 PDT [4242] LOG:  table is ready",
            time: instant(2024, 2, 3, 11, 5, 6, nanosecond: 789_000_000),
            level: .info,
            message: "table is ready",
            fields: ["pid": "4242"]
        ),
        Sample(
            line:
                "[pid: 4242|app: 0|req: 7/9] 10.1.2.3 () {30 vars in 600 bytes} [Sat Feb  3 04:05:06 2024] GET /x => done",
            time: instant(2024, 2, 3, 4, 5, 6),
            level: nil,
            message: "GET /x => done"
        ),
        Sample(
            line: "02-03 04:05:06.789  4242  4243 D ShelfManager: counted",
            time: instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000),
            level: .debug,
            message: "counted",
            fields: ["pid": "4242", "logger": "ShelfManager"]
        ),
        Sample(
            line: "240203 040506 77 INFO shop.Node$Shelf: Shelf 1 is closing",
            time: instant(2024, 2, 3, 4, 5, 6),
            level: .info,
            message: "Shelf 1 is closing",
            fields: ["pid": "77", "logger": "shop.Node$Shelf"]
        ),
        Sample(
            line: "- 1706933106 2024.02.03 R1-M2 2024-02-03-04.05.06.789012 R1-M2 ABC CORE INFO bit flipped",
            time: 1_706_933_106_000_000_000,
            level: .info,
            message: "bit flipped"
        ),
        Sample(
            line: "- 1706933106 2024.02.03 n7 Feb 3 04:05:06 n7/n7 crond[42]: job done",
            time: 1_706_933_106_000_000_000,
            level: nil,
            message: "job done",
            fields: ["host": "n7/n7", "process": "crond", "pid": "42"]
        ),
        Sample(
            line: "20240203-04:05:06:789|Steps|4242|counted 99",
            time: instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000),
            level: nil,
            message: "Steps|4242|counted 99"
        ),
        Sample(
            line: "2024-02-03 04:05:06,789 - INFO  [Peer[id=1]/0:0:99:X@7] - Waited: 3200",
            time: instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000),
            level: .info,
            message: "Waited: 3200"
        ),
        Sample(
            line: "2024-02-03 04:05:06,789 WARN [main] shop.stock.Counter: Counted",
            time: instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000),
            level: .warning,
            message: "Counted",
            fields: ["logger": "shop.stock.Counter"]
        ),
        Sample(
            line: "2024/05/02 10:11:12 [error] 31#31: *5 open() failed",
            time: instant(2024, 5, 2, 10, 11, 12),
            level: .error,
            message: "31#31: *5 open() failed"
        ),
        Sample(
            line: "[2024-02-03 04:05:06] shop.EMERGENCY: No shelf",
            time: instant(2024, 2, 3, 4, 5, 6),
            level: .emergency,
            message: "No shelf"
        ),
        Sample(
            line: "7:C 03 Feb 2024 04:05:06.789 * Shelves are ready",
            time: instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000),
            level: nil,
            message: "* Shelves are ready"
        ),
        Sample(line: "WARNING: low disk", time: nil, level: .warning, message: "WARNING: low disk"),
        Sample(line: "   at Foo.bar(Foo.java:12)", time: nil, level: nil, message: "at Foo.bar(Foo.java:12)"),
        Sample(line: "hello", time: nil, level: nil, message: "hello"),
    ]

    @Test("finds time, level, names and message", arguments: samples)
    func sample(sample: Sample) {
        let parsed = Parsed(sample.line, "text")
        #expect(parsed.outcome == .record)
        #expect(parsed.record.timestamp == sample.time)
        #expect(parsed.record.level == sample.level)
        #expect(parsed.message == sample.message)
        for (name, value) in sample.fields { #expect(parsed[name] == value) }
    }

    @Test("carries the year from December to January, and back for a late line")
    func year() {
        var parser = LogParser(format: .text, referenceYear: 2024)
        let times = [
            "Dec 31 23:59:59", "Jan  1 00:00:01", "Dec 31 23:59:58", "Jan  1 00:00:02", "Mar 1 00:00:00",
        ].map {
            Parsed("\($0) host app[1]: x", &parser).record.timestamp
        }
        #expect(
            times == [
                instant(2024, 12, 31, 23, 59, 59), instant(2025, 1, 1, 0, 0, 1),
                instant(2024, 12, 31, 23, 59, 58),
                instant(2025, 1, 1, 0, 0, 2), instant(2025, 3, 1),
            ]
        )
        #expect(parser.state.year == 2025)
    }

    @Test("blank lines are skipped, all others parse", arguments: ["", " ", "\t\r", "\0"])
    func blank(line: String) {
        #expect(Parsed(line, "text").outcome == .skipped(.blank))
    }

    @Test("reads what OpenStack measures")
    func keyValue() {
        let line =
            "shelf-api.log 2024-02-03 04:05:06.789 4242 INFO shelf.api [req-1a2b3c4d-5e6f] 10.1.2.3 \"GET /v1/shelves/all HTTP/1.1\" status: 200 len: 977 time: 0.3456789"
        let parsed = Parsed(line, "key-value")
        #expect(parsed.number("status") == 200)
        #expect(parsed.number("len") == 977)
        #expect(parsed.number("time") == 0.3456789)
        #expect(parsed["method"] == "GET")
        #expect(parsed["path"] == "/v1/shelves/all")
        #expect(parsed.record.level == .info)
        #expect(parsed.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000))
        let pairs = Parsed(
            "2017-05-16 00:00:00 INFO took=5 user=\"a b\" at: 10.0.0.1 id: 7e7c, n=3; x: 5, y: -2",
            "key-value"
        )
        #expect(pairs.number("took") == 5)
        #expect(pairs["user"] == "a b")
        #expect(pairs["at"] == nil)
        #expect(pairs["id"] == nil)
        #expect(pairs.number("n") == 3)
        #expect(pairs.number("x") == 5)
        #expect(pairs.number("y") == -2)
    }

    @Test("reads HAProxy's HTTP and TCP entries, behind syslog's header and bare")
    func haproxy() {
        let entry =
            #"203.0.113.7:4711 [03/Feb/2024:04:05:06.789] shop_in~ shelves/node3 0/0/4/350/+360 200 +9876 - - ---- 3/2/0/0/0 0/0 {Agent "x"} {} "GET /shelf?a=1 HTTP/1.1""#
        for line in ["Feb  3 04:05:07 10.9.8.7 haproxy[5]: " + entry, entry] {
            let parsed = Parsed(line, "haproxy")
            #expect(parsed["client"] == "203.0.113.7:4711")
            #expect(parsed["frontend"] == "shop_in~")
            #expect(parsed["backend"] == "shelves")
            #expect(parsed["server"] == "node3")
            #expect(parsed.number("request_time") == 0.36)
            #expect(parsed.number("response_time") == 0.35)
            #expect(parsed.number("status") == 200)
            #expect(parsed.number("bytes") == 9876)
            #expect(parsed.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000))
        }
        let tcp = Parsed(
            "203.0.113.7:4711 [03/Feb/2024:04:05:06.789] shop shelves/node3 0/-1/2500 333 -- 0/0/0/0/3 0/0",
            "haproxy"
        )
        #expect(tcp.number("request_time") == 2.5)
        #expect(tcp.number("connect_time") == nil)
        #expect(tcp.number("bytes") == 333)
        #expect(tcp["termination"] == "--")
        let other = Parsed("Feb  3 04:05:07 10.9.8.7 haproxy[5]: Proxy shop_in started.", "haproxy")
        #expect(other.outcome == .record)
        #expect(other.message == "Proxy shop_in started.")
        #expect(other["frontend"] == nil)
    }
}
