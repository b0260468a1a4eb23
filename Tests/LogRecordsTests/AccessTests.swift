import LogRecords
import Testing

@Suite("Access logs")
struct AccessTests {
    @Test("reads the combined format")
    func combined() {
        let parsed = Parsed(
            #"203.0.113.7 - frank [03/Feb/2024:04:05:06 +0200] "GET /a%20b?x=1 HTTP/1.1" 200 98765 "http://a/" "Moz \"illa\"""#,
            "combined"
        )
        #expect(parsed.outcome == .record)
        #expect(
            parsed.fields == [
                "client": "203.0.113.7", "user": "frank", "timestamp": "03/Feb/2024:04:05:06 +0200",
                "method": "GET",
                "path": "/a%20b?x=1", "protocol": "HTTP/1.1", "status": "200", "bytes": "98765",
                "referer": "http://a/",
                "agent": "Moz \"illa\"",
            ]
        )
        #expect(parsed.number("status") == 200)
        #expect(parsed.number("bytes") == 98765)
        #expect(parsed.record.timestamp == instant(2024, 2, 3, 2, 5, 6))
    }

    @Test("reads the common format, absent values, and names with blanks")
    func common() {
        let parsed = Parsed(#"::1 - John Doe [01/Jan/2026:00:00:00 +0000] "-" - -"#, "common")
        #expect(
            parsed.fields == ["client": "::1", "user": "John Doe", "timestamp": "01/Jan/2026:00:00:00 +0000"]
        )
        #expect(parsed.number("bytes") == nil)
    }

    @Test("a request that is none of HTTP's is all path")
    func oddRequests() {
        let parsed = Parsed(
            #"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "\x16\x03\x01" 400 0 "-" "-""#,
            "combined"
        )
        #expect(parsed.outcome == .record)
        #expect(parsed["method"] == nil)
        #expect(parsed["path"] == "\\x16\\x03\\x01")
        let blanks = Parsed(
            #"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET /a b c HTTP/1.0" 200 0"#,
            "combined"
        )
        #expect(blanks["path"] == "/a b c")
        #expect(blanks["protocol"] == "HTTP/1.0")
    }

    @Test("reads configured fields behind the agent, times in their unit")
    func extras() {
        let head = #"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "x" "#
        #expect(Parsed(head + "0.25", "combined:request_time").number("request_time") == 0.25)
        #expect(Parsed(head + "250000", "combined:request_time_us").number("request_time") == 0.25)
        #expect(Parsed(head + "250", "combined:request_time_ms").number("request_time") == 0.25)
        let many = Parsed(
            head + #""10.0.0.1, 10.0.0.2" [blue-80] - 0.1"#,
            "combined:forwarded_for,pool,absent,request_time,missing"
        )
        #expect(many["forwarded_for"] == "10.0.0.1, 10.0.0.2")
        #expect(many["pool"] == "blue-80")
        #expect(many["absent"] == nil)
        #expect(many.number("request_time") == 0.1)
        #expect(many["missing"] == nil)
        let common = Parsed(
            #"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 0.5"#,
            "common:request_time"
        )
        #expect(common.number("request_time") == 0.5)
    }

    @Test("reads ingress-nginx and virtual hosts")
    func variants() {
        let ingress = Parsed(
            #"10.1.2.3 - - [01/Jan/2026:00:00:00 +0000] "GET /x HTTP/2.0" 200 612 "-" "curl" 423 0.005 [shop-web-80] [] 10.0.0.9:8080 612 0.004 200 8a1b"#,
            "ingress-nginx"
        )
        #expect(ingress.number("request_time") == 0.005)
        #expect(ingress.number("upstream_response_time") == 0.004)
        #expect(ingress["upstream_name"] == "shop-web-80")
        #expect(ingress["alternative_upstream_name"] == nil)
        #expect(ingress.number("upstream_status") == 200)
        let host = Parsed(
            #"www.example.com:443 1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "x""#,
            "vhost-combined"
        )
        #expect(host["host"] == "www.example.com:443")
        #expect(host["client"] == "1.1.1.1")
    }

    @Test(
        "says what is wrong and where",
        arguments: [
            ("hello world", LogParseError.Code.unexpectedEnd, 11),
            ("1.1.1.1 - - [x] \"a\" 1 1", .malformedTimestamp, 13),
            (#"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1 200 5"#, .unterminatedString, 41),
            (#"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" abc 5"#, .malformedNumber, 58),
            (
                #"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "Moz"#,
                .unterminatedString, 68
            ),
            (#"1.1.1.1 - - [32/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5"#, .malformedTimestamp, 13),
            ("1.1.1.1 - - [01/Jan/2026:00:00:00 +0000", .unexpectedEnd, 39),
        ]
    )
    func errors(line: String, code: LogParseError.Code, offset: Int) {
        #expect(Parsed(line, "combined").error == LogParseError(code, at: offset))
    }
}
