import BinaryCoding
public import DetectionPipeline
import Glibc
import SystemFiles

/// Checkpoints as files of a directory, each put in place by a rename. For one instance:
/// a lock keeps others out.
///
/// When `write` returns, the files and their names are on the disk.
public final class DirectoryCheckpointStorage: CheckpointStorage {
    private let path: String
    /// Nil where nothing is written.
    private let lock: DirectoryLock?

    /// Opens the directory; for writing it is made where it does not exist, and kept from others.
    public init(path: String, access: CheckpointAccess = .readWrite) throws(DirectoryError) {
        self.path = path
        guard access == .readWrite else {
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw DirectoryError(SystemError("open", path, code: errno))
            }
            lock = nil
            return
        }
        do throws(SystemError) {
            try FileSystem.makeDirectory(path)
            lock = try DirectoryLock(directory: path)
        } catch {
            throw error.code == EWOULDBLOCK ? DirectoryError(inUse: path) : DirectoryError(error)
        }
    }

    public func streams() throws -> Set<String> {
        try DirectoryError.catching { () throws(SystemError) in
            var streams: Set<String> = []
            for folder in try Self.files(of: path) where folder != DirectoryLock.fileName {
                guard let name = try Self.read("\(path)/\(folder)/\(Self.nameFile)") else { continue }
                if try Self.files(of: "\(path)/\(folder)").contains(where: Self.isEntry) {
                    streams.insert(String(decoding: name, as: UTF8.self))
                }
            }
            return streams
        }
    }

    public func entries(of streams: Set<String>) throws -> [CheckpointKey: [UInt8]] {
        try DirectoryError.catching { () throws(SystemError) in
            var entries: [CheckpointKey: [UInt8]] = [:]
            for stream in streams {
                let folder = folder(of: stream)
                for file in try Self.files(of: folder) where Self.isEntry(file) {
                    let key = CheckpointKey(stream: stream, name: Self.entryName(ofFile: file))
                    entries[key] = try Self.read("\(folder)/\(file)")
                }
            }
            return entries
        }
    }

    public func write(_ changes: [CheckpointKey: [UInt8]?]) throws {
        try DirectoryError.catching { () throws(SystemError) in
            guard lock != nil else { throw SystemError("write", path, code: EROFS) }
            var folders: Set<String> = []
            for (key, bytes) in changes {
                let folder = folder(of: key.stream)
                if folders.insert(folder).inserted { try Self.makeFolder(folder, for: key.stream) }
                let file = Self.fileName(ofEntry: key.name)
                if let bytes {
                    try Self.put(bytes, file, in: folder)
                } else {
                    try Self.remove("\(folder)/\(file)")
                }
            }
            for folder in folders { try FileSystem.synchronize(directory: folder) }
            try FileSystem.synchronize(directory: path)
        }
    }

    public var maximumValueBytes: Int { 16 << 20 }

    public var isShared: Bool { false }

    private static let unfinished = "unfinished-"

    /// Holds the stream's whole name, which the folder's may be too short for.
    private static let nameFile = "STREAM"

    /// A file that was not put in place yet is no entry.
    private static func isEntry(_ file: String) -> Bool { !file.hasPrefix(unfinished) && file != nameFile }

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

// Files and folders.
extension DirectoryCheckpointStorage {
    /// The names in a folder; none where there is no such folder.
    private static func files(of folder: String) throws(SystemError) -> [String] {
        do throws(SystemError) {
            return try FileSystem.names(in: folder)
        } catch  where error.code == ENOENT {
            return []
        }
    }

    /// The bytes of a file; nil where there is none, as whoever writes may have removed it.
    private static func read(_ path: String) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try FileSystem.bytes(of: path)
        } catch  where error.code == ENOENT || error.code == ENOTDIR {
            return nil
        }
    }

    private static func makeFolder(_ folder: String, for stream: String) throws(SystemError) {
        try FileSystem.makeDirectory(folder)
        guard access("\(folder)/\(nameFile)", F_OK) != 0 else { return }
        try put(Array(stream.utf8), nameFile, in: folder)
    }

    private static func put(_ bytes: [UInt8], _ file: String, in folder: String) throws(SystemError) {
        try FileSystem.replace("\(folder)/\(file)", with: bytes, by: "\(folder)/\(unfinished)\(file)")
    }

    private static func remove(_ path: String) throws(SystemError) {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw SystemError("remove", path, code: errno)
        }
    }
}

/// Why a directory of checkpoints could not be used.
public struct DirectoryError: Error, Sendable, Hashable, CustomStringConvertible, ClassifiedError {
    public var description: String
    public var failureKind: FailureKind

    init(_ error: SystemError) {
        description = "checkpoints \(error.subject): \(error.reason)"
        failureKind =
            [ENOSPC, EDQUOT, EIO, EAGAIN, EINTR, EMFILE, ENFILE].contains(error.code)
            ? .transient : .permanent
    }

    /// Gives what the system refuses as an error of this type.
    static func catching<Result>(
        _ body: () throws(SystemError) -> Result
    ) throws(DirectoryError) -> Result {
        do throws(SystemError) { return try body() } catch { throw DirectoryError(error) }
    }

    init(inUse path: String) {
        description = "checkpoints \(path): another process is using this directory"
        failureKind = .permanent
    }
}
