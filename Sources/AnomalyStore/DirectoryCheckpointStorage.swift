import BinaryCoding
public import DetectionPipeline
import Glibc

/// Checkpoints as files of a directory, each put in place by a rename. For one instance:
/// a lock keeps others out.
///
/// When `write` returns, the files and their names are on the disk.
public final class DirectoryCheckpointStorage: CheckpointStorage {
    private let path: String
    /// Nil where nothing is written.
    private let lock: Int32?

    /// Opens the directory; for writing it is made where it does not exist, and kept from others.
    public init(path: String, access: CheckpointAccess = .readWrite) throws(DirectoryError) {
        self.path = path
        guard access == .readWrite else {
            var status = stat()
            guard stat(path, &status) == 0 else { throw DirectoryError(path) }
            lock = nil
            return
        }
        try Self.makeDirectory(path)
        let lock = open("\(path)/LOCK", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw DirectoryError("\(path)/LOCK") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            if code == EWOULDBLOCK { throw DirectoryError(inUse: path) }
            throw DirectoryError(path, code: code)
        }
        self.lock = lock
    }

    deinit {
        guard let lock else { return }
        // A process started just now may hold a copy of the descriptor until it runs its program.
        flock(lock, LOCK_UN)
        close(lock)
    }

    public func streams() throws -> Set<String> {
        var streams: Set<String> = []
        for folder in try Self.files(of: path) where folder != "LOCK" {
            guard let name = try Self.read("\(path)/\(folder)/\(Self.nameFile)") else { continue }
            let stream = String(decoding: name, as: UTF8.self)
            if try Self.files(of: "\(path)/\(folder)").contains(where: Self.isEntry) {
                streams.insert(stream)
            }
        }
        return streams
    }

    public func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        var entries: [CheckpointKey: [UInt8]] = [:]
        for stream in streams {
            let folder = folder(of: stream)
            for file in try Self.files(of: folder) {
                guard Self.isEntry(file) else { continue }
                let key = CheckpointKey(stream: stream, name: Self.entryName(ofFile: file))
                entries[key] = try Self.read("\(folder)/\(file)")
            }
        }
        return entries
    }

    public func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        guard lock != nil else { throw DirectoryError(path, code: EROFS) }
        var folders: Set<String> = []
        for (key, bytes) in changes {
            let folder = folder(of: key.stream)
            if folders.insert(folder).inserted { try Self.makeFolder(folder, for: key.stream) }
            let file = Self.fileName(ofEntry: key.name)
            if let bytes {
                try Self.put(bytes, at: "\(folder)/\(file)", by: "\(folder)/\(Self.unfinished)\(file)")
            } else if unlink("\(folder)/\(file)") != 0, errno != ENOENT {
                throw DirectoryError("\(folder)/\(file)")
            }
        }
        for folder in folders { try Self.synchronize(folder) }
        try Self.synchronize(path)
    }

    public var maximumValueBytes: Int { 16 << 20 }

    public var isShared: Bool { false }

    private static let unfinished = "unfinished-"

    /// Holds the stream's whole name, which the folder's may be too short for.
    private static let nameFile = "STREAM"

    /// A file that was not put in place yet is no entry.
    private static func isEntry(_ file: String) -> Bool { !file.hasPrefix(unfinished) && file != nameFile }

    private static func makeFolder(_ folder: String, for stream: String) throws(DirectoryError) {
        try makeDirectory(folder)
        let name = "\(folder)/\(nameFile)"
        guard access(name, F_OK) != 0 else { return }
        try put(Array(stream.utf8), at: name, by: "\(folder)/\(unfinished)\(nameFile)")
    }

    /// A folder for each stream: its name as far as a file name may be long, and a checksum of
    /// the whole.
    private func folder(of stream: String) -> String {
        let readable = stream.utf8.prefix(120).map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "~") : $0 }
        let hash = String(stableHash(stream.utf8), radix: 16)
        return "\(path)/\(String(decoding: readable, as: UTF8.self))~\(hash)"
    }

    private static func fileName(ofEntry name: String) -> String {
        String(name.map { $0 == "/" ? "~" : $0 })
    }

    private static func entryName(ofFile name: String) -> String {
        String(name.map { $0 == "~" ? "/" : $0 })
    }
}

// The system's calls.
extension DirectoryCheckpointStorage {
    private static func makeDirectory(_ path: String) throws(DirectoryError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw DirectoryError(path) }
    }

    private static func files(of folder: String) throws(DirectoryError) -> [String] {
        guard let directory = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw DirectoryError(folder)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The bytes of a file; nil where there is none, as whoever writes may have removed it.
    private static func read(_ path: String) throws(DirectoryError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw DirectoryError(path)
        }
        defer { close(file) }
        let size = Int(lseek(file, 0, SEEK_END))
        var bytes = [UInt8](repeating: 0, count: max(0, size))
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(file, $0.baseAddress! + done, $0.count - done, off_t(done))
            }
            guard count > 0 else { throw DirectoryError(path) }
            done += count
        }
        return bytes
    }

    private static func put(_ bytes: [UInt8], at path: String, by temporary: String) throws(DirectoryError) {
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw DirectoryError(temporary) }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, $0.count - done) }
            guard count > 0 else {
                let code = errno
                close(file)
                throw DirectoryError(temporary, code: code)
            }
            done += count
        }
        let isSafe = fsync(file) == 0
        let code = errno
        close(file)
        guard isSafe else { throw DirectoryError(temporary, code: code) }
        guard rename(temporary, path) == 0 else { throw DirectoryError(path) }
    }

    /// Makes the names of a directory's files safe.
    private static func synchronize(_ folder: String) throws(DirectoryError) {
        let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw DirectoryError(folder) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw DirectoryError(folder) }
    }
}

/// Why a directory of checkpoints could not be used.
public struct DirectoryError: Error, Sendable, Hashable, CustomStringConvertible, ClassifiedError {
    public var description: String
    public var failureKind: FailureKind

    /// - Parameter code: the system's `errno`.
    init(_ path: String, code: Int32 = errno) {
        description = "checkpoints \(path): \(String(cString: strerror(code)))"
        failureKind =
            [ENOSPC, EDQUOT, EIO, EAGAIN, EINTR, EMFILE, ENFILE].contains(code) ? .transient : .permanent
    }

    init(inUse path: String) {
        description = "checkpoints \(path): another process is using this directory"
        failureKind = .permanent
    }
}
