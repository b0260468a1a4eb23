import Foundation
import KafkaTestSupport
import SeededNumbers
import Testing

@testable import TimberlineCLI

/// Input of every wrong kind: an error with its code, or lines that are counted and kept.
@Suite(.ownThread) struct MalformedInputTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Scores a file; how many dead letters there were.
    private func score(_ path: String, _ more: [String] = []) throws -> (
        Scratch.Result, letters: [[String: Any]]
    ) {
        let letters = scratch.path("dead-\(UUID().uuidString).jsonl")
        let result = try scratch.run(
            ["score", "--all", "--output", "json", "--dead-letters", letters, path] + more
        )
        let text = try String(contentsOfFile: letters, encoding: .utf8)
        return (
            result,
            try text.split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            }
        )
    }

    /// A good log with lines put in at these places.
    private func log(with odd: [Int: String]) throws -> String {
        var lines = SampleLog(count: 200, odd: -1).lines
        for (index, line) in odd.sorted(by: { $0.key > $1.key }) { lines.insert(line, at: index) }
        return try scratch.write("odd.log", lines.map { $0 + "\n" }.joined())
    }

    private func checkNumbers(_ result: Scratch.Result) throws {
        for line in result.lines {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            )
            let score = try #require(object["score"] as? Double)
            #expect(score.isFinite && score >= 0)
        }
    }

    @Test("an empty file gives nothing, and is no error")
    func empty() throws {
        let (result, letters) = try score(try scratch.write("empty.log", ""))
        #expect(result.code == .success && result.output == "" && letters.isEmpty)
        #expect(result.errors.contains("0 lines"))
        #expect(try score(try scratch.write("blank.log", "\n\n\n")).0.errors.contains("3 skipped"))
    }

    @Test("binary data is read to its end, and its bytes move no terminal")
    func binary() throws {
        var random = SeededGenerator(seed: 5)
        let bytes = Data((0..<300_000).map { _ in UInt8.random(in: 0...255, using: &random) })
        let path = try scratch.write("binary", bytes: bytes)
        let (result, _) = try score(path)
        #expect(result.code == .success)
        try checkNumbers(result)
        let text = try scratch.run(["score", "--all", path]).output
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        #expect(try scratch.run(["score", "--format", "json", path]).code == .success)
    }

    @Test("a line of 100 MB takes no memory to speak of: one dead letter, and the rest goes on")
    func hugeLine() throws {
        let small = SampleLog(count: 100, odd: -1)
        try scratch.write("head.log", small.text)
        let run = "2>e.txt \"$TIMBERLINE\" score --all --dead-letters d.jsonl"
        // The peak is that of the shell's largest child: its own memory is a few MB.
        let ran = try scratch.shell(
            """
            (cat head.log; head -c 100000000 /dev/zero | tr '\\0' x; echo; cat head.log) > huge.log
            python3 -c 'import resource,subprocess,sys; print(subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
                bash -c '\(run) huge.log'
            """
        )
        let numbers = ran.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(numbers.count == 2, "\(ran.output)\(ran.errors)")
        #expect(numbers[0] == 0)
        #expect(numbers[1] < 80_000, "peak of \(numbers[1]) kB")
        let letters = try scratch.read("d.jsonl").split(separator: "\n")
        #expect(letters.count == 1)
        #expect(letters.first?.contains("100000000 bytes") == true)
        #expect(try scratch.read("e.txt").contains("201 lines"))
    }

    @Test("invalid UTF-8, truncated JSON: kept whole with the reason; NUL bytes alone are a blank line")
    func unparsed() throws {
        let lines: [Data] = [Data("{\"duration_ms\":12,".utf8), Data([0x7b, 0xff, 0xfe]), Data([0, 0, 0])]
        var bytes = Data(SampleLog(count: 100, odd: -1).text.utf8)
        for line in lines { bytes += line + [0x0a] }
        bytes += Data(SampleLog(count: 100, odd: -1).text.utf8)
        let (result, letters) = try score(try scratch.write("bad.log", bytes: bytes))
        #expect(result.code == .success)
        #expect(result.errors.contains("203 lines") && result.errors.contains("2 unparsed, 1 skipped"))
        #expect(result.lines.count == 168)
        #expect(letters.count == 2)
        #expect(letters.allSatisfy { ($0["reason"] as? String)?.isEmpty == false })
        #expect(letters[0]["value"] as? String == "{\"duration_ms\":12,")
        #expect(letters[1]["value_base64"] as? String == "e//+")
    }

    @Test("invalid UTF-8 within a line's text is scored, and its output is valid")
    func invalidText() throws {
        var bytes = Data()
        for index in 0..<100 {
            bytes +=
                Data("{\"duration_ms\":\(index % 7 + 10),\"m\":\"".utf8) + [0xff, 0xc3] + Data("\"}\n".utf8)
        }
        let (result, letters) = try score(try scratch.write("text.log", bytes: bytes))
        #expect(result.lines.count + letters.count >= 68)
        try checkNumbers(result)
    }

    @Test(
        "a gigantic or impossible number poisons nothing: every line is counted, later scores are as ever",
        arguments: [
            "1e400", "-1e400", "1e300", "-1e300", "NaN", "1e-400", "null", "\"NaN\"",
            String(repeating: "9", count: 400),
        ]
    )
    func numbers(_ number: String) throws {
        let odd = SampleLog(count: 200, odd: -1).lines[150].replacing(
            /"duration_ms":\d+/,
            with: "\"duration_ms\":\(number)"
        )
        for place in [5, 150] {
            let (result, letters) = try score(try log(with: [place: odd]))
            #expect(result.code == .success)
            #expect(
                result.lines.count + letters.count == 201 - 32 + (place < 32 ? letters.count : 0),
                "\(result.errors)"
            )
            try checkNumbers(result)
        }
        // The model is what it would be without it: ordinary lines stay ordinary.
        let (result, _) = try score(try log(with: [150: odd]))
        let after = result.lines.suffix(40).filter { $0.contains("\"anomalous\":true") }
        #expect(after.isEmpty, "\(after)")
    }

    @Test("the values of CSV and logfmt may be NaN and infinite")
    func csvNumbers() throws {
        let values = ["NaN", "inf", "-inf", "1e999", ""]
        let csv = (0..<200).map {
            "\(1_700_000_000 + $0 * 60),\($0 % 20 == 19 ? values[$0 / 20 % 5] : "\($0 % 9)")\n"
        }.joined()
        let (result, letters) = try score(try scratch.write("m.csv", "time,value\n" + csv))
        #expect(result.code == .success)
        #expect(result.lines.count + letters.count >= 168)
        try checkNumbers(result)
        let logfmt = (0..<200).map {
            "level=info duration_ms=\($0 % 20 == 19 ? values[$0 / 20 % 5] : "\($0 % 9)")\n"
        }.joined()
        try checkNumbers(try score(try scratch.write("m.log", logfmt)).0)
    }

    @Test("a clock that goes backwards, by a second or by centuries, is scored")
    func clock() throws {
        var lines = (0..<200).map {
            "2024-05-01T10:00:\($0 % 60 < 10 ? "0" : "")\($0 % 60)Z INFO worker step \($0 % 5)"
        }
        lines[120] = "1601-01-01T00:00:00Z INFO worker step 1"
        lines[130] = "9999-12-31T23:59:59Z INFO worker step 1"
        lines[140] = "2024-02-31T25:61:61Z INFO worker step 1"
        let (result, letters) = try score(try scratch.write("clock.log", lines.map { $0 + "\n" }.joined()))
        #expect(result.code == .success)
        #expect(result.lines.count == 168 && letters.isEmpty)
        try checkNumbers(result)
    }

    @Test("the last line needs no end, and Windows' line ends are none of the line")
    func lineEnds() throws {
        let lines = SampleLog(count: 100, odd: -1).lines
        let unix = try score(try scratch.write("a.log", lines.joined(separator: "\n"))).0
        let windows = try score(try scratch.write("b.log", lines.joined(separator: "\r\n"))).0
        #expect(unix.lines.count == 68)
        func scores(_ result: Scratch.Result) -> [Substring?] {
            result.lines.map { $0.firstMatch(of: /"score":([0-9.e-]+)/)?.1 }
        }
        #expect(scores(unix) == scores(windows))
        #expect(!windows.output.contains("\\r"))
    }
}
