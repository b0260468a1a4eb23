import DetectionPipeline
import Glibc
import Telemetry

/// Dead letters as JSON lines at the end of a file: where the record was, why it
/// is here, and the record whole (`value`, or `value_base64` if it is not UTF-8).
///
/// A file that has grown to its limit becomes a numbered part (`FILE.1`, `FILE.2`, …) and a new one begins.
/// A file that somebody moved away or removed is made anew.
final class DeadLetterFile: DeadLetterSink {
    private let path: String
    private var output: OutputStream
    private var descriptor: Int32
    /// Bytes at which a file becomes a part; nil for never.
    var partLimit: Int?

    init(path: String, partLimit: Int? = nil) throws {
        self.path = path
        self.partLimit = partLimit
        descriptor = try Self.open(path)
        output = OutputStream(descriptor: descriptor)
    }

    deinit {
        output.close()
    }

    func store(_ letters: [DeadLetter]) throws {
        if !isInPlace { try reopen() }
        do throws(OutputStream.Failure) {
            for letter in letters { try output.write(line: Self.line(letter)) }
            try output.flush()
        } catch {
            throw CommandFailure(.cannotWrite, "dead letters \(path): \(error)")
        }
        if let partLimit, let size = size(), size >= partLimit { try beginPart() }
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
        for file in removed where unlink(file.path) != 0 && errno != ENOENT { throw failure(errno) }
        return removed.count
    }

    private static func open(_ path: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.cannotWrite, "dead letters \(path): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    private func reopen() throws {
        let opened = try Self.open(path)
        output.close()
        descriptor = opened
        output = OutputStream(descriptor: opened)
    }

    private func beginPart() throws {
        guard rename(path, FileParts(of: path).nextPath) == 0 else { throw failure(errno) }
        try reopen()
    }

    /// Whether the path still leads to the open file.
    private var isInPlace: Bool {
        var (open, named) = (stat(), stat())
        return fstat(descriptor, &open) == 0 && stat(path, &named) == 0
            && open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }

    /// Bytes, of a regular file.
    private func size() -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    private func failure(_ code: Int32) -> CommandFailure {
        CommandFailure(.cannotWrite, "dead letters \(path): \(String(cString: strerror(code)))")
    }

    static func line(_ letter: DeadLetter) -> String {
        let identity = letter.identity
        var json = JSONWriter()
        json.object { json in
            json.string("reason", letter.reason)
            json.integer("attempt", letter.attempt)
            json.object("source") { json in
                json.string("name", identity.stream.name)
                json.string("origin", identity.stream.origin)
                json.integer("partition", identity.stream.partition)
                json.integer("offset", identity.offset)
            }
            json.bytes("key", letter.key)
            json.bytes("value", letter.value)
        }
        return json.text
    }
}
