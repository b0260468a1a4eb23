import LogRecords
import Testing

@Suite("logfmt")
struct LogfmtTests {
    @Test("reads pairs, quoted values and flags")
    func pairs() {
        let parsed = Parsed(
            #"time="2024-02-03T04:05:06.789012Z" level=error msg="a \"b\" c" count=12 ok=true empty= debug t.x=-1.5 off=false"#,
            "logfmt"
        )
        #expect(parsed.outcome == .record)
        #expect(parsed.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_012_000))
        #expect(parsed.record.level == .error)
        #expect(parsed.message == #"a \"b\" c"#)
        #expect(parsed["msg"] == #"a "b" c"#)
        #expect(parsed.number("count") == 12)
        #expect(parsed.number("ok") == 1)
        #expect(parsed.number("off") == 0)
        #expect(parsed["empty"] == nil)
        #expect(parsed.number("debug") == 1)
        #expect(parsed.number("t.x") == -1.5)
    }

    @Test(
        "reads durations in seconds",
        arguments: [
            ("1.5ms", 0.0015), ("250µs", 0.00025), ("250us", 0.00025), ("12ns", 12e-9), ("2m3.5s", 123.5),
            ("1h0m0s", 3600),
            ("3s", 3), ("-2ms", -0.002),
        ]
    )
    func durations(text: String, seconds: Double) {
        #expect(Parsed("took=\(text) x=1", "logfmt").number("took") == seconds)
        #expect(Parsed("{\"took\":\"\(text)\"}", "json").number("took") == seconds)
    }

    @Test(
        "what only begins like a number is a string",
        arguments: ["1.2.3", "12ab", "10.0.0.1:80", "1m2x", "5mm", "2021-01-01"]
    )
    func strings(text: String) {
        #expect(Parsed("v=\(text)", "logfmt").number("v") == nil)
        #expect(Parsed("v=\(text)", "logfmt")["v"] == text)
    }

    @Test(
        "says what is wrong and where",
        arguments: [
            ("no pair here", LogParseError.Code.noKeyValuePair, 0), ("=x", .unexpectedByte, 0),
            ("a=\"x", .unterminatedString, 2), ("a=1 \"b\"=2", .unexpectedByte, 4),
        ]
    )
    func errors(line: String, code: LogParseError.Code, offset: Int) {
        #expect(Parsed(line, "logfmt").error == LogParseError(code, at: offset))
    }
}
