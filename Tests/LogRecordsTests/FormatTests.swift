import Foundation
import LogRecords
import Testing

@Suite("Formats by name and by their first lines")
struct FormatTests {
    @Test("every format comes back from its own name")
    func names() throws {
        var formats = LogFormat.bodyNames.compactMap { LogFormat(name: $0) }
        #expect(formats.count == LogFormat.bodyNames.count)
        formats.append(
            LogFormat(.delimited(DelimitedLayout(.csv, columns: ["a,b", "100%", "c\td", "é", ""])))
        )
        formats.append(LogFormat(.access(AccessLayout(extras: ["request_time_us"], hasVirtualHost: true))))
        for format in formats {
            for container in LogFormat.Container.allCases {
                let wrapped = LogFormat(format.body, in: container)
                #expect(LogFormat(name: wrapped.name) == wrapped, "\(wrapped.name)")
            }
        }
        let data = try JSONEncoder().encode([formats[0]])
        #expect(try JSONDecoder().decode([LogFormat].self, from: data) == [formats[0]])
    }

    @Test(
        "what is no name is refused",
        arguments: ["", "jsn", "cri+", "docker", "+json", "json:x", "csv:%4", "csv:%ff", "x+json"]
    )
    func wrongNames(name: String) {
        #expect(LogFormat(name: name) == nil)
    }

    private static let head = #"1.1.1.1 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5"#
    private static let combined = head + #" "-" "x""#

