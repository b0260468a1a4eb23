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
            line:
                "[2016-12-19 16:31:47,437] INFO [Controller 0]: Controller starting up (kafka.controller.KafkaController)",
            time: instant(2016, 12, 19, 16, 31, 47, nanosecond: 437_000_000),
            level: .info,
            message: "[Controller 0]: Controller starting up (kafka.controller.KafkaController)"
        ),
        Sample(
            line: "Mar 27 13:06:56 ip-10-77-20-248 sshd[1291]: Server listening on 0.0.0.0 port 22.",
            time: instant(2024, 3, 27, 13, 6, 56),
            level: nil,
            message: "Server listening on 0.0.0.0 port 22.",
            fields: ["host": "ip-10-77-20-248", "process": "sshd", "pid": "1291"]
        ),
        Sample(
            line: "Jul  1 09:01:05 host last message repeated 2 times",
            time: instant(2024, 7, 1, 9, 1, 5),
            level: nil,
            message: "last message repeated 2 times",
            fields: ["host": "host"]
        ),
        Sample(
            line:
                "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su 77 ID47 [a@1 x=\"y]\"] 'su root' failed",
            time: instant(2003, 10, 11, 22, 14, 15, nanosecond: 3_000_000),
            level: .critical,
            message: "'su root' failed",
            fields: ["host": "mymachine.example.com", "process": "su", "pid": "77", "logger": "ID47"]
        ),
        Sample(
            line: "<165>Aug 24 05:34:00 mymachine myproc[10]: %% It's time",
            time: instant(2024, 8, 24, 5, 34, 0),
            level: .notice,
            message: "%% It's time",
            fields: ["process": "myproc", "pid": "10"]
        ),
        Sample(
            line: "2024-05-01T12:00:00+02:00 web1 cron[55]: job done",
            time: instant(2024, 5, 1, 10, 0, 0),
            level: nil,
            message: "job done",
            fields: ["host": "web1", "process": "cron", "pid": "55"]
        ),
        Sample(
            line: "I0517 15:04:22.619642  952452992 logging_unittest.cc:259] Log if every 1",
            time: instant(2024, 5, 17, 15, 4, 22, nanosecond: 619_642_000),
            level: .info,
            message: "Log if every 1",
            fields: ["pid": "952452992", "logger": "logging_unittest.cc:259"]
        ),
        Sample(
            line: "17/06/09 20:10:40 INFO spark.SecurityManager: Changing view acls to: yarn,curi",
            time: instant(2017, 6, 9, 20, 10, 40),
            level: .info,
            message: "Changing view acls to: yarn,curi",
            fields: ["logger": "spark.SecurityManager"]
        ),
        Sample(
            line:
                "2016-12-19T16:31:46.725+0100: 1.595: [GC pause (G1 Evacuation Pause) (young), 0.0096173 secs]",
            time: instant(2016, 12, 19, 15, 31, 46, nanosecond: 725_000_000),
            level: nil,
            message: "1.595: [GC pause (G1 Evacuation Pause) (young), 0.0096173 secs]"
        ),
        Sample(
            line: "[Sun Dec 04 04:47:44 2005] [error] mod_jk child workerEnv in error state 6",
            time: instant(2005, 12, 4, 4, 47, 44),
            level: .error,
            message: "mod_jk child workerEnv in error state 6"
        ),
        Sample(
            line: "2025-08-13 01:45:01.123 PDT [12345] LOG:  starting PostgreSQL 15.4",
            time: instant(2025, 8, 13, 8, 45, 1, nanosecond: 123_000_000),
            level: .info,
            message: "starting PostgreSQL 15.4",
            fields: ["pid": "12345"]
        ),
        Sample(
            line:
                "[pid: 88185|app: 0|req: 1/1] 127.0.0.1 () {38 vars in 696 bytes} [Sun Mar 13 22:49:12 2016] POST /x => done",
            time: instant(2016, 3, 13, 22, 49, 12),
            level: nil,
            message: "POST /x => done"
        ),
        Sample(
            line: "03-17 16:13:38.811  1702  2395 D WindowManager: printFreezing",
            time: instant(2024, 3, 17, 16, 13, 38, nanosecond: 811_000_000),
            level: .debug,
            message: "printFreezing",
            fields: ["pid": "1702", "logger": "WindowManager"]
        ),
        Sample(
            line: "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 terminating",
            time: instant(2008, 11, 9, 20, 36, 15),
            level: .info,
            message: "PacketResponder 1 terminating",
            fields: ["pid": "148", "logger": "dfs.DataNode$PacketResponder"]
        ),
        Sample(
            line:
                "- 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.50.675872 R02-M1 RAS KERNEL INFO cache error",
            time: 1_117_838_570_000_000_000,
            level: .info,
            message: "cache error"
        ),
        Sample(
            line: "- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228 crond[2915]: session closed",
            time: 1_131_566_461_000_000_000,
            level: nil,
            message: "session closed",
            fields: ["host": "dn228/dn228", "process": "crond", "pid": "2915"]
        ),
        Sample(
            line: "20171223-22:15:29:606|Step_LSC|30002312|onStand 3579",
            time: instant(2017, 12, 23, 22, 15, 29, nanosecond: 606_000_000),
            level: nil,
            message: "Step_LSC|30002312|onStand 3579"
        ),
        Sample(
            line:
                "2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:2181:X@774] - Notification time out: 3200",
            time: instant(2015, 7, 29, 17, 41, 44, nanosecond: 747_000_000),
            level: .info,
            message: "Notification time out: 3200"
        ),
        Sample(
            line: "2015-10-18 18:01:47,978 WARN [main] org.apache.hadoop.MRAppMaster: Created",
            time: instant(2015, 10, 18, 18, 1, 47, nanosecond: 978_000_000),
            level: .warning,
            message: "Created",
            fields: ["logger": "org.apache.hadoop.MRAppMaster"]
        ),
        Sample(
            line: "2024/05/02 10:11:12 [error] 31#31: *5 open() failed",
            time: instant(2024, 5, 2, 10, 11, 12),
            level: .error,
            message: "31#31: *5 open() failed"
        ),
        Sample(
            line: "[2025-01-02 11:19:06] laravel.EMERGENCY: Unable to create",
            time: instant(2025, 1, 2, 11, 19, 6),
            level: .emergency,
            message: "Unable to create"
        ),
        Sample(
            line: "1:C 25 Apr 2024 05:32:35.018 * Redis is starting",
            time: instant(2024, 4, 25, 5, 32, 35, nanosecond: 18_000_000),
            level: nil,
            message: "* Redis is starting"
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
            "nova-api.log 2017-05-16 00:00:00.008 25746 INFO nova.osapi [req-38101a0b-2096] 10.11.10.1 \"GET /v2/servers/detail HTTP/1.1\" status: 200 len: 1893 time: 0.2477829"
        let parsed = Parsed(line, "key-value")
        #expect(parsed.number("status") == 200)
        #expect(parsed.number("len") == 1893)
        #expect(parsed.number("time") == 0.2477829)
        #expect(parsed["method"] == "GET")
        #expect(parsed["path"] == "/v2/servers/detail")
        #expect(parsed.record.level == .info)
        #expect(parsed.record.timestamp == instant(2017, 5, 16, nanosecond: 8_000_000))
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
            #"141.35.244.171:53332 [25/Feb/2019:16:19:48.143] prod_in~ bk_admin/nginx 0/0/7/1457/+1487 200 +11394 - - ---- 2/1/0/0/0 0/0 {Mozilla/5.0 "x"} {} "GET /admin?a=1 HTTP/1.1""#
        for line in ["Feb 25 16:19:49 192.168.4.2 haproxy[7]: " + entry, entry] {
            let parsed = Parsed(line, "haproxy")
            #expect(parsed["client"] == "141.35.244.171:53332")
            #expect(parsed["frontend"] == "prod_in~")
            #expect(parsed["backend"] == "bk_admin")
            #expect(parsed["server"] == "nginx")
            #expect(parsed.number("request_time") == 1.487)
            #expect(parsed.number("response_time") == 1.457)
            #expect(parsed.number("status") == 200)
            #expect(parsed.number("bytes") == 11394)
            #expect(parsed.record.timestamp == instant(2019, 2, 25, 16, 19, 48, nanosecond: 143_000_000))
        }
        let tcp = Parsed(
            "10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/-1/5007 212 -- 0/0/0/0/3 0/0",
            "haproxy"
        )
        #expect(tcp.number("request_time") == 5.007)
        #expect(tcp.number("connect_time") == nil)
        #expect(tcp.number("bytes") == 212)
        #expect(tcp["termination"] == "--")
        let other = Parsed("Feb 25 16:19:38 192.168.4.2 haproxy[1]: Proxy prod_in started.", "haproxy")
        #expect(other.outcome == .record)
        #expect(other.message == "Proxy prod_in started.")
        #expect(other["frontend"] == nil)
    }
}
