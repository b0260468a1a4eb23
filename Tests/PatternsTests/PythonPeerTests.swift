import Foundation
import Patterns
import Testing

@Suite("Patterns beside Python's re", .timeLimit(.minutes(1)))
struct PythonPeerTests {
    static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "finds the groups that Python's re finds",
        .enabled(if: python != nil, "python3 is not installed"),
        arguments: [
            #"^(?P<client>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<path>\S+)[^"]*" (?P<status>\d{3}) (?P<bytes>\d+|-)"#,
            #"(?P<key>\w+)=(?P<value>"[^"]*"|\S*)"#,
            #"(?i)(?P<level>error|warn(?:ing)?)\b.*?(?P<number>-?\d+(?:\.\d+)?)"#,
            #"(?P<a>\d+)(?:-(?P<b>\d+))?"#,
        ]
    )
    func peer(pattern: String) throws {
        let lines = Self.lines(seed: 11, count: 400)
        let expected = try Self.run(pattern, lines)
        var matcher = try PatternMatcher(Pattern(pattern))
        for (index, line) in lines.enumerated() {
            var found = "none"
            if try matcher.match(Array(line.utf8)) {
                let ranges = matcher.pattern.names.indices.map { name in
                    matcher.range(ofName: name).map { "\($0.lowerBound)-\($0.upperBound)" } ?? "unset"
                }
                found = ranges.joined(separator: " ")
            }
            #expect(found == expected[index], "line \(line)")
        }
    }

    private static func lines(seed: UInt64, count: Int) -> [String] {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let parts = [
            "10.0.0.1 - alice [03/Feb/2024:04:05:06 +0000] \"GET /a HTTP/1.1\" 200 12", "status=200",
            "msg=\"a b\"",
            "ERROR", "Warning", " ", "12-34", "-5.5", "x", "took 12ms", "key=", "\"", "warn", "99", "[", "]",
        ]
        return (0..<count).map { _ in
            (0...next(5)).map { _ in parts[next(parts.count)] }.joined(separator: " ")
        }
    }

    private static func run(_ pattern: String, _ lines: [String]) throws -> [String] {
        let script = """
            import re, sys
            pattern = re.compile(sys.argv[1])
            names = sorted(pattern.groupindex, key=pattern.groupindex.get)
            for line in sys.stdin.read().split("\\n"):
                match = pattern.search(line)
                print("none" if not match else " ".join(
                    "unset" if match.start(n) < 0 else f"{match.start(n)}-{match.end(n)}" for n in names))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python ?? "")
        process.arguments = ["-c", script, pattern]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(lines.joined(separator: "\n").utf8))
        try input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
