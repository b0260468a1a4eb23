import Patterns
import Testing

@Suite("Users' patterns")
struct PatternTests {
    @Test("gives the named groups of a match, in the order of the pattern")
    func namedGroups() throws {
        let pattern = try Pattern(#"^(?<method>[A-Z]+) (?<path>\S+) took (?<took>\d+(\.\d+)?)ms(?<rest>x)?"#)
        #expect(pattern.names == ["method", "path", "took", "rest"])
        #expect(pattern.isCompiled)
        var matcher = try PatternMatcher(pattern)
        let line = Array("GET /index.html took 12.5ms".utf8)
        #expect(try matcher.match(line))
        #expect(text(line, matcher.range(ofName: 0)) == "GET")
        #expect(text(line, matcher.range(ofName: 1)) == "/index.html")
        #expect(text(line, matcher.range(ofName: 2)) == "12.5")
        #expect(matcher.range(ofName: 3) == nil)
        #expect(matcher.range(ofGroup: 0) == 0..<27)
        #expect(matcher.range(ofGroup: 99) == nil)
    }

    @Test("says no to a line that does not match, and forgets the match before")
    func noMatch() throws {
        var matcher = try PatternMatcher(Pattern("(?<a>a+)"))
        #expect(try matcher.match(Array("xaa".utf8)))
        #expect(try !matcher.match(Array("xyz".utf8)))
        #expect(matcher.range(ofName: 0) == nil)
        #expect(try !matcher.match([]))
    }

    @Test(
        "names the byte at which a pattern is invalid",
        arguments: [("(?<a>x", 6), ("[z-a]", 3)]
    )
    func invalid(text: String, offset: Int) throws {
        let error = #expect(throws: PatternError.self) { try Pattern(text) }
        #expect(error?.code == .invalidPattern)
        #expect(error?.offset == offset)
        #expect(error?.message.contains("at byte \(offset)") == true)
    }

    @Test("refuses a pattern beyond the length limit, and takes one at it")
    func lengthLimit() throws {
        _ = try? Pattern(String(repeating: "a", count: Pattern.maximumLength))
        let error = #expect(throws: PatternError.self) {
            try Pattern(String(repeating: "a", count: Pattern.maximumLength + 1))
        }
        #expect(error?.offset == Pattern.maximumLength)
    }

    @Test("gives up a pattern that explodes with a clear error, and goes on with the next line")
    func matchLimit() throws {
        var matcher = try PatternMatcher(Pattern(#"^(?<a>(a+)+)$"#))
        let error = #expect(throws: PatternError.self) {
            try matcher.match(Array((String(repeating: "a", count: 64) + "b").utf8))
        }
        #expect(error?.code == .limitExceeded)
        #expect(error?.message.contains("1000000 steps") == true)
        #expect(try matcher.match(Array("aaa".utf8)))
    }

    @Test("matches around bytes that are not UTF-8")
    func invalidUTF8() throws {
        var matcher = try PatternMatcher(Pattern(#"status=(?<status>\d+)"#))
        let line = [0xff, 0xfe, 0x00] + Array("status=200".utf8) + [0xc3]
        #expect(try matcher.match(line))
        #expect(text(line, matcher.range(ofName: 0)) == "200")
    }

    @Test("a copy matches on its own")
    func copies() throws {
        var one = try PatternMatcher(Pattern(#"(?<n>\d+)"#))
        #expect(try one.match(Array("a 12".utf8)))
        var two = one
        #expect(try two.match(Array("7".utf8)))
        #expect(one.range(ofName: 0) == 2..<4)
        #expect(two.range(ofName: 0) == 0..<1)
    }

    @Test("threads share a pattern, each with its own matcher")
    func threads() async throws {
        let pattern = try Pattern(#"n=(?<n>\d+)"#)
        let isRight = try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    var matcher = try PatternMatcher(pattern)
                    for index in 0..<2000 {
                        let line = Array("task \(task) n=\(index)".utf8)
                        guard try matcher.match(line), text(line, matcher.range(ofName: 0)) == "\(index)"
                        else {
                            return false
                        }
                    }
                    return true
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(isRight)
    }
}

func text(_ line: [UInt8], _ range: Range<Int>?) -> String? {
    range.map { String(decoding: line[$0], as: UTF8.self) }
}
