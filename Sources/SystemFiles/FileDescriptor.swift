#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An open file, which closes itself. Programs that are started meanwhile do not get it.
public struct FileDescriptor: ~Copyable, Sendable {
    public let number: Int32
    private let path: String

    /// - Parameters:
    ///   - flags: those of `open(2)`; `O_CLOEXEC` is added.
    ///   - mode: permissions of a file that is made, which the umask narrows.
    public init(_ path: String, _ flags: Int32, mode: UInt32 = 0o644) throws(SystemError) {
        let number = open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw SystemError("open", path, code: errno) }
        self.number = number
        self.path = path
    }

    deinit {
        close(number)
    }

    /// The bytes from here to the end.
    ///
    /// - Parameter limit: the most bytes to take.
    /// - Throws: an error that `isTooLarge` where there are more.
    public func readToEnd(limit: Int = .max) throws(SystemError) -> [UInt8] {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw SystemError("read", path, code: errno) }
        // 0 for a pipe, and for a file that the system makes up.
        let size = Int(status.st_size)
        guard size <= limit else { throw SystemError("read", path, code: EFBIG) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(number, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("read", path, code: errno)
            }
            guard count <= limit - bytes.count else { throw SystemError("read", path, code: EFBIG) }
            bytes += chunk[..<count]
        }
    }

    /// Writes all of the bytes here; after an error, some of them may be written.
    public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw SystemError("write", path, code: errno)
            }
        }
    }

    /// Writes all of the bytes here; after an error, some of them may be written.
    public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
            try writeAll(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Returns when what has been written is on the disk; of a directory, the names in it.
    public func synchronize() throws(SystemError) {
        guard fsync(number) == 0 else { throw SystemError("sync", path, code: errno) }
    }
}
