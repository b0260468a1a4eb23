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
        let row = Parsed("2015-01-13 00:32:17 404 283", &parser)
        #expect(row.record.timestamp == instant(2015, 1, 13, 0, 32, 17))
        #expect(row.number("time-taken") == 283)
        _ = Parsed("#Fields: date time x-edge-location sc-bytes", &parser)
        let cloudFront = Parsed("2019-12-04\t21:02:31\tLAX1\t392", &parser)
        #expect(cloudFront.number("sc-bytes") == 392)
        #expect(cloudFront.record.timestamp == instant(2019, 12, 4, 21, 2, 31))
    }

    @Test("Zeek's absent values are null")
    func zeek() {
        let row = Parsed("1320279566.452687\t-\t(empty)\t80", "zeek:ts,a,b,id.resp_p")
        #expect(row.fields == ["ts": "1320279566.452687", "id.resp_p": "80"])
        #expect(row.record.timestamp == instant(2011, 11, 3, 0, 19, 26, nanosecond: 452_687_000))
    }

    @Test("reads an ALB entry, its URL without host, newer fields ignored and older lines without them")
    func alb() {
        let line =
            #"h2 2026-01-01T00:00:00.668000Z app/auth/50dc 199.59.148.209:40000 10.0.5.1:8080 0.000 0.013 0.000 200 200 310 299 "#
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
            #"[2016-04-15T20:17:00.310Z] "POST /api/v1/locations HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21" "locations" "tcp://10.0.2.1:80""#,
            "envoy"
        )
        #expect(envoy.record.timestamp == instant(2016, 4, 15, 20, 17, 0, nanosecond: 310_000_000))
        #expect(envoy.number("request_time") == 0.226)
        #expect(envoy["path"] == "/api/v1/locations")
        #expect(envoy.number("bytes") == 0)
        #expect(envoy["response_flags"] == nil)
        let istio = Parsed(
            #"[2020-11-25T21:26:18.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 3 "-" "curl/7.73.0-DEV" "84961386" "httpbin:8000" "127.0.0.1:80" inbound|8000|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000 default"#,
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
            "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK",
            &parser
        )
        #expect(flow.number("bytes") == 4249)
        #expect(flow.record.timestamp == 1_418_530_010_000_000_000)
        let nlb = Parsed(
            "tls 2.0 2018-12-20T02:59:40 net/my/c6e7 g3d4 72.21.218.154:51341 172.100.100.185:443 5 2 98 246 - arn:x - ECDHE tlsv12 - my.elb.amazonaws.com - - - 2018-12-20T02:59:30",
            "nlb"
        )
        #expect(nlb.number("connection_time") == 0.005)
        #expect(nlb.number("bytes") == 246)
        #expect(nlb.record.timestamp == instant(2018, 12, 20, 2, 59, 40))
    }
}
