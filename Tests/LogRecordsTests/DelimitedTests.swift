import LogRecords
import Testing

@Suite("Delimited lines")
struct DelimitedTests {
    @Test("the first line of a CSV file names its columns; a second header is skipped")
    func header() {
        var parser = LogParser(format: LogFormat(.delimited(DelimitedLayout(.csv))))
        #expect(Parsed("timestamp, value ,\"a \"\"b\"\"\"", &parser).outcome == .skipped(.header))
        #expect(parser.state.columns == ["timestamp", "value", "a b"])
        let row = Parsed("2026-01-01 00:00:00,3.5,\"x, \"\"y\"\"\"", &parser)
        #expect(row.record.timestamp == instant(2026, 1, 1))
        #expect(row.number("value") == 3.5)
        #expect(row["a b"] == "x, \"\"y\"\"")
        #expect(Parsed("timestamp, value ,\"a b\"", &parser).outcome == .skipped(.header))
        #expect(Parsed("", &parser).outcome == .skipped(.blank))
    }

    @Test("a parser goes on from its saved state")
    func state() {
        var parser = LogParser(format: LogFormat(.delimited(DelimitedLayout(.tsv))))
        _ = Parsed("a\tb", &parser)
        var next = LogParser(format: parser.format, state: parser.state)
        #expect(Parsed("1\t2", &next).number("b") == 2)
    }

    @Test("empty cells are null, columns must be as many as the header's")
    func columns() {
        let format = "csv:a,b,c"
        #expect(Parsed("1,,3", format).fields == ["a": "1", "c": "3"])
        #expect(Parsed("1,2", format).error == LogParseError(.wrongColumnCount, at: 3))
        #expect(Parsed("1,2,3,4", format).error == LogParseError(.wrongColumnCount, at: 6))
        #expect(Parsed("1,2,", format).fields == ["a": "1", "b": "2"])
        #expect(Parsed("1,\"2,3", format).error == LogParseError(.unterminatedString, at: 2))
        #expect(Parsed("1,\"2\"x,3", format).error == LogParseError(.unexpectedByte, at: 5))
        #expect(Parsed("1;2", "csv-semicolon:a,b").number("b") == 2)
    }

    @Test("W3C directives name the columns and may change them; CloudFront separates by tabs")
    func w3c() {
        var parser = LogParser(format: LogFormat(.delimited(DelimitedLayout(.w3c))))
        #expect(Parsed("#Software: IIS", &parser).outcome == .skipped(.comment))
        #expect(Parsed("#Fields: date time sc-status time-taken", &parser).outcome == .skipped(.header))
        let row = Parsed("2024-02-03 04:05:06 404 77", &parser)
        #expect(row.record.timestamp == instant(2024, 2, 3, 4, 5, 6))
        #expect(row.number("time-taken") == 77)
        _ = Parsed("#Fields: date time x-edge-location sc-bytes", &parser)
        let cloudFront = Parsed("2024-02-03\t04:05:06\tEDGE1\t456", &parser)
        #expect(cloudFront.number("sc-bytes") == 456)
        #expect(cloudFront.record.timestamp == instant(2024, 2, 3, 4, 5, 6))
    }

    @Test("Zeek's absent values are null")
    func zeek() {
        let row = Parsed("1706933106.789012\t-\t(empty)\t80", "zeek:ts,a,b,id.resp_p")
        #expect(row.fields == ["ts": "1706933106.789012", "id.resp_p": "80"])
        #expect(row.record.timestamp == 1_706_933_106_789_012_000)
    }

    @Test("reads an ALB entry, its URL without host, newer fields ignored and older lines without them")
    func alb() {
        let line =
            #"h2 2026-01-01T00:00:00.668000Z app/shop/1a2b 203.0.113.7:40000 10.0.5.1:8080 0.000 0.013 0.000 200 200 310 299 "#
            + #""POST https://example.com:443/api/v1/login?a=b HTTP/2.0" "Mozilla/5.0 (X11)" ECDHE TLSv1.2 arn:aws:x "Root=1-69" "#
            + #""example.com" "-" 0 2026-01-01T00:00:00.000000Z "forward" "-" "-" "10.0.5.1:8080" "200" "-" "-""#
        let row = Parsed(line, "alb")
        #expect(row.outcome == .record)
        #expect(row["method"] == "POST")
        #expect(row["path"] == "/api/v1/login?a=b")
        #expect(row["protocol"] == "HTTP/2.0")
        #expect(row.number("request_time") == 0.013)
        #expect(row.number("bytes") == 299)
        #expect(row["agent"] == "Mozilla/5.0 (X11)")
        #expect(row.record.timestamp == instant(2026, 1, 1, nanosecond: 668_000_000))
        #expect(Parsed(line + " TID_1 \"x\" y", "alb").outcome == .record)
        #expect(Parsed(line + " \"open", "alb").error?.code == .unterminatedString)
        #expect(Parsed("h2 2026-01-01T00:00:00.668000Z app", "alb").error?.code == .wrongColumnCount)
    }

    @Test("reads Envoy's and Istio's entries, times in seconds")
    func envoy() {
        let envoy = Parsed(
            #"[2024-02-03T04:05:06.789Z] "POST /api/v1/shelves HTTP/2" 204 - 15 0 220 90 "10.1.2.3" "agent" "1a2b" "shelves" "tcp://10.2.2.1:80""#,
            "envoy"
        )
        #expect(envoy.record.timestamp == instant(2024, 2, 3, 4, 5, 6, nanosecond: 789_000_000))
        #expect(envoy.number("request_time") == 0.22)
        #expect(envoy["path"] == "/api/v1/shelves")
        #expect(envoy.number("bytes") == 0)
        #expect(envoy["response_flags"] == nil)
        let istio = Parsed(
            #"[2024-02-03T04:05:06.789Z] "GET /shelf/9 HTTP/1.1" 418 - via_upstream - "-" 0 99 4 3 "-" "curl/8" "1a2b" "shop:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:4711 10.1.2.3:80 10.1.2.4:4712 outbound_.8000 default"#,
            "istio"
        )
        #expect(istio.number("status") == 418)
        #expect(istio.number("request_time") == 0.004)
        #expect(istio.number("upstream_service_time") == 0.003)
        #expect(istio["route_name"] == "default")
    }

    @Test("reads VPC flow logs and NLB entries")
    func aws() {
        var parser = LogParser(format: LogFormat(name: "vpc-flow") ?? .text)
        #expect(Parsed("version account-id interface-id srcaddr", &parser).outcome == .skipped(.header))
        let flow = Parsed(
            "2 111122223333 eni-1a2b3c4d 10.1.2.3 10.1.2.4 4711 22 6 20 4321 1706933106 1706933166 ACCEPT OK",
            &parser
        )
        #expect(flow.number("bytes") == 4321)
        #expect(flow.record.timestamp == 1_706_933_106_000_000_000)
        let nlb = Parsed(
            "tls 2.0 2024-02-03T04:05:06 net/shop/1a2b 3c4d 203.0.113.7:4711 10.1.2.3:443 5 2 98 246 - arn:x - ECDHE tlsv12 - shop.example.net - - - 2024-02-03T04:05:01",
            "nlb"
        )
        #expect(nlb.number("connection_time") == 0.005)
        #expect(nlb.number("bytes") == 246)
        #expect(nlb.record.timestamp == instant(2024, 2, 3, 4, 5, 6))
    }
}
