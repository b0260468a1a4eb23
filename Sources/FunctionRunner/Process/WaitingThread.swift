import Glibc
import SystemFiles

/// Threads for work that waits for most of its time. Dispatch has a few hundred at most, and what comes later waits
/// for one to become free.
enum WaitingThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs a body on a thread of its own, which ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        // Taken by the thread, once.
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, runWork, work.toOpaque())
        guard status == 0 else {
            work.release()
            throw SystemError("start", "a thread", code: status)
        }
        // Nobody waits for it.
        pthread_detach(thread)
    }

    private static let runWork: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        work in
        guard let work else { return nil }
        Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
        return nil
    }
}
