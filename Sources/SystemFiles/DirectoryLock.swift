#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Keeps other processes that ask for it off a directory, for as long as it lives, and not longer than its process.
public final class DirectoryLock: Sendable {
    private let file: FileDescriptor

    /// Makes the file `LOCK` in the directory where it is not there.
    ///
    /// - Throws: an error with the directory's path where another process has the lock (`EWOULDBLOCK`), and one with
    ///   the file's where it cannot be opened.
    public init(directory: String) throws(SystemError) {
        file = try FileDescriptor("\(directory)/\(Self.fileName)", O_RDWR | O_CREAT)
        guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
            throw SystemError("lock", directory, code: errno)
        }
    }

    deinit {
        // A child may hold a copy of the descriptor until it executes another program.
        flock(file.number, LOCK_UN)
    }

    public static let fileName = "LOCK"
}
