import CommandLineArguments
import TypedValues

enum Format: String, CaseIterable, Sendable { case text, json }

/// A program as Timberline declares its own: each command a type that holds its keys.
enum Fixture {
    enum Global {
        static let output = Option(
            "output",
            short: "o",
            ValueType<Format>.choice,
            default: .text,
            help: "How results are written."
        )
        static let verbose = Option.flag("verbose", short: "v", help: "Say more.")
    }

    enum Score {
        static let top = Option(
            "top",
            short: "n",
            .integer(in: 1...),
            help: "Only the N most unusual records, at the end."
        )
        static let threshold = Option(
            "threshold",
            .number(in: 0...),
            default: 3,
            help: "Scores above this are anomalies."
        )
        static let window = Option(
            "window",
            .duration,
            default: .seconds(30),
            help: "How long a batch stays open."
        )
        static let by = Option.repeated("by", .string, help: "A field that tells entities apart.")
        static let line = Option.flag("line", default: true, help: "Keep the log line.")
        static let warmUp = Option("warm-up", .file, help: "History to learn from first.")
        static let files = Positional.repeated("FILE", .file, help: "Log files; '-' is standard input.")

        static let command = Command(
            "score",
            summary: "Score every line of log files.",
            discussion: "Needs no configuration.",
            examples: [.init("kubectl logs web | timberline score -", "Watch a pod.")],
            arguments: [
                top, files,
                OptionGroup("Model", [threshold, window, by, warmUp]),
                OptionGroup("Anomalies", [line]),
            ]
        )
    }

    enum Run {
        static let topic = Option.required("topic", .string, help: "The topic to read.")
        static let command = Command("run", summary: "Read logs from Kafka.", arguments: [topic])
    }

    enum Invoke {
        static let function = Positional.required("FUNCTION", .string, help: "The function.")
        static let count = Positional("COUNT", .integer, help: "How often.")
        static let command = Command("invoke", summary: "Invoke a function.", arguments: [function, count])
    }

    static let local = Command(
        "local",
        summary: "Lambda on this machine.",
        subcommands: [Invoke.command]
    )

    static let secret = Command("hidden-command", summary: "Not shown.", isHidden: true)

    static let program = Program(
        Command(
            "timberline",
            summary: "Finds what is unusual in logs.",
            arguments: [Global.output, Global.verbose],
            subcommands: [Score.command, Run.command, local, secret]
        )
    )

    static func invocation(_ arguments: String...) throws -> Invocation {
        guard case .run(let invocation) = try program.parse(arguments) else { throw NotAnInvocation() }
        return invocation
    }

    static func shown(_ arguments: String...) throws -> String {
        guard case .show(let text) = try program.parse(arguments) else { throw NotAnInvocation() }
        return text
    }

    static func error(_ arguments: String...) -> UsageError? {
        do {
            _ = try program.parse(arguments)
            return nil
        } catch {
            return error
        }
    }

    struct NotAnInvocation: Error {}
}
