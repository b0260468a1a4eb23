import CommandLineArguments
import Testing
import TypedValues

@Suite struct HelpTests {
    @Test("shows usage, groups, defaults and examples of a command")
    func page() throws {
        #expect(
            try Fixture.shown("score", "--help") == """
                Score every line of log files.

                Usage: timberline score [OPTIONS] [FILE…]

                Needs no configuration.

                Arguments:
                  [FILE…]  Log files; '-' is standard input.

                Options:
                  -n, --top N             Only the N most unusual records, at the end.

                Model:
                      --threshold NUMBER  Scores above this are anomalies. (default: 3)
                      --window DURATION   How long a batch stays open. (default: 30s)
                      --by TEXT           A field that tells entities apart. (may be repeated)
                      --warm-up FILE      History to learn from first.

                Anomalies:
                      --[no-]line         Keep the log line. (default: on)

                General:
                  -o, --output text|json  How results are written. (default: text)
                  -v, --verbose           Say more.
                  -h, --help              Show this help.

                Examples:
                  kubectl logs web | timberline score -
                      Watch a pod.

                """
        )
    }

    @Test("lists the commands of the program, without hidden ones")
    func root() throws {
        let page = try Fixture.shown("--help")
        #expect(page.contains("Usage: timberline COMMAND [OPTIONS]"))
        #expect(page.contains("  score       Score every line of log files."))
        #expect(page.contains("--version"))
        #expect(!page.contains("hidden-command"))
    }

    @Test("is the same by option and by the help command")
    func helpCommand() throws {
        #expect(try Fixture.shown("help", "score") == Fixture.shown("score", "-h"))
        #expect(try Fixture.shown("help", "local", "invoke") == Fixture.shown("local", "invoke", "--help"))
        #expect(try Fixture.shown("help") == Fixture.shown("--help"))
        #expect(Fixture.program.help(for: ["score"]) == (try Fixture.shown("help", "score")))
        #expect(Fixture.error("help", "scor")?.suggestion == "score")
        #expect(Fixture.error("help", "score", "more")?.code == .unknownCommand)
    }

    @Test("wraps every line at 80 columns")
    func width() throws {
        let long = String(repeating: "words that go on ", count: 30)
        let program = Program(
            Command(
                "p",
                summary: long,
                discussion: long + "\n\n" + long,
                examples: [.init("p", long)],
                arguments: [
                    Option("a-very-long-name-for-an-option", .string, help: long),
                    OptionGroup(long, []),
                    Option("n", .integer, default: 5, help: long),
                    Positional("INPUT", .file, help: long),
                ]
            )
        )
        guard case .show(let page) = try program.parse(["--help"]) else { return }
        for line in page.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(page.split(separator: "\n").count > 30)
    }

    @Test("marks what is required in the usage line")
    func required() throws {
        #expect(try Fixture.shown("run", "--help").contains("Usage: timberline run --topic TEXT [OPTIONS]"))
        #expect(try Fixture.shown("local", "invoke", "-h").contains("[OPTIONS] FUNCTION [COUNT]"))
    }
}
