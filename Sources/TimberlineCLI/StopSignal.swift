import Glibc
import Synchronization

/// SIGINT and SIGTERM as a flag that loops ask for. A second one ends the process
/// at once, as it would without this.
enum StopSignal {
    private static let flag = Atomic<Int32>(0)

    static var isRaised: Bool { flag.load(ordering: .acquiring) != 0 }

    /// Whether it was an interrupt from the keyboard, and not a request to end.
    static var isInterrupt: Bool { flag.load(ordering: .acquiring) == SIGINT }

    static func install() {
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                StopSignal.flag.store(number, ordering: .releasing)
            }
            // Without SA_RESTART, so that a blocked read or poll returns; once only.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            sigaction(number, &action, nil)
        }
        // A program that starts this one may have them blocked, as thread pools do.
        var numbers = sigset_t()
        sigemptyset(&numbers)
        for number in [SIGINT, SIGTERM] { sigaddset(&numbers, number) }
        pthread_sigmask(SIG_UNBLOCK, &numbers, nil)
    }
}
