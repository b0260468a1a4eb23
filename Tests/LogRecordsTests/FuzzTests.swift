import LogRecords
import SeededNumbers
import Testing

@Suite("Hostile input", .timeLimit(.minutes(2)))
struct FuzzTests {
    private static let seeds: [String] = [
        #"{"ts":"2026-01-01T00:00:00.668Z","a":{"b":[1,2.5,{"c":"x\u00e9\n"}]},"status":200,"t":true,"n":null,"e":-1.5e10}"#,
        #"203.0.113.7 - - [03/Feb/2024:04:05:06 +0000] "GET /a HTTP/1.1" 200 98765 "http://a/" "Moz \"x\"" 0.25 10.0.0.1:80 "1.2.3.4" [x]"#,
        #"time="2024-02-03T04:05:06.789012Z" level=error msg="a \"b\" c" took=1.5ms flag x="#,
        "a,b,\"c \"\"d\"\"\",1.5,,2026-01-01 10:11:12",
        "2024-02-03 04:05:06 10.1.2.3 GET /shelf.txt - 80 404 77",
        "[2024-02-03 04:05:06,789] INFO [Worker 3]: Shelf 0 counted, took 5ms (shop.stock)",
        "<34>1 2021-06-07T08:09:10.011Z host doord 42 ID9 [a@1 x=\"y]\"] failed",
        "Mar 12 10:11:12 gate-7 doord[42]: Door open for 10.1.2.3 lane 4.",
        "W0611 12:13:14.151617   4242 counter.cc:18] Shelf is empty",
        "x 2024-02-03 04:05:06.789 4242 INFO shelf [req-1] 10.1.2.3 \"GET /v2 HTTP/1.1\" status: 200 len: 977 time: 0.34",
        #"h2 2026-01-01T00:00:00.668000Z app/auth 1.1.1.1:40000 10.0.5.1:8080 0.0 0.013 0.0 200 200 310 299 "POST https://e.com:443/x HTTP/2.0" "a""#,
        "Feb  3 04:05:07 h haproxy[5]: 1.1.1.1:5 [03/Feb/2024:04:05:06.789] f b/s 0/0/4/350/360 200 9876 - - ---- 2/1/0/0/0 0/0 {x} \"GET / HTTP/1.1\"",
        #"{"log":"{\"status\":200,\"m\":\"\\u00e9\"}\n","stream":"stdout","time":"2024-02-03T04:05:06.789012345Z"}"#,
        "2024-02-03T04:05:06.789012345Z stdout F a=1 b=2",
        "\u{1b}[36mweb-1  | \u{1b}[0m2024-02-03T04:05:06.789012345Z a=1 b=2",
        "- 1706933106 2024.02.03 R1-M2 2024-02-03-04.05.06.789012 R1-M2 ABC CORE INFO bit flipped",
    ]

    private static var formats: [String] {
        LogFormat.bodyNames + [
            "combined:a,b_us,c", "vhost-combined:a", "csv:a,b,c,d,e,f", "w3c:a,b,c,d,e,f,g,h,i",
            "tokens:a,request,c_ms,d,e",
            "docker+json", "docker+combined", "cri+logfmt", "compose+logfmt", "header+json",
            "header+combined",
        ]
    }

    /// Every range lies within the text, every parent before its child, and all accessors answer.
    private func check(_ record: ParsedRecord, _ line: [UInt8]) -> Bool {
        for position in 0..<record.fieldCount {
            let field = record[field: position]
            guard field.range.lowerBound >= 0, field.range.upperBound <= record.textCount else {
                return false
            }
            if let parent = field.parent, parent >= position { return false }
            if let number = record.number(at: position), !number.isFinite { return false }
            _ = record.string(at: position)
            _ = record.path(at: position)
        }
        if let message = record.message, message.upperBound > record.textCount { return false }
        var numbers: [Double] = []
        record.appendNumbers(to: &numbers, limit: 20)
        return numbers.allSatisfy(\.isFinite) && record.textCount <= line.count
    }

    private func mutate(_ seed: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var line = seed
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !line.isEmpty {
            let index = Int.random(in: 0..<line.count, using: &generator)
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: line[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: line.remove(at: index)
            case 2:
                line.insert(
                    Array("\"\\{}[]:, =-\0.9\u{1b}".utf8).randomElement(using: &generator) ?? 0,
                    at: index
                )
            case 3: line.removeSubrange(index...)
            case 4: line.removeSubrange(..<index)
            case 5: line.insert(contentsOf: line[index...].prefix(20), at: index)
            default: line.insert(contentsOf: [UInt8](repeating: UInt8(ascii: "9"), count: 30), at: index)
            }
        }
        return line
    }

