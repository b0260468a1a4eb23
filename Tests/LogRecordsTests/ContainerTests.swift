import LogRecords
import Testing

@Suite("Container prefixes")
struct ContainerTests {
    @Test("takes off docker's JSON, its escapes decoded, and falls back on its time")
    func docker() {
        let line =
            #"{"log":"{\"status\":200,\"msg\":\"a \\\"b\\\" \\u00e9\"}\n","stream":"stdout","time":"2024-02-03T04:05:06.789012345Z"}"#
        let parsed = Parsed(line, "docker+json")
        #expect(parsed.outcome == .record)
        #expect(parsed.number("status") == 200)
        #expect(parsed["msg"] == "a \"b\" é")
        #expect(parsed.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_012_345))
        #expect(Parsed(#"{"log":"\n","stream":"stdout"}"#, "docker+json").outcome == .skipped(.blank))
        #expect(Parsed(#"{"a":1}"#, "docker+json").error?.code == .malformedContainer)
        let access =
            #"{"log":"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"x\"\r\n","stream":"stdout"}"#
        #expect(Parsed(access, "docker+combined")["agent"] == "x")
    }

    @Test("takes off CRI's prefix, and keeps the line's own time")
    func cri() {
        let prefix = "2024-02-03T04:05:06.789012345Z stdout F "
        let parsed = Parsed(prefix + #"{"ts":"2024-01-01T00:00:00Z","n":5}"#, "cri+json")
        #expect(parsed.number("n") == 5)
        #expect(parsed.record.timestamp == instant(2024, 1, 1))
        let text = Parsed("2024-02-03T06:05:06+02:00 stderr P partial line", "cri+text")
        #expect(text.message == "partial line")
        #expect(text.record.timestamp == instant(2024, 2, 3, 4, 5, 6))
        #expect(Parsed(prefix, "cri+json").outcome == .skipped(.blank))
        #expect(Parsed("x" + prefix, "cri+json").error == LogParseError(.malformedContainer, at: 0))
        #expect(Parsed("2024-02-03T04:05:06Z stdin F x", "cri+text").error?.code == .malformedContainer)
    }

    @Test("takes off compose's prefix, colours and times")
    func compose() {
        let line =
            "\u{1b}[2K\u{1b}[36mweb-1  | \u{1b}[0m2024-02-03T04:05:06.789012345Z \u{1b}[31mstatus=200 took=5\u{1b}[0m"
        let parsed = Parsed(line, "compose+logfmt")
        #expect(parsed.number("status") == 200)
        #expect(parsed.number("took") == 5)
        #expect(parsed.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_012_345))
        #expect(Parsed("web-1  | hello", "compose+text").message == "hello")
        #expect(Parsed("no bar", "compose+text").error?.code == .malformedContainer)
        #expect(Parsed("web-1 x | hello", "compose+text").error?.code == .malformedContainer)
    }

    @Test("takes off a text header")
    func header() {
        let time = Parsed(#"2024-02-03T04:05:06.789012345Z {"n":1,"level":"warn"}"#, "header+json")
        #expect(time.number("n") == 1)
        #expect(time.record.level == .warning)
        #expect(time.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_012_345))
        let syslog = Parsed(
            #"<190>Oct  9 08:07:06 web nginx: 1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "x""#,
            "header+combined"
        )
        #expect(syslog.number("status") == 200)
        #expect(syslog.record.level == .info)
        #expect(syslog.record.timestamp == instant(2026, 1, 1))
    }
}
