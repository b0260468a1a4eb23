import LogRecords
import Testing

@Suite("JSON lines")
struct JSONTests {
    @Test("gives numbers, strings, bools and nulls by their names")
    func kinds() {
        let parsed = Parsed(#"{"a":1.5,"b":"x","c":true,"d":false,"e":null,"f":"12.25","g":-3}"#, "json")
        #expect(parsed.outcome == .record)
        #expect(parsed.number("a") == 1.5)
        #expect(parsed["b"] == "x")
        #expect(parsed.number("b") == nil)
        #expect(parsed.number("c") == 1)
        #expect(parsed.number("d") == 0)
        #expect(parsed.number("e") == nil)
        #expect(parsed["e"] == nil)
        #expect(parsed.number("f") == 12.25)
        #expect(parsed.number("g") == -3)
        #expect(parsed.number("h") == nil)
    }

    @Test("finds nested keys, elements, and keys that hold points themselves")
    func nesting() {
        let line =
            #"{"zones":{"a.example.net":{"requests":7,"responses":{"2xx":5}}},"peers":[{"id":3},{"id":4,"x":[10,20]}]}"#
        let parsed = Parsed(line, "json")
        #expect(parsed.number("zones.a.example.net.requests") == 7)
        #expect(parsed.number("zones.a.example.net.responses.2xx") == 5)
        #expect(parsed.number("peers.0.id") == 3)
        #expect(parsed.number("peers.1.x.1") == 20)
        #expect(parsed.number("peers.1.x.2") == nil)
        #expect(parsed.number("requests") == nil)
        #expect(parsed.number("example.net.requests") == nil)
        #expect(parsed["peers.0"] == #"{"id":3}"#)
    }

    @Test("decodes escapes in values and keys")
    func escapes() {
        let parsed = Parsed(#"{"a":"q\"b\\s\/n\nt\tu\u00e9\ud83d\ude00\ud800x\x","caf\u00e9":1}"#, "json")
        #expect(parsed["a"] == "q\"b\\s/n\nt\tu\u{e9}\u{1f600}\u{fffd}x\\x")
        #expect(parsed.number("café") == 1)
    }

    @Test("white space and control characters where loggers write them")
    func tolerance() {
        let parsed = Parsed(" { \"a\" : [ 1 , 2 ] ,\t\"b\":\"x\u{1}y\", \"c\" : { } , \"d\":[]} \r", "json")
        #expect(parsed.outcome == .record)
        #expect(parsed.number("a.1") == 2)
        #expect(parsed["b"] == "x\u{1}y")
    }

    @Test("NaN, infinities and gigantic numbers are numbers without a value")
    func notFinite() {
        let parsed = Parsed(#"{"a":NaN,"b":Infinity,"c":-Infinity,"d":1e999,"e":1}"#, "json")
        #expect(parsed.outcome == .record)
        for key in ["a", "b", "c", "d"] { #expect(parsed.number(key) == nil) }
        #expect(parsed.number("e") == 1)
    }

    @Test("of two equal keys the first one counts, also after records of another layout")
    func duplicates() {
        var parser = LogParser(format: .json)
        var record = ParsedRecord()
        var reference = FieldReference("b")
        let lines = [#"{"a":1,"b":2}"#, #"{"b":3,"b":4}"#, #"{"a":1,"b":5}"#, #"{"b":6,"b":7}"#, #"{"c":1}"#]
        let values = lines.map { line in
            _ = parser.parse(Array(line.utf8), into: &record)
            return record.number(&reference)
        }
        #expect(values == [2, 3, 5, 6, nil])
    }

    @Test("an array's element and an empty key are told apart")
    func emptyKey() {
        var parser = LogParser(format: .json)
        var record = ParsedRecord()
        var reference = FieldReference("a.0")
        var values: [Double?] = []
        for line in [#"{"a":{"":1}}"#, #"{"a":[2]}"#, #"{"a":{"0":3}}"#] {
            _ = parser.parse(Array(line.utf8), into: &record)
            values.append(record.number(&reference))
        }
        #expect(values == [nil, 2, 3])
    }

    @Test(
        "says what is wrong and where",
        arguments: [
            (#"{"a":1"#, LogParseError.Code.unexpectedEnd, 6), (#"{"a""#, .unexpectedEnd, 4),
            (#"{"a":"x"#, .unterminatedString, 5),
            (#"{"a" 1}"#, .unexpectedByte, 5), (#"{"a":01}"#, .malformedNumber, 5),
            (#"{"a":1.}"#, .unexpectedByte, 6),
            (#"{"a":tru}"#, .unexpectedByte, 5), (#"{"a":1}x"#, .unexpectedByte, 7),
            (#"[1]"#, .notAnObject, 0),
            ("hello", .notAnObject, 0), (#"{a:1}"#, .unexpectedByte, 1), (#"{"a":1,}"#, .unexpectedByte, 7),
            (#"{"a":[1,]}"#, .unexpectedByte, 8), (#"{"a":}"#, .unexpectedByte, 5), ("{", .unexpectedEnd, 1),
            (#"{"a":"\"#, .unterminatedString, 5), (#"{"a":+1}"#, .unexpectedByte, 5),
            (#"{"a":-}"#, .unexpectedByte, 5),
        ]
    )
    func errors(line: String, code: LogParseError.Code, offset: Int) {
        let parsed = Parsed(line, "json")
        #expect(parsed.error == LogParseError(code, at: offset))
        #expect(parsed.record.fieldCount == 0)
    }

    @Test("nesting is bounded: 64 levels pass, 65 do not")
    func depth() {
        func nested(_ levels: Int) -> String {
            String(repeating: "{\"a\":", count: levels) + "1" + String(repeating: "}", count: levels)
        }
        #expect(Parsed(nested(64), "json").outcome == .record)
        #expect(Parsed(nested(65), "json").error?.code == .nestedTooDeeply)
        #expect(Parsed(String(repeating: "[", count: 100_000), "json").error?.code == .notAnObject)
        #expect(
            Parsed("{\"a\":" + String(repeating: "[", count: 100_000), "json").error?.code == .nestedTooDeeply
        )
    }

    @Test("fields are bounded: those past the limit are counted")
    func fieldLimit() {
        let line = "{" + (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        var parser = LogParser(format: .json)
        var record = ParsedRecord(maximumFields: 39)
        #expect(parser.parse(Array(line.utf8), into: &record) == .record)
        #expect(record.fieldCount == 39)
        #expect(record.droppedFields == 1)
        record = ParsedRecord(maximumFields: 40)
        #expect(parser.parse(Array(line.utf8), into: &record) == .record)
        #expect(record.droppedFields == 0)
    }

    @Test(
        "knows the time by its usual names and units",
        arguments: [
            #"{"time":"2026-01-01T00:00:00.25Z"}"#, #"{"ts":1767225600.25}"#, #"{"timestamp":1767225600250}"#,
            #"{"@timestamp":"2026-01-01T01:00:00.250+01:00"}"#, #"{"t":1767225600250000}"#,
            #"{"Time":1767225600250000000}"#,
            #"{"time":0.24,"ts":"2026-01-01 00:00:00,250"}"#, #"{"__REALTIME_TIMESTAMP":"1767225600250000"}"#,
            #"{"date":"2025-12-31T19:00:00.25-0500"}"#,
        ]
    )
    func times(line: String) {
        #expect(Parsed(line, "json").record.timestamp == instant(2026, 1, 1, nanosecond: 250_000_000))
    }

    @Test("numbers that are no times are none")
    func noTimes() {
        #expect(Parsed(#"{"time":0.24,"ts":12}"#, "json").record.timestamp == nil)
        #expect(Parsed(#"{"time":99999999999999999999}"#, "json").record.timestamp == nil)
        #expect(Parsed(#"{"time":null}"#, "json").record.timestamp == nil)
    }

    @Test(
        "knows the level by word and by number",
        arguments: [
            (#"{"level":"WARN"}"#, LogLevel.warning), (#"{"severity":"Error"}"#, .error),
            (#"{"level":50}"#, .error),
            (#"{"level":30}"#, .info), (#"{"PRIORITY":"4"}"#, .warning),
            (#"{"log.level":"critical"}"#, .critical),
            (#"{"lvl":"dbg"}"#, .debug),
        ]
    )
    func levels(line: String, level: LogLevel) {
        #expect(Parsed(line, "json").record.level == level)
    }

    @Test("roles follow the layout from line to line")
    func roles() {
        var parser = LogParser(format: .json)
        let one = Parsed(#"{"time":"2026-01-01T00:00:00Z","msg":"one"}"#, &parser)
        let two = Parsed(#"{"msg":"two","x":1,"time":"2026-01-02T00:00:00Z"}"#, &parser)
        let three = Parsed(#"{"x":1}"#, &parser)
        #expect(one.message == "one" && one.record.timestamp == instant(2026, 1, 1))
        #expect(two.message == "two" && two.record.timestamp == instant(2026, 1, 2))
        #expect(three.message == nil && three.record.timestamp == nil)
    }
}
