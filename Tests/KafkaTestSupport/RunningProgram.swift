import Foundation

/// A program that runs on while the test looks at what it writes. Killed when let go of.
public final class RunningProgram: @unchecked Sendable {
    // Sendable because nothing changes after `init` but the process, which locks itself.
    private let process = Process()
    private let scratch: URL
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - path: the executable.
    ///   - input: a file or named pipe for standard input, else it is empty.
    public init(
        _ path: String,
        _ arguments: [String],
        input: String = "/dev/null",
        environment: [String: String] = [:]
    ) throws {
        scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        for name in ["output", "errors"] {
            try Data().write(to: scratch.appendingPathComponent(name))
        }
        // For update: opening a named pipe to read only would wait for its writer.
        process.standardInput =
            input == "/dev/null" ? FileHandle.nullDevice : FileHandle(forUpdatingAtPath: input)
        process.standardOutput = try FileHandle(forWritingTo: scratch.appendingPathComponent("output"))
        process.standardError = try FileHandle(forWritingTo: scratch.appendingPathComponent("errors"))
        let ended = ended
        process.terminationHandler = { _ in ended.signal() }
        try Spawning.lock.withLock { try process.run() }
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        try? FileManager.default.removeItem(at: scratch)
    }

    public var isRunning: Bool { process.isRunning }
    public var output: String { text("output") }
    public var errors: String { text("errors") }

    private func text(_ name: String) -> String {
        let data = try? Data(contentsOf: scratch.appendingPathComponent(name))
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    /// The most memory that it had in use so far, in bytes; nil once it has ended.
    public var peakMemory: Int? {
        let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let match = status?.firstMatch(of: /VmHWM:\s+(\d+) kB/)
        return match.flatMap { Int($0.1) }.map { $0 << 10 }
    }

    public func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end; the exit code, or the signal's number below 0. Killed after the time.
    public func wait(_ seconds: Double = 60) -> Int32 {
        if ended.wait(timeout: .now() + seconds) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        ended.signal()
        let status = process.terminationStatus
        return process.terminationReason == .uncaughtSignal ? -status : status
    }

    /// Waits until `done`, which is asked again and again; an error with what was written after the time.
    public func wait(_ seconds: Double = 60, until done: () throws -> Bool) throws {
        let end = Date().addingTimeInterval(seconds)
        while try !done() {
            guard Date() < end else {
                throw RealKafkaError(
                    message: "still waiting after \(seconds) s; it wrote: \(output)\(errors)"
                )
            }
            usleep(10_000)
        }
    }
}
