#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs a program and takes what it prints.
enum Subprocess {
    struct Failure: Error {
        let reason: String
    }

    private static let outputLimit = 1 << 20

    /// The standard output of a program found on the search path; its errors go where ours go.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments; at least one.
    ///   - limit: time after which it is killed.
    static func output(
        of words: [String],
        _ environment: AWSEnvironment,
        within limit: Duration
    ) throws(Failure) -> [UInt8] {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(reason: "no pipe: \(lastError)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let started = Result { () throws(Failure) in try start(words, environment, output: ends[1]) }
        close(ends[1])
        let process = try started.get()
        let result = Result { () throws(Failure) in try readAll(ends[0], within: limit) }
        if case .failure = result { kill(process, SIGKILL) }
        let status = wait(for: process)
        let bytes = try result.get()
        guard status == 0 else { throw Failure(reason: "it ended with status \(status)") }
        return bytes
    }

    private static var lastError: String { String(cString: strerror(errno)) }

    private static func start(
        _ words: [String],
        _ environment: AWSEnvironment,
        output: Int32
    ) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for copy in arguments + variables { free(copy) } }
        var process: pid_t = 0
        let status = posix_spawnp(&process, words[0], &actions, nil, &arguments, &variables)
        guard status == 0 else {
            throw Failure(reason: "'\(words[0])': \(String(cString: strerror(status)))")
        }
        return process
    }

    private static func readAll(_ descriptor: Int32, within limit: Duration) throws(Failure) -> [UInt8] {
        let end = ContinuousClock.now + limit
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4 << 10)
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else {
                throw Failure(reason: "it did not end within \(limit.components.seconds) s")
            }
            guard poll(&entry, 1, Int32(min(left.components.seconds * 1000 + 1, 60_000))) > 0 else {
                continue
            }
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else { throw Failure(reason: "its output cannot be read: \(lastError)") }
            bytes += buffer[..<count]
            guard bytes.count <= outputLimit else { throw Failure(reason: "it prints more than a mebibyte") }
        }
    }

    /// The exit status, or 128 and the signal's number.
    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : 128 + signal
    }
}
