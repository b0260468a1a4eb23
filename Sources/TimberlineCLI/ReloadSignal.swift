import Glibc
import Synchronization

/// SIGHUP as a flag: read the configuration again.
enum ReloadSignal {
    private static let flag = Atomic<Bool>(false)

    static var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Whether it was raised since the last call.
    static func take() -> Bool { flag.exchange(false, ordering: .acquiringAndReleasing) }

    static func install() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in ReloadSignal.flag.store(true, ordering: .releasing) }
        action.sa_flags = SA_RESTART
        sigaction(SIGHUP, &action, nil)
        // A program that starts this one may have it blocked.
        var numbers = sigset_t()
        sigemptyset(&numbers)
        sigaddset(&numbers, SIGHUP)
        pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    }
}
