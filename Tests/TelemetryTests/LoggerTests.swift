import Telemetry
import Testing

@Suite("Log lines")
struct LoggerTests {
    private func lines(
        _ format: LogFormat,
        level: LogLevel = .info,
        _ write: (Logger) -> Void
    ) -> [String] {
        let sink = MemorySink()
        write(Logger(level: level, format: format, sink: sink, millisecondsNow: { 1_700_000_000_123 }))
        return sink.lines
    }

    @Test("A level that changes holds for all loggers of one origin")
    func changedLevel() {
        let sink = MemorySink()
        let logger = Logger(level: .info, sink: sink)
        let child = logger.adding(["k": 1])
        child.debug("a", "a")
        child.setLevel(.debug)
        logger.debug("b", "b")
        logger.adding(["k": 2]).setLevel(.error)
        child.warning("c", "c")
        child.error("d", "d")
        #expect(sink.lines.map { $0.contains("event=b") || $0.contains("event=d") } == [true, true])
        #expect(logger.level == .error)
    }

    @Test("A logfmt line has time, level, event and message first, then the fields in order")
    func logfmt() {
        let written = lines(.logfmt) { logger in
            logger.adding(["group": "g"]).info(
                "assigned",
                "Partitions assigned",
                ["count": 3, "late": false]
            )
        }
        #expect(
            written == [
                "time=2023-11-14T22:13:20.123Z level=info event=assigned message=\"Partitions assigned\""
                    + " group=g count=3 late=false"
            ]
        )
    }

    @Test("A JSON line quotes what JSON must quote, also in keys' values that are not finite")
    func json() {
        let written = lines(.json) { logger in
            logger.error("odd", "a \"b\"\n\\\u{1}é", ["ratio": .number(.infinity), "share": 0.5])
        }
        #expect(
            written == [
                #"{"time":"2023-11-14T22:13:20.123Z","level":"error","event":"odd","#
                    + #""message":"a \"b\"\n\\\u0001é","ratio":"inf","share":0.5}"#
            ]
        )
    }

    @Test("Lines below the level are not written, nor their message made")
    func level() {
        var made = 0
        func message() -> String {
            made += 1
            return "text"
        }
        let written = lines(.logfmt, level: .warning) { logger in
            logger.info("a", message())
            logger.warning("b", message())
        }
        #expect(written.count == 1)
        #expect(made == 1)
    }

    @Test("A value with a newline cannot begin a second line")
    func injection() {
        let written = lines(.logfmt) { $0.info("a", "x\nlevel=error", ["key": "v w\u{7f}", "empty": ""]) }
        #expect(written.count == 1)
        #expect(written[0].hasSuffix(#"message="x\nlevel=error" key="v w\u007f" empty="""#))
    }

    @Test(
        "Dates are right at the ends of months, in leap years and before 1970",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (1_704_067_199_000, "2023-12-31T23:59:59.000Z"),
        ] as [(Int64, String)]
    )
    func dates(milliseconds: Int64, text: String) {
        #expect(timestampText(milliseconds: milliseconds) == text)
    }
}