    @Test(
        "finds the format of lines",
        arguments: [
            ("json", [#"{"a":1}"#, #"{"a":2}"#]),
            ("json", ["starting up", #"{"a":1}"#, #"{"a":2}"#]),
            ("combined", [head]), ("combined", [combined]),
            ("combined:request_time", [combined + " 0.25", combined + " 1"]),
            ("combined:extra_1", [combined + " 250000"]),
            ("combined:request_time,upstream_response_time", [combined + " 0.25 0.20", combined + " 0.1 -"]),
            ("combined:forwarded_for", [combined + #" "10.0.0.1""#]),
            ("combined:request_time,upstream,service", [combined + " 0.01 10.0.0.1:80 shop"]),
            ("combined:request_time", [head + " 0.25"]),
            ("vhost-combined", ["example.com:80 " + combined]),
            ("ingress-nginx", [combined + " 423 0.005 [shop-web-80] [] 10.0.0.9:8080 612 0.004 200 8a1b"]),
            ("logfmt", ["a=1 b=2", "a=3 b=\"x y\" c"]),
            ("text", ["x y a=1 b=2", "z a=1"]),
            ("text", ["Jun  4 15:16:17 gate-7 doord[1]: refused; uid=5 gid=6 lane=x"]),
            ("csv:time,value", ["time,value", "2026-01-01,5"]),
            ("tsv:a,b,c", ["a\tb\tc", "1\t2\t3"]),
            ("csv-semicolon:a,b", ["a;b", "1;2"]),
            ("w3c:date,time,x", ["#Software: a", "#Fields: date time x", "2026-01-01 00:00:00 1"]),
            ("zeek:ts,x.y", ["#separator \\x09", "#fields\tts\tx.y", "1706933106.4\t1"]),
            ("key-value", ["2024-02-03 00:00:00 INFO x status: 200 len: 977 time: 0.34"]),
            (
                "envoy",
                [
                    #"[2024-02-03T04:05:06.789Z] "POST / HTTP/2" 204 - 15 0 22 10 "10.1.2.3" "x" "cc" "l" "tcp://1:80""#
                ]
            ),
            (
                "haproxy",
                [
                    "203.0.113.7:4711 [03/Feb/2024:04:05:06.789] shop shelves/node3 0/0/2500 333 -- 0/0/0/0/3 0/0"
                ]
            ),
            ("docker+json", [#"{"log":"{\"a\":1}\n","stream":"stdout","time":"2024-02-03T04:05:06Z"}"#]),
            ("cri+logfmt", ["2024-02-03T04:05:06.789012345Z stdout F a=1 b=2"]),
            ("compose+text", ["web-1  | hello", "db  | x y"]),
            ("compose+combined", ["web-1  | " + combined]),
            ("header+json", [#"2024-02-03T04:05:06.789012345Z {"a":1}"#]),
            ("header+combined", ["Oct  9 08:07:06 web nginx: " + combined]),
            ("text", []), ("text", [""]), ("text", ["\u{0}\u{1}\u{2}"]),
        ]
    )
    func detection(name: String, lines: [String]) {
        #expect(LogFormat.detect(lines: lines.map { Array($0.utf8) }).name == name)
    }

    struct SharedFile: Sendable, CustomTestStringConvertible {
        var name: String
        var format: String
        var failed = 0
        var testDescription: String { name }
    }

    static let sharedFiles: [SharedFile] =
        [
            SharedFile(name: "elastic/apache_logs_10k.log", format: "combined", failed: 1),
            SharedFile(name: "elastic/auth.log", format: "text"),
            SharedFile(name: "elastic/kafka_controller.log.2016-12-19-16", format: "text"),
            SharedFile(name: "elastic/kafka_kafkaServer-gc.log", format: "text"),
            SharedFile(name: "elastic/kafka_state-change.log", format: "text"),
            SharedFile(name: "elastic/nginxplus_json_logs.json", format: "json"),
            SharedFile(name: "lnav_formats/access_log.0", format: "combined"),
            SharedFile(name: "lnav_formats/bro_http.log.0", format: "zeek"),
            SharedFile(name: "lnav_formats/bunyan.0", format: "json"),
            SharedFile(name: "lnav_formats/docker_compose_with_ts.0", format: "compose+text"),
            SharedFile(name: "lnav_formats/ecs_log.json", format: "json"),
            SharedFile(name: "lnav_formats/glog.0", format: "text"),
            SharedFile(name: "lnav_formats/grafana.0", format: "logfmt"),
            SharedFile(name: "lnav_formats/haproxy.0", format: "haproxy"),
            SharedFile(name: "lnav_formats/journald.json", format: "json"),
            SharedFile(name: "lnav_formats/laravel.1", format: "text"),
            SharedFile(name: "lnav_formats/logfmt.0", format: "logfmt"),
            SharedFile(name: "lnav_formats/mysql_slow.0", format: "text"),
            SharedFile(name: "lnav_formats/openam.0", format: "text"),
            SharedFile(name: "lnav_formats/pino.0", format: "json"),
            SharedFile(name: "lnav_formats/postgres.0", format: "text"),
            SharedFile(name: "lnav_formats/procstate.0", format: "text"),
            SharedFile(name: "lnav_formats/spark.0", format: "text"),
            SharedFile(name: "lnav_formats/syslog.0", format: "text"),
            SharedFile(name: "lnav_formats/uwsgi.0", format: "text"),
            SharedFile(name: "lnav_formats/w3c_big.0", format: "w3c"),
            SharedFile(name: "loghub/OpenStack/OpenStack_2k.log", format: "key-value"),
        ]
        + [
            "Android", "Apache", "BGL", "HDFS", "HPC", "Hadoop", "HealthApp", "Linux", "Mac", "OpenSSH",
            "Proxifier",
            "Spark", "Thunderbird", "Windows", "Zookeeper",
        ].map { SharedFile(name: "loghub/\($0)/\($0)_2k.log", format: "text") }

    @Test(
        "finds the format of real files and reads or counts every line",
        .enabled(if: sharedLogs != nil, "../shared/data/logs is absent"),
        arguments: sharedFiles
    )
    func sharedFile(file: SharedFile) throws {
        let lines = try sharedLines(file.name)
        let format = LogFormat.detect(lines: Array(lines.prefix(LogFormat.sampleLines)))
        #expect(format.name.prefix { $0 != ":" } == file.format)
        var parser = LogParser(format: format, referenceYear: 2024)
        var record = ParsedRecord()
        var failed = 0
        var records = 0
        for line in lines {
            switch parser.parse(line, into: &record) {
            case .record: records += 1
            case .failed: failed += 1
            case .skipped(let reason):
                #expect(
                    reason != .blank || line.allSatisfy { $0 <= 0x20 || $0 == UInt8(ascii: "|") }
                        || format.container != .none
                )
            }
        }
        #expect(failed == file.failed)
        #expect(records > 0)
    }
}
