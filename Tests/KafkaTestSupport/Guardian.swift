import Foundation
import Glibc

/// The process that starts brokers and kills them when this process has ended
/// or lets go of it.
final class Guardian: Sendable {
    let directory: URL
    /// Its end tells the guardian to clean up.
    private let lifeline: Int32
    private let answer: FileHandle

    init(script: URL, arguments: [String], environment: [String: String] = [:]) throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-kafka-\(UUID().uuidString)")
        // Between a pipe's making and its mark, no other program may be started.
        Spawning.lock.lock()
        defer { Spawning.lock.unlock() }
        let (guardEnd, ourEnd) = try Self.pipe()
        let (answerEnd, sayEnd) = try Self.pipe()
        lifeline = ourEnd
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["setsid", "sh", "-c", Self.program, "guard", script.path, directory.path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle(fileDescriptor: guardEnd, closeOnDealloc: true)
        process.standardOutput = FileHandle(fileDescriptor: sayEnd, closeOnDealloc: true)
        process.standardError = FileHandle.nullDevice
        try process.run()
        answer = FileHandle(fileDescriptor: answerEnd, closeOnDealloc: true)
    }

    /// Waits until the brokers answer.
    func waitUntilReady() throws {
        let text = String(decoding: answer.availableData, as: UTF8.self)
        guard text.hasPrefix("ready") else {
            let log = try? String(contentsOfFile: directory.path + ".log", encoding: .utf8)
            throw RealKafkaError(message: "Kafka did not start: \(log ?? text)")
        }
    }

    deinit {
        close(lifeline)
    }

    private static let program = """
        script=$1 directory=$2
        shift 2
        trap "" PIPE
        if "$script" start "$directory" "$@" >"$directory.log" 2>&1 </dev/null; then echo ready; else echo failed; fi
        exec >/dev/null
        cat >/dev/null
        "$script" kill "$directory" </dev/null >/dev/null 2>&1
        rm -rf "$directory" "$directory.log"
        """

    /// Both ends closed in the programs that we run, or they would keep the
    /// guardian waiting.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw RealKafkaError(message: "no pipe: error \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// The clusters that the tests of this process share.
final class SharedClusters: @unchecked Sendable {
    // Sendable because the dictionaries are reached under their locks only.
    static let instance = SharedClusters()
    private let lock = NSLock()
    private var slots: [String: Slot] = [:]

    private final class Slot: @unchecked Sendable {
        let lock = NSLock()
        var result: Result<RealKafka, any Error>?
    }

    func cluster(_ version: String) throws -> RealKafka {
        let slot = lock.withLock { () -> Slot in
            let slot = slots[version] ?? Slot()
            slots[version] = slot
            return slot
        }
        // Each version starts under a lock of its own, so that two start at once.
        return try slot.lock.withLock {
            if let result = slot.result { return try result.get() }
            let result = Result { try RealKafka(version: version, secure: true) }
            slot.result = result
            return try result.get()
        }
    }
}
