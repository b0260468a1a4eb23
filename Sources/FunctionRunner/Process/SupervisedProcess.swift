import CProcess
import Glibc
import SystemFiles

/// A program under a supervisor of its own: with its end, everything that it started has ended.
///
/// One owner, on one thread, but for `killAll`, which any thread may call.
final class SupervisedProcess: Sendable {
    /// Standard output and errors of the program; does not block.
    let output: Int32
    /// Readable when there are messages.
    let control: Int32
    /// The supervisor; what runs below it is the program's.
    let supervisor: pid_t

    /// - Parameter supervisorCommand: a program that begins with `EnvironmentSupervisor.runIfAsked`.
    /// - Throws: where the supervisor cannot be started. Whether the program itself can, a message says.
    init(_ order: ProgramOrder, supervisorCommand: String) throws(SystemError) {
        guard let bytes = order.bytes else {
            throw SystemError(
                "pass",
                "variables and arguments of \(ProgramOrder.byteLimit) bytes at most",
                code: E2BIG
            )
        }
        let outputs = try Descriptors.pair { timberline_pipe($0) }
        let controls: (read: Int32, write: Int32)
        do throws(SystemError) {
            controls = try Descriptors.pair {
                let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue)
                return socketpair(AF_UNIX, kind, 0, $0)
            }
        } catch {
            Descriptors.close(outputs)
            throw error
        }
        do throws(SystemError) {
            supervisor = try Self.start(supervisorCommand, output: outputs.write, control: controls.write)
        } catch {
            Descriptors.close(outputs)
            Descriptors.close(controls)
            throw error
        }
        close(outputs.write)
        close(controls.write)
        output = outputs.read
        control = controls.read
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
        // A supervisor that is gone already shows as the end of its messages.
        _ = send(control, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    deinit {
        // The supervisor takes the end of the socket for an order to kill all, if it still runs.
        close(control)
        close(output)
        while waitpid(supervisor, nil, 0) < 0, errno == EINTR {}
    }

    /// Ends all that runs; the messages `exited` and `done` follow.
    func killAll() {
        _ = send(control, [0], 1, Int32(MSG_NOSIGNAL))
    }

    /// The next message, without waiting. `done` also where the supervisor is gone.
    func nextMessage() -> SupervisorMessage? {
        var buffer = [UInt8](repeating: 0, count: SupervisorMessage.byteCount)
        let count = recv(control, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count >= 0 else { return errno == EAGAIN || errno == EINTR ? nil : .done }
        return SupervisorMessage(buffer[..<count]) ?? .done
    }

    /// Reads what the program has written, without waiting.
    ///
    /// - Returns: nil where there is nothing now; empty at the end.
    func readOutput(into buffer: inout [UInt8]) -> Int? {
        let count = read(output, &buffer, buffer.count)
        if count < 0 { return errno == EAGAIN || errno == EINTR ? nil : 0 }
        return count
    }

    private static func start(_ command: String, output: Int32, control: Int32) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, control, EnvironmentSupervisor.control)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Not of the terminal's: an interrupt there is for the runner, which ends its functions itself.
        posix_spawnattr_setflags(&attributes, timberline_SPAWN_SETSID)
        let words: [String] = [command, EnvironmentSupervisor.argument]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for copy in arguments { free(copy) } }
        var process: pid_t = 0
        let status = posix_spawn(&process, command, &actions, &attributes, &arguments, environ)
        guard status == 0 else { throw SystemError("start", command, code: status) }
        return process
    }
}

/// Two descriptors that belong together.
enum Descriptors {
    static func pair(
        _ make: (UnsafeMutablePointer<Int32>) -> Int32
    ) throws(SystemError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let status = ends.withUnsafeMutableBufferPointer { ends in ends.baseAddress.map(make) ?? -1 }
        guard status == 0 else { throw SystemError("make", "a pipe", code: errno) }
        return (ends[0], ends[1])
    }

    static func close(_ pair: (read: Int32, write: Int32)) {
        Glibc.close(pair.read)
        Glibc.close(pair.write)
    }
}
