import Foundation
import KafkaTestSupport
import Synchronization
import Telemetry

@testable import TimberlineCLI

/// A directory of a test's own, and `timberline` run in it: in this process, or as the built program.
final class Scratch: Sendable {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("timberline-cli-\(UUID().uuidString)")

    struct Result {
        var code: ExitCode
        var output: String
        var errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    init() throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, bytes: Data(text.utf8))
    }

    @discardableResult
    func write(_ name: String, bytes: Data) throws -> String {
        try bytes.write(to: directory.appendingPathComponent(name))
        return path(name)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// Runs a command line in this process.
    func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        shouldStop: @escaping () -> Bool = { false }
    ) throws -> Result {
        let names = ["output", "errors"].map { path("\($0)-\(UUID().uuidString)") }
        let descriptors = names.map { open($0, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
        let output = OutputStream(descriptor: descriptors[0])
        let errors = OutputStream(descriptor: descriptors[1])
        let host = Host(
            environment: environment,
            output: output,
            errors: errors,
            shouldStop: shouldStop,
            now: { wallClockMilliseconds() },
            runIdentity: "test"
        )
        let code = TimberlineProgram.run(arguments, host)
        output.close()
        errors.close()
        return Result(
            code: code,
            output: try String(contentsOfFile: names[0], encoding: .utf8),
            errors: try String(contentsOfFile: names[1], encoding: .utf8)
        )
    }

    /// Runs a shell script in which `$TIMBERLINE` is the built program and the directory the current one.
    func shell(_ script: String, timeout: Double = 60) throws -> Command {
        try Command.run(
            "bash",
            ["-c", "cd \"$SCRATCH\" && " + script],
            environment: ["TIMBERLINE": Self.program, "SCRATCH": directory.path],
            timeout: timeout
        )
    }

    func start(
        _ arguments: [String],
        input: String = "/dev/null",
        environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try RunningProgram(Self.program, arguments, input: input, environment: environment)
    }

    /// Runs the built program to its end. Unlike those of `run`, its errors hold the log lines.
    func finish(_ arguments: [String]) throws -> RunningProgram {
        let program = try start(arguments)
        let code = program.wait(120)
        guard code == 0 else { throw RealKafkaError(message: "code \(code): \(program.errors)") }
        return program
    }

    /// The built program lies beside the tests.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("timberline")
            .path
    }()
}
