import Foundation
import KafkaTestSupport
import Testing

/// A file system of a few kibibytes, in memory, to be filled. It goes with this object.
final class SmallDisk: Sendable {
    private let directory: URL

    /// Cancels the test where none may be mounted.
    init(kibibytes: Int) throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let mount = try? Command.run(
            "mount",
            ["-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", directory.path]
        )
        guard mount?.status == 0 else {
            try? FileManager.default.removeItem(at: directory)
            let reason = "a small file system cannot be mounted (that takes root)"
            print("➜ left out: \(reason)")
            try Test.cancel("\(reason)")
        }
    }

    deinit {
        _ = try? Command.run("umount", ["--lazy", directory.path])
        try? FileManager.default.removeItem(at: directory)
    }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// Fills it, but for what a file may hold without another page.
    func fill() throws {
        let file = try #require(FileHandle(forWritingAtPath: try make("ballast")))
        defer { try? file.close() }
        let page = Data(repeating: 0, count: 4_096)
        while (try? file.write(contentsOf: page)) != nil {}
    }

    /// Gives the room back that `fill` took.
    func empty() throws { try FileManager.default.removeItem(atPath: path("ballast")) }

    private func make(_ name: String) throws -> String {
        try Data().write(to: directory.appendingPathComponent(name))
        return path(name)
    }
}
