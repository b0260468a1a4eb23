import CommandLineArguments
import Testing
import TypedValues

@Suite struct ParsingTests {
    typealias Score = Fixture.Score

    @Test(
        "reads a value after a space, after an equals sign and after a letter",
        arguments: [
            ["--top", "5"], ["--top=5"], ["-n", "5"], ["-n5"], ["-n=5"],
        ]
    )
    func spellings(arguments: [String]) throws {
        guard case .run(let invocation) = try Fixture.program.parse(["score"] + arguments) else {
            Issue.record("not an invocation")
            return
        }
        #expect(invocation[Score.top] == 5)
        #expect(invocation.isGiven(Score.top))
    }

    @Test("gives defaults and nil for what is absent")
    func defaults() throws {
        let invocation = try Fixture.invocation("score")
        #expect(invocation.command == ["score"])
        #expect(invocation[Score.top] == nil)
        #expect(invocation[Score.threshold] == 3)
        #expect(invocation[Score.window] == .seconds(30))
        #expect(invocation[Score.by] == [])
        #expect(invocation[Score.line])
        #expect(invocation[Score.files] == [])
        #expect(!invocation.isGiven(Score.threshold))
    }

    @Test("keeps repeated options in order, and of others the last")
    func repetition() throws {
        let invocation = try Fixture.invocation(
            "score",
            "--by",
            "a",
            "--by=b",
            "--threshold",
            "1",
            "--threshold=2"
        )
        #expect(invocation[Score.by] == ["a", "b"])
        #expect(invocation[Score.threshold] == 2)
    }

    @Test("turns flags off with --no-, the last one counting")
    func negation() throws {
        #expect(try !Fixture.invocation("score", "--no-line")[Score.line])
        #expect(try Fixture.invocation("score", "--no-line", "--line")[Score.line])
    }

    @Test("takes options of the program before and after the command, and grouped letters")
    func placement() throws {
        let before = try Fixture.invocation("-v", "--output", "json", "score")
        let after = try Fixture.invocation("score", "-vo", "json")
        for invocation in [before, after] {
            #expect(invocation[Fixture.Global.output] == .json)
            #expect(invocation[Fixture.Global.verbose])
        }
    }

    @Test("takes everything after -- and a lone - as positional")
    func positionals() throws {
        let invocation = try Fixture.invocation("score", "a.log", "-", "--", "--top", "score")
        #expect(invocation[Score.files] == ["a.log", "-", "--top", "score"])
    }

    @Test("takes a negative number as a value, but no option")
    func values() throws {
        #expect(Fixture.error("score", "--threshold", "-1")?.code == .invalidValue)
        let swallowed = Fixture.error("score", "--warm-up", "--top", "5")
        #expect(swallowed?.code == .missingValue)
        #expect(try Fixture.invocation("score", "--warm-up=--top")[Score.warmUp] == "--top")
    }

    @Test("goes down to subcommands of subcommands")
    func nested() throws {
        let invocation = try Fixture.invocation("local", "invoke", "f", "3")
        #expect(invocation.command == ["local", "invoke"])
        #expect(invocation[Fixture.Invoke.function] == "f")
        #expect(invocation[Fixture.Invoke.count] == 3)
    }

    @Test("a hidden command runs")
    func hidden() throws {
        #expect(try Fixture.invocation("hidden-command").command == ["hidden-command"])
    }

    @Test("asks for the version")
    func version() throws {
        guard case .version = try Fixture.program.parse(["--version"]) else {
            Issue.record("not the version")
            return
        }
    }

    @Test("survives any arguments with a request or a usage error")
    func anything() {
        for seed in 0..<2000 { parseArguments(seed: UInt64(seed)) }
    }

    private func parseArguments(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "score", "run", "local", "invoke", "--top", "--", "-", "-n", "=", "--no-", "--=", "-vv", "", "é",
            "5", "--help", "--output", "json", "--line=x", "help", "completion", "bash",
        ]
        let arguments = (0..<next(6)).map { _ in
            pieces[next(pieces.count)] + (next(4) == 0 ? pieces[next(pieces.count)] : "")
        }
        do {
            _ = try Fixture.program.parse(arguments)
        } catch {
            #expect(error.description.hasPrefix("timberline"))
        }
    }
}
