import DetectionPipeline
import Glibc
import SystemFiles

/// Dead letters as JSON lines at the end of a file: where the record was, why it
/// is here, and the record whole with key and headers (`value`, or `value_base64` if it is not UTF-8).
///
/// A file that has grown to its limit becomes a numbered part (`FILE.1`, `FILE.2`, …) and a new one begins.
/// A file that somebody moved away or removed is made anew. What cannot be written now can be later: a full
/// disk, and whatever else somebody may mend while the records wait.
final class DeadLetterFile: DeadLetterSink {
    private let path: String
    private var file: AppendedFile
    /// Bytes at which a file becomes a part; nil for never.
    var partLimit: Int?

    /// - Throws: `DeadLetterFileError` where there is no such file and none can be made.
    init(path: String, partLimit: Int? = nil) throws {
        self.path = path
        self.partLimit = partLimit
        file = try Self.open(path)
    }

    func store(_ letters: [DeadLetter]) throws {
        if !file.isAt(path) { file = try Self.open(path) }
        var lines: [UInt8] = []
        for letter in letters {
            lines += DeadLetterJSON.line(letter).utf8
            lines.append(UInt8(ascii: "\n"))
        }
        do { try file.append(lines) } catch { throw DeadLetterFileError(path, error) }
        // They are stored, whatever becomes of the new part: the next time tries again.
        if let partLimit, let size = file.size, size >= partLimit { try? beginPart() }
    }

    /// Removes the parts that the policy does not keep; the file itself becomes a part first where it is too
    /// old.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: the number of parts removed.
    func prune(_ policy: RetentionPolicy, at now: Int64) throws -> Int {
        let current = RetainedFile(path: path)
        if let current, current.bytes > 0, let oldest = policy.oldestKeptMilliseconds(at: now),
            current.modifiedMilliseconds < oldest
        {
            try beginPart()
        }
        var files = FileParts(of: path).files
        let partCount = files.count
        // The file itself counts, and stays.
        if let current = RetainedFile(path: path) { files.append(current) }
        let items = files.map {
            RetentionPolicy.Item(newestMilliseconds: $0.modifiedMilliseconds, bytes: $0.bytes)
        }
        let removed = files.prefix(min(partCount, policy.removalCount(of: items, at: now)))
        for file in removed where unlink(file.path) != 0 && errno != ENOENT { throw failure("remove", errno) }
        return removed.count
    }

    private func beginPart() throws {
        guard rename(path, FileParts(of: path).nextPath) == 0 else { throw failure("rename", errno) }
        file = try Self.open(path)
    }

    private static func open(_ path: String) throws -> AppendedFile {
        do { return try AppendedFile(path: path) } catch { throw DeadLetterFileError(path, error) }
    }

    private func failure(_ operation: String, _ code: Int32) -> DeadLetterFileError {
        DeadLetterFileError(path, SystemError(operation, path, code: code))
    }
}

/// Why a file of dead letters could not be opened or written.
struct DeadLetterFileError: ClassifiedError, CustomStringConvertible {
    let description: String

    var failureKind: FailureKind { .transient }

    init(_ path: String, _ error: SystemError) {
        description = "dead letters \(path): \(error.reason)"
    }
}
