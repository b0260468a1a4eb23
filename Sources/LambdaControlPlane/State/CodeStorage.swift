import AWSServices
import Glibc
import JSONText
import LocalLambdaModel
import SystemFiles
import Telemetry
import ZipArchive

/// The code of functions on disk: each zip by its digest, packed and unpacked.
final class CodeStorage: Sendable {
    private let root: String
    /// Names of code that no version has, and since when. A process may still run it, or a request be about to use it.
    private let retired = Locked<[String: ContinuousClock.Instant]>([:])

    /// Bytes of a zip in a request at most, as on AWS.
    static let uploadLimit = 50 << 20
    /// How long unused code stays: longer than any invocation.
    static let retention: Duration = .seconds(1_200)
    /// Of names that are being written.
    private static let unfinished = ".new-"

    init(directory: String) throws(StateError) {
        root = directory
        do throws(SystemError) {
            try FileSystem.makeDirectories(directory)
        } catch {
            throw StateError(.unusableDirectory, "data directory \(directory): \(error.reason)")
        }
    }

    /// Where the zip of this digest lies unpacked.
    func directory(of sha256: String) -> String { "\(root)/\(Self.name(of: sha256))" }

    /// The zip itself; nil where it is not there.
    ///
    /// - Parameter name: the digest in hexadecimal.
    func zip(named name: String) -> [UInt8]? {
        guard name.utf8.count == 64, name.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            return nil
        }
        let file = try? FileDescriptor("\(root)/\(name).zip", O_RDONLY | O_NOFOLLOW)
        return try? file?.readToEnd(limit: Self.uploadLimit)
    }

    static func zipName(of sha256: String) -> String { name(of: sha256) }

    /// Checks and unpacks a zip. What is there under its name is whole: it comes there by renaming.
    func store(_ zip: [UInt8]) throws -> FunctionCode {
        guard zip.count <= Self.uploadLimit else {
            throw ControlPlaneError(
                .requestEntityTooLarge,
                "a zip in a request may have \(Self.uploadLimit) bytes at most; this one has \(zip.count)"
            )
        }
        let text = String(decoding: Base64.encode(Hash.sha256(zip)), as: UTF8.self)
        let code = FunctionCode(sha256: text, byteCount: zip.count, directory: directory(of: text))
        if access(code.directory, F_OK) == 0 { return code }
        let temporary = "\(root)/\(Self.unfinished)\(randomUUID())"
        defer { FileTree.remove(temporary) }
        do {
            let archive = try ZipArchive(zip)
            try FileSystem.makeDirectory(temporary)
            try archive.unpack(into: temporary)
            try FileSystem.replace(
                "\(root)/\(Self.name(of: text)).zip",
                with: zip,
                by: temporary + ".zip"
            )
            // Another request with the same zip may have been quicker.
            guard rename(temporary, code.directory) == 0 || errno == EEXIST || errno == ENOTEMPTY else {
                throw SystemError("rename", temporary, code: errno)
            }
        } catch let error as ZipError {
            if error.isRetriable { throw ControlPlaneError(.service, "cannot unpack the zip: \(error)") }
            throw ControlPlaneError.invalid("Could not unzip uploaded file. \(error)")
        } catch let error as SystemError {
            throw ControlPlaneError(.service, "cannot store the code: \(error.reason)")
        }
        return code
    }

    /// Notes which code is no longer used, and removes what has been so for long enough.
    func retire(except used: Set<String>, at now: ContinuousClock.Instant = .now) {
        let names = Dictionary(used.map { (Self.name(of: $0), $0) }) { $1 }
        let stored = storedNames()
        let expired = retired.withLock { retired in
            for name in stored where names[name] == nil { retired[name] = retired[name] ?? now }
            for name in names.keys { retired[name] = nil }
            return retired.filter { $0.value.duration(to: now) >= Self.retention }.map(\.key)
        }
        for name in expired {
            remove(name)
            retired.withLock { $0[name] = nil }
        }
    }

    /// Removes all other code and what is unfinished. For the start of a process, when nothing runs.
    func removeAll(except used: Set<String>) {
        let names = Set(used.map(Self.name(of:)))
        for entry in entries where entry.hasPrefix(Self.unfinished) {
            FileTree.remove("\(root)/\(entry)")
        }
        for name in storedNames() where !names.contains(name) { remove(name) }
    }

    private var entries: [String] { (try? FileSystem.names(in: root)) ?? [] }

    private func storedNames() -> Set<String> {
        Set(entries.compactMap { $0.hasSuffix(".zip") ? String($0.dropLast(4)) : nil })
    }

    private func remove(_ name: String) {
        FileTree.remove("\(root)/\(name)")
        FileTree.remove("\(root)/\(name).zip")
    }

    /// The digest in hexadecimal: base64 has slashes.
    private static func name(of sha256: String) -> String {
        // What this program stores is base64.
        let bytes = (try? Base64.decode(Array(sha256.utf8))) ?? []
        return bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
    }
}
