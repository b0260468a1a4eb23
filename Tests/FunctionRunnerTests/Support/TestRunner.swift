import Foundation
import LocalLambdaModel
import Telemetry

@testable import FunctionRunner

/// A runner with functions in a directory of its own. Stopped and removed when let go of.
final class TestRunner: Sendable {
    let directory: URL
    let functions = TestFunctions()
    let runner: FunctionRunner
    let log = MemorySink()

    init(_ change: (inout FunctionRunner.Settings) -> Void = { _ in }) throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-runner-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var settings = FunctionRunner.Settings(logsDirectory: directory.appendingPathComponent("logs").path)
        settings.supervisorCommand = Self.supervisor
        // However busy the machine is, the next event goes to the same process.
        settings.limits.answerGrace = .seconds(60)
        settings.limits.initialization = .seconds(60)
        change(&settings)
        runner = FunctionRunner(settings, catalog: functions, logger: Logger(level: .debug, sink: log))
    }

    deinit {
        runner.stop()
        try? FileManager.default.removeItem(at: directory)
    }

    /// The built program lies beside the tests.
    static let supervisor: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("timberline")
            .path
    }()

    /// Adds a function, or replaces one.
    @discardableResult
    func add(
        _ name: String = "f",
        bootstrap: String? = Bootstraps.python,
        files: [String: String] = [:],
        runtime: FunctionRuntime = .provided("provided.al2023"),
        reserved: Int? = nil,
        _ change: (inout FunctionConfiguration) -> Void = { _ in }
    ) throws -> FunctionReference {
        let code = directory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: code, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(to: code.appendingPathComponent(name), atomically: true, encoding: .utf8)
        }
        if let bootstrap {
            let path = code.appendingPathComponent("bootstrap")
            try bootstrap.write(to: path, atomically: true, encoding: .utf8)
            chmod(path.path, 0o755)
        }
        guard let name = FunctionName(name) else { throw CocoaError(.coderInvalidValue) }
        var configuration = FunctionConfiguration(
            name: name,
            location: AWSLocation(),
            runtime: runtime,
            handler: "app.handler",
            role: "arn:aws:iam::123456789012:role/r",
            code: FunctionCode(sha256: "", byteCount: 0, directory: code.path),
            revisionID: randomUUID(),
            lastModifiedMilliseconds: 0
        )
        configuration.timeoutSeconds = 30
        change(&configuration)
        functions.set(configuration, reserved: reserved)
        return FunctionReference(name)
    }

    func invoke(_ function: FunctionReference, _ event: String = "{}") -> InvocationResult {
        runner.invoke(InvocationRequest(function, payload: Array(event.utf8), wantsLogTail: true))
    }

    /// What is in a function's directory.
    func file(_ name: String, of function: FunctionReference) throws -> String {
        let directory = functions.definition(of: function)?.configuration.code.directory ?? ""
        return try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
    }

    func logText(_ name: String = "f") -> String {
        let path = directory.appendingPathComponent("logs/\(name).log").path
        return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    /// Waits, at most a minute, until something holds.
    static func wait(until holds: () -> Bool) -> Bool {
        for _ in 0..<6_000 {
            if holds() { return true }
            usleep(10_000)
        }
        return holds()
    }

    static func runs(_ process: String) -> Bool {
        guard let process = pid_t(process) else { return false }
        return kill(process, 0) == 0
    }
}

/// The functions of a test.
final class TestFunctions: FunctionCatalog {
    private let definitions = Locked<[FunctionName: FunctionDefinition]>([:])

    func set(_ configuration: FunctionConfiguration, reserved: Int?) {
        let definition = FunctionDefinition(
            configuration: configuration,
            reservedConcurrency: reserved,
            invokedARN: configuration.arn
        )
        definitions.withLock { $0[configuration.name] = definition }
    }

    func definition(of function: FunctionReference) -> FunctionDefinition? {
        definitions.withLock { $0[function.name] }
    }
}

extension InvocationResult {
    var success: JSON? {
        if case .success(let bytes) = outcome { JSON(bytes) } else { nil }
    }

    var functionError: JSON? {
        if case .functionError(let bytes) = outcome { JSON(bytes) } else { nil }
    }

    var refusal: InvocationRefusal? {
        if case .refused(let refusal) = outcome { refusal } else { nil }
    }

    var tail: String { String(decoding: logTail, as: UTF8.self) }
}
