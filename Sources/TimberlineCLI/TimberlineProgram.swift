import CommandLineArguments
import FunctionRunner
import Glibc
import KafkaClient
import Telemetry

/// The `timberline` program: finds the command, runs it, and turns what went wrong
/// into one line on standard error and an exit code.
public enum TimberlineProgram {
    public static let version = "0.1.0"

    static var commands: [any CommandRunner.Type] {
        [
            ScoreCommand.self, RunCommand.self, ForwardCommand.self, AnomaliesCommand.self, CheckCommand.self,
            InspectCommand.self, TrainCommand.self, ServeCommand.self, LocalCommand.self,
            DemoCommand.self,
        ]
    }

    static let program = Program(
        Command(
            "timberline",
            summary: "Find the unusual lines of a log, and say why.",
            discussion: """
                Reads logs from files, pipes or Kafka, scores every line with a random cut forest, and tells \
                which are unusual, in which values, and what was expected.
                """,
            examples: [
                .init("kubectl logs deploy/web | timberline score -", "score a pipe"),
                .init("timberline score --top 20 access.log", "the twenty most unusual lines of a file"),
            ],
            subcommands: commands.map { $0.command }
        )
    )

    /// Runs with the process's arguments and environment, and ends the process.
    public static func main() -> Never {
        EnvironmentSupervisor.runIfAsked(CommandLine.arguments)
        signal(SIGPIPE, SIG_IGN)
        SystemDescriptor.reserveStandardOnes()
        let host = Host.process()
        let code = run(Array(CommandLine.arguments.dropFirst()), host)
        exit(code.rawValue)
    }

    /// Runs a command line; the exit code.
    static func run(_ arguments: [String], _ host: Host) -> ExitCode {
        do {
            return try perform(arguments, host)
        } catch let failure as OutputStream.Failure {
            switch failure {
            // The reader has seen enough (`| head`).
            case .closed: return .success
            case .system(let code):
                return report("output: \(String(cString: strerror(code)))", .cannotWrite, host)
            }
        } catch let error as CommandFailure {
            return report(error.message, error.code, host)
        } catch let error as UsageError {
            return report("\(error)", .usage, host)
        } catch {
            return report("\(error)", .failure, host)
        }
    }

    private static func perform(_ arguments: [String], _ host: Host) throws -> ExitCode {
        switch try program.parse(arguments) {
        case .show(let text):
            try host.output.write(text: text)
            try host.output.flush()
            return .success
        case .version:
            try host.output.write(line: "timberline \(version) (librdkafka \(KafkaLibrary.versionText))")
            try host.output.flush()
            return .success
        case .run(let invocation):
            guard let runner = commands.first(where: { [$0.command.name] == invocation.command }) else {
                preconditionFailure("no runner for '\(invocation.command.joined(separator: " "))'")
            }
            return try runner.run(invocation, host)
        }
    }

    private static func report(_ message: String, _ code: ExitCode, _ host: Host) -> ExitCode {
        // Nobody is left to tell if standard error fails too.
        try? host.errors.write(line: message.hasPrefix("timberline") ? message : "timberline: \(message)")
        try? host.errors.flush()
        return code
    }
}

/// What the process ends with. The table is in the README.
enum ExitCode: Int32 {
    case success = 0
    case failure = 1
    case anomaliesFound = 3
    case usage = 64
    case unreadableInput = 65
    case unavailable = 69
    case cannotWrite = 74
    case invalidConfiguration = 78
    case interrupted = 130
}

/// A failure that a command has a code for.
struct CommandFailure: Error {
    var code: ExitCode
    var message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// A command: its declaration, and what it does.
protocol CommandRunner: Sendable {
    static var command: Command { get }
    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode
}
