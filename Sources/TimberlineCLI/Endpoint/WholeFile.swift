import Glibc

/// Small files, read and written whole.
enum WholeFile {
    /// - Parameter limit: the most bytes to take.
    static func read(_ path: String, limit: Int) throws(InputError) -> [UInt8] {
        let descriptor = try SystemDescriptor(readingFrom: path)
        if case .directory = descriptor.kind() { throw InputError(path: path, reason: "is a directory") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count: Int
            do {
                count = try chunk.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            } catch {
                throw InputError(path: path, reason: "\(error)")
            }
            if count == 0 { return bytes }
            guard count <= limit - bytes.count else {
                throw InputError(path: path, reason: "has more than \(limit) bytes")
            }
            bytes += chunk[..<count]
        }
    }

    /// Puts a file in place: at no moment is there half of it under this path, and once this returns it is on the disk.
    static func write(_ bytes: [UInt8], to path: String) throws(OutputFileError) {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputFileError(path: temporary, code: errno) }
        var failure: Int32 = 0
        var start = 0
        while start < bytes.count, failure == 0 {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                start += count
            } else if errno != EINTR {
                failure = errno
            }
        }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == 0, rename(temporary, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(temporary)
            throw OutputFileError(path: path, code: failure)
        }
    }
}

/// Why a file could not be written.
struct OutputFileError: Error, CustomStringConvertible {
    var path: String
    /// The system's `errno`.
    var code: Int32

    var description: String { "\(path): \(String(cString: strerror(code)))" }
}