    @Test("mutated, cut and random lines give fields within the line or an error within it")
    func mutations() {
        var generator = SeededGenerator(seed: 2026)
        var record = ParsedRecord(maximumFields: 64)
        let seeds = Self.seeds.map { Array($0.utf8) }
        for name in Self.formats {
            var parser = LogParser(format: LogFormat(name: name) ?? .text)
            for round in 0..<3000 {
                let line: [UInt8]
                if round % 10 == 9 {
                    let count = Int.random(in: 0..<200, using: &generator)
                    line = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                } else {
                    line = mutate(seeds[round % seeds.count], &generator)
                }
                let outcome = parser.parse(line, into: &record)
                if case .failed(let error) = outcome {
                    #expect(error.offset >= 0 && error.offset <= line.count, "\(name): \(error)")
                }
                if !check(record, line) {
                    Issue.record("\(name) on \(String(decoding: line, as: UTF8.self))")
                }
            }
        }
    }

    @Test("every cut of every kind of line")
    func truncations() {
        var record = ParsedRecord(maximumFields: 64)
        for name in Self.formats {
            var parser = LogParser(format: LogFormat(name: name) ?? .text)
            for seed in Self.seeds.map({ Array($0.utf8) }) {
                for length in 0...seed.count {
                    let line = Array(seed[..<length])
                    if case .failed(let error) = parser.parse(line, into: &record) {
                        #expect(error.offset <= length, "\(name): \(error)")
                    }
                    #expect(check(record, line))
                }
            }
        }
    }

    @Test("detection answers for any lines, and the same each time")
    func detection() {
        var generator = SeededGenerator(seed: 77)
        let seeds = Self.seeds.map { Array($0.utf8) }
        for _ in 0..<300 {
            let lines = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                mutate(seeds[Int.random(in: 0..<seeds.count, using: &generator)], &generator)
            }
            let format = LogFormat.detect(lines: lines)
            #expect(LogFormat.detect(lines: lines) == format)
            #expect(LogFormat(name: format.name) == format)
        }
    }

    @Test("equal lines give equal records, whatever was parsed before")
    func determinism() {
        var fresh = LogParser(format: .json)
        var used = LogParser(format: .json)
        var one = ParsedRecord()
        var two = ParsedRecord()
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<300 { _ = used.parse(mutate(Array(Self.seeds[0].utf8), &generator), into: &two) }
        let line = Array(Self.seeds[0].utf8)
        #expect(fresh.parse(line, into: &one) == used.parse(line, into: &two))
        #expect(one.fieldCount == two.fieldCount && one.timestamp == two.timestamp)
        for position in 0..<one.fieldCount { #expect(one[field: position] == two[field: position]) }
    }

    @Test("what a record held before has no influence on the next one")
    func leftovers() {
        var generator = SeededGenerator(seed: 99)
        let seeds = Self.seeds.map { Array($0.utf8) }
        let dirt = Array(String(repeating: "9:9 Jan 1 09:09:09 2009 \"]}=5s,", count: 100).utf8)
        for name in Self.formats {
            let format = LogFormat(name: name) ?? .text
            var one = LogParser(format: format)
            var two = one
            var soiling = LogParser(format: .text)
            var used = ParsedRecord(maximumFields: 64)
            for round in 0..<400 {
                let line = mutate(seeds[round % seeds.count], &generator)
                var fresh = ParsedRecord(maximumFields: 64)
                _ = soiling.parse(dirt, into: &used)
                let outcome = one.parse(line, into: &fresh)
                let isEqual =
                    two.parse(line, into: &used) == outcome && summary(used) == summary(fresh)
                if !isEqual { Issue.record("\(name) on \(String(decoding: line, as: UTF8.self))") }
            }
        }
    }

    private func summary(_ record: ParsedRecord) -> [String] {
        var numbers: [Double] = []
        record.appendNumbers(to: &numbers, limit: 20)
        let fields = (0..<record.fieldCount).map { position in
            "\(record.path(at: position)) \(record[field: position].kind) \(record.string(at: position)) "
                + "\(record[field: position].number.bitPattern)"
        }
        return fields + [
            "\(String(describing: record.timestamp)) \(String(describing: record.level)) \(numbers)"
        ]
    }
}
