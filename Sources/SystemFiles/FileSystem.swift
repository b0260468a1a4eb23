#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Files by their paths.
public enum FileSystem {
    /// The bytes of a file.
    ///
    /// - Parameter limit: the most bytes to take.
    /// - Throws: an error that `isTooLarge` where there are more.
    public static func bytes(of path: String, limit: Int = .max) throws(SystemError) -> [UInt8] {
        try FileDescriptor(path, O_RDONLY).readToEnd(limit: limit)
    }

    /// Puts a file in place of what is there. At no moment is there half of it under its path, and when this returns its
    /// bytes are on the disk; that its name is, too, takes `synchronize(directory:)`.
    ///
    /// - Parameters:
    ///   - temporary: where the file is until it is whole, in the same file system. What is there is lost.
    ///   - mode: its permissions, which the umask narrows.
    public static func replace(
        _ path: String,
        with bytes: [UInt8],
        by temporary: String,
        mode: UInt32 = 0o644
    ) throws(SystemError) {
        let file = try FileDescriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        do throws(SystemError) {
            try file.writeAll(bytes)
            try file.synchronize()
            guard rename(temporary, path) == 0 else { throw SystemError("rename", path, code: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
