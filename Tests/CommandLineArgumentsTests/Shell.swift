import Foundation

/// A shell of this machine, as a peer for the completion scripts.
struct Shell: Sendable {
    let path: String

    static let bash = Shell("bash")
    static let zsh = Shell("zsh")
    static let fish = Shell("fish")

    /// Nil where no directory of the PATH has it.
    init?(_ name: String) {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let paths = directories.map { "\($0)/\(name)" }
        guard let found = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            return nil
        }
        path = found
    }

    /// What it prints, standard error included. Ends it after 20 s.
    func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        // Nothing of the user's own set-up.
        let home = FileManager.default.temporaryDirectory.appending(path: "home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": home.path, "TERM": "dumb", "LC_ALL": "C.UTF-8",
        ]
        process.currentDirectoryURL = home
        _ = FileManager.default.createFile(atPath: home.appending(path: "access.log").path, contents: nil)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let identifier = process.processIdentifier
        let guardian = DispatchWorkItem { kill(identifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 20, execute: guardian)
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guardian.cancel()
        return String(decoding: output, as: UTF8.self)
    }
}
