import CProcess
import Glibc
import SystemFiles

/// The process between the runner and one function's process.
///
/// All that a function starts stays below it: as a subreaper it becomes the parent of what was left by its own,
/// whatever session or group that has put itself into. When the function ends, when the runner asks for it, and when
/// the runner is gone, however it went, the supervisor kills everything below it, and ends. It is a process of its own because only one
/// that outlives the runner can do the last.
public enum EnvironmentSupervisor {
    /// The first argument of a program that is to be a supervisor.
    public static let argument = "supervise-function-environment"

    /// The socket to the runner: commands in, `SupervisorMessage` out.
    static let control: Int32 = 3

    /// To be called first by a program whose path the runner is given as its supervisor. Ends the process where the
    /// arguments, with the program's name first, ask for it; does nothing else.
    public static func runIfAsked(_ arguments: [String]) {
        guard arguments.count == 2, arguments[1] == argument else { return }
        supervise()
    }

    private static func supervise() -> Never {
        guard timberline_become_subreaper() == 0 else { end(with: .failed(error: errno)) }
        closeInherited()
        _ = fcntl(control, F_SETFD, FD_CLOEXEC)
        guard let order = receiveOrder() else { _exit(EXIT_FAILURE) }
        // Children's ends are to interrupt the wait for the runner, and only that.
        signal(SIGCHLD) { _ in }
        var blocked = sigset_t()
        var unblocked = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, SIGCHLD)
        // Not what the runner's thread has had, which may block everything.
        sigemptyset(&unblocked)
        sigprocmask(SIG_SETMASK, &blocked, nil)
        guard chdir(order.directory) == 0 else { end(with: .failed(error: errno)) }
        var function: pid_t = 0
        var error = start(order, &function)
        // Just unpacked, and open still in a program that is being started at the same moment.
        for _ in 0..<100 where error == ETXTBSY {
            usleep(10_000)
            error = start(order, &function)
        }
        guard error == 0 else { end(with: .failed(error: error)) }
        send(.started(process: function))
        silence()
        while true {
            var entry = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
            let isCalled = timberline_poll(&entry, &unblocked) > 0
            if isCalled || reap(function).contains(.function) {
                sweep(function)
                end(with: .done)
            }
        }
    }

    /// Kills what is below this process until nothing is.
    private static func sweep(_ function: pid_t) {
        repeat {
            // Children that are killed leave theirs to this process, for the next round.
            for process in ProcessTree.descendants(of: getpid()) { kill(process, SIGKILL) }
            usleep(500)
        } while !reap(function).contains(.lastChild)
    }

    /// Which children have ended.
    private struct Ends: OptionSet {
        let rawValue: Int
        static let function = Ends(rawValue: 1)
        /// There is no child any more.
        static let lastChild = Ends(rawValue: 2)
    }

    /// Takes the ends of children, and tells of the function's.
    private static func reap(_ function: pid_t) -> Ends {
        var ends: Ends = []
        var status: Int32 = 0
        while true {
            switch waitpid(-1, &status, WNOHANG) {
            case function:
                send(.exited(status: status))
                ends.insert(.function)
            case 0: return ends
            case ..<0: return errno == ECHILD ? ends.union(.lastChild) : ends
            default: break
            }
        }
    }

    private static func start(_ order: ProgramOrder, _ process: inout pid_t) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        // What the runner and this process ignore or block is no business of the function's.
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | timberline_SPAWN_SETSID
        )
        var noCore = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCore)
        if let path = order.variables["PATH"] { setenv("PATH", path, 1) }
        var arguments = ([order.program] + order.arguments).map { strdup($0) } + [nil]
        var variables = order.variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in arguments + variables { free(copy) } }
        return posix_spawnp(&process, order.program, nil, &attributes, &arguments, &variables)
    }

    private static func receiveOrder() -> ProgramOrder? {
        var buffer = [UInt8](repeating: 0, count: ProgramOrder.byteLimit)
        let count = recv(control, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        return ProgramOrder(buffer[..<count])
    }

    private static func send(_ message: SupervisorMessage) {
        let bytes = message.bytes
        // A runner that is gone needs no message.
        _ = Glibc.send(control, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func end(with message: SupervisorMessage) -> Never {
        send(message)
        _exit(EXIT_SUCCESS)
    }

    /// Lets go of the function's output, whose end is to be the function's.
    private static func silence() {
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nowhere >= 0 else { return }
        dup2(nowhere, STDOUT_FILENO)
        dup2(nowhere, STDERR_FILENO)
        close(nowhere)
    }

    /// Files and sockets of the runner that were not marked to be closed are none of the function's.
    private static func closeInherited() {
        for name in (try? FileSystem.names(in: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > control { close(descriptor) }
        }
    }
}
