import Glibc

/// A file of lines that grows at its end, each append whole or not at all. One writer.
final class AppendedFile {
    private let descriptor: Int32
    /// Whether the file ends in the middle of a line, as one does whose writer was killed.
    private var isTorn: Bool

    /// Opens the file, or makes it.
    init(path: String) throws(SystemError) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError(code: errno) }
        isTorn = Self.endsInLine(path)
    }

    deinit {
        close(descriptor)
    }

    /// Bytes, of a regular file.
    var size: Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Whether the path still leads to this file.
    func isAt(_ path: String) -> Bool {
        var (open, named) = (stat(), stat())
        return fstat(descriptor, &open) == 0 && stat(path, &named) == 0
            && open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }

    /// Appends whole lines; they are on the disk when it returns. What a failed write has left is cut off
    /// again.
    func append(_ lines: [UInt8]) throws(SystemError) {
        let end = size
        do throws(SystemError) {
            if isTorn { try write([UInt8(ascii: "\n")]) }
            try write(lines)
            // Some file systems find only now that they are full.
            if end != nil, fdatasync(descriptor) != 0 { throw SystemError(code: errno) }
            isTorn = false
        } catch {
            // Where even that fails, the next line begins by itself.
            if let end, ftruncate(descriptor, end) != 0 { isTorn = true }
            throw error
        }
    }

    private func write(_ bytes: [UInt8]) throws(SystemError) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                throw SystemError(code: errno)
            }
        }
    }

    private static func endsInLine(_ path: String) -> Bool {
        guard let file = RetainedFile(path: path), file.bytes > 0 else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var last: UInt8 = 0
        return pread(descriptor, &last, 1, file.bytes - 1) == 1 && last != UInt8(ascii: "\n")
    }
}
