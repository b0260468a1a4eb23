import CProcess
import Glibc
import SystemFiles

/// Runs a program to see whether it works.
enum ProgramCheck {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// What a program writes, 4 KiB at most. Without a time limit.
    ///
    /// - Throws: where it cannot be run, or ends with another status than 0: with the last line of what it has written.
    static func output(of program: String, _ arguments: [String], path: String) throws(Failure) -> String {
        let ends: (read: Int32, write: Int32)
        do throws(SystemError) {
            ends = try Descriptors.pair { timberline_pipe($0) }
        } catch {
            throw Failure(description: "\(error)")
        }
        defer { close(ends.read) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends.write, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends.write, STDERR_FILENO)
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = [strdup("PATH=\(path)"), nil]
        defer { for copy in words + variables { free(copy) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, program, &actions, nil, &words, &variables)
        close(ends.write)
        guard error == 0 else { throw Failure(description: String(cString: strerror(error))) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4 << 10)
        while true {
            let count = read(ends.read, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            output = (output + buffer[..<count]).suffix(4 << 10)
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let text = String(decoding: output, as: UTF8.self)
        guard status == 0 else {
            throw Failure(
                description: text.split(separator: "\n").last.map(String.init) ?? "status \(status)"
            )
        }
        return text
    }
}
