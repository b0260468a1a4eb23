import Glibc
import SystemFiles

/// A file of lines that grows at its end, each append whole or not at all. One writer.
final class AppendedFile {
    private let path: String
    private let file: FileDescriptor
    /// Whether the file ends in the middle of a line, as one does whose writer was killed.
    private var isTorn: Bool

    /// Opens the file, or makes it.
    init(path: String) throws(SystemError) {
        self.path = path
        file = try FileDescriptor(path, O_WRONLY | O_APPEND | O_CREAT)
        isTorn = Self.endsInLine(path)
    }

    /// Bytes, of a regular file.
    var size: Int? {
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Whether the path still leads to this file.
    func isAt(_ path: String) -> Bool {
        var (open, named) = (stat(), stat())
        return fstat(file.number, &open) == 0 && stat(path, &named) == 0
            && open.st_ino == named.st_ino && open.st_dev == named.st_dev
    }

    /// Appends whole lines; they are on the disk when it returns. What a failed write has left is cut off
    /// again.
    func append(_ lines: [UInt8]) throws(SystemError) {
        let end = size
        do throws(SystemError) {
            if isTorn { try file.writeAll([UInt8(ascii: "\n")]) }
            try file.writeAll(lines)
            // Some file systems find only now that they are full.
            if end != nil, fdatasync(file.number) != 0 { throw SystemError("sync", path, code: errno) }
            isTorn = false
        } catch {
            // Where even that fails, the next line begins by itself.
            if let end, ftruncate(file.number, end) != 0 { isTorn = true }
            throw error
        }
    }

    private static func endsInLine(_ path: String) -> Bool {
        guard let file = RetainedFile(path: path), file.bytes > 0 else { return false }
        guard let descriptor = try? FileDescriptor(path, O_RDONLY) else { return false }
        var last: UInt8 = 0
        return pread(descriptor.number, &last, 1, file.bytes - 1) == 1 && last != UInt8(ascii: "\n")
    }
}
