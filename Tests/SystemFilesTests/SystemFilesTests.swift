import Foundation
import Testing

@testable import SystemFiles

@Suite("Files of the system")
final class SystemFilesTests {
    private let directory: String
    private let path: String
    /// Longer than what is read at once, and not a multiple of it.
    private let content = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    init() throws {
        directory = NSTemporaryDirectory() + "timberline-files-\(UUID().uuidString)"
        path = directory + "/file"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    @Test("are read whole, up to a limit")
    func reading() throws {
        #expect(FileManager.default.createFile(atPath: path, contents: Data(content)))
        #expect(try FileSystem.bytes(of: path) == content)
        #expect(try FileSystem.bytes(of: path, limit: content.count) == content)
        // The size of the latter is known only at its end.
        #expect(try FileSystem.bytes(of: "/proc/self/cmdline").isEmpty == false)
        for path in [path, "/dev/zero"] {
            let tooLarge = SystemError("read", path, code: EFBIG)
            #expect(tooLarge.isTooLarge)
            #expect(throws: tooLarge) { try FileSystem.bytes(of: path, limit: 300_000) }
        }
    }

    @Test("that cannot be read are named, with what was to be done and why")
    func failures() {
        let absent = SystemError("open", path, code: ENOENT)
        #expect(throws: absent) { try FileSystem.bytes(of: path) }
        #expect(absent.description == "open \(path): No such file or directory")
        #expect(!absent.isTooLarge)
        #expect(throws: SystemError("read", directory, code: EISDIR)) { try FileSystem.bytes(of: directory) }
        #expect(SystemError("make", "a pipe", code: EMFILE).description == "make a pipe: Too many open files")
    }

    @Test("are replaced as a whole, and nothing else is left")
    func replacement() throws {
        for bytes in [content, [], [1, 2, 3]] {
            try FileSystem.replace(path, with: bytes, by: path + ".new", mode: 0o600)
            try FileSystem.synchronize(directory: directory)
            #expect(try FileSystem.bytes(of: path) == bytes)
            #expect(try FileSystem.names(in: directory) == ["file"])
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("that cannot be replaced stay as they were")
    func failedReplacement() throws {
        try FileSystem.makeDirectories(path + "/full")
        #expect(throws: SystemError("rename", path, code: EISDIR)) {
            try FileSystem.replace(path, with: [1], by: path + ".new")
        }
        #expect(throws: SystemError("open", path, code: EISDIR)) {
            try FileSystem.replace(path, with: [1], by: path)
        }
        #expect(try FileSystem.names(in: directory) == ["file"])
        #expect(throws: SystemError("write", "/dev/full", code: ENOSPC)) {
            try FileDescriptor("/dev/full", O_WRONLY).writeAll([1, 2, 3])
        }
    }

    @Test("are listed, and their directories made with those above")
    func directories() throws {
        try FileSystem.makeDirectories(directory + "/a/b/c")
        try FileSystem.makeDirectories(directory + "/a/b/d")
        try FileSystem.makeDirectory(directory + "/a/b/d")
        #expect(Set(try FileSystem.names(in: directory + "/a/b")) == ["c", "d"])
        #expect(try FileSystem.names(in: directory + "/a/b/c").isEmpty)
        let absent = directory + "/absent/new"
        #expect(throws: SystemError("make", absent, code: ENOENT)) {
            try FileSystem.makeDirectory(absent)
        }
        #expect(throws: SystemError("open", absent, code: ENOENT)) { try FileSystem.names(in: absent) }
        #expect(throws: SystemError("open", absent, code: ENOENT)) {
            try FileSystem.synchronize(directory: absent)
        }
    }

    @Test("and a lock on a directory is for one at a time, and free with its owner's end")
    func lock() throws {
        do {
            let first = try DirectoryLock(directory: directory)
            #expect(throws: SystemError("lock", directory, code: EWOULDBLOCK)) {
                try DirectoryLock(directory: directory)
            }
            withExtendedLifetime(first) {}
        }
        _ = try DirectoryLock(directory: directory)
        #expect(throws: SystemError("open", directory + "/absent/LOCK", code: ENOENT)) {
            try DirectoryLock(directory: directory + "/absent")
        }
    }

    @Test("are closed with their owner, and not given to programs that are started")
    func descriptors() throws {
        func openFiles() throws -> [String] {
            try FileSystem.names(in: "/proc/self/fd").compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
            }
        }
        do {
            let file = try FileDescriptor(path, O_WRONLY | O_CREAT)
            #expect(try openFiles().contains { $0.hasSuffix(path) })
            #expect(fcntl(file.number, F_GETFD) == FD_CLOEXEC)
        }
        #expect(try !openFiles().contains { $0.hasSuffix(path) })
    }
}
