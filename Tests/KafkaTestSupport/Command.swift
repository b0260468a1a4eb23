import Foundation

/// A program run to its end, with what it wrote.
public struct Command: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String

    /// Runs a program found on the search path.
    ///
    /// - Parameters:
    ///   - environment: added to this process's.
    ///   - timeout: seconds after which it is killed; its status is then 9.
    public static func run(
        _ name: String,
        _ arguments: [String],
        input: String = "",
        environment: [String: String] = [:],
        timeout: Double = 60
    ) throws -> Command {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        // Files, not pipes: a program may write more than a pipe holds.
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        func file(_ name: String, _ content: String = "") throws -> URL {
            let url = scratch.appendingPathComponent(name)
            try Data(content.utf8).write(to: url)
            return url
        }
        let output = try file("output")
        let errors = try file("errors")
        process.standardInput = try FileHandle(forReadingFrom: file("input", input))
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try Spawning.lock.withLock { try process.run() }
        if ended.wait(timeout: .now() + timeout) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        return Command(
            status: process.terminationStatus,
            output: try String(decoding: Data(contentsOf: output), as: UTF8.self),
            errors: try String(decoding: Data(contentsOf: errors), as: UTF8.self)
        )
    }

    /// Whether a program of this name is on the search path.
    public static func exists(_ name: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
