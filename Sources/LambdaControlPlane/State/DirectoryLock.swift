import Glibc

/// Keeps other processes off a directory for as long as it lives, and not longer than its process.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// - Throws: where another one has it, or the directory cannot be written.
    init(directory: String) throws(StateError) {
        descriptor = open(directory + "/LOCK", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StateError(
                .unusableDirectory,
                "data directory \(directory): \(String(cString: strerror(errno)))"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StateError(.unusableDirectory, "data directory \(directory): another process uses it")
        }
    }

    deinit {
        // A child may hold a copy of the descriptor until it executes another program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
