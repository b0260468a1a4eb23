import Foundation
import KafkaTestSupport
import SystemFiles
import Testing

@testable import FunctionRunner

@Suite("The supervisor of a function's process", .ownThread, .timeLimit(.minutes(2)))
struct SupervisorTests {
    private func scratch() throws -> URL {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("timberline-supervisor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory
    }

    /// Starts a process that leaves its session, and waits with it.
    private static let leaving = """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                open("survivor.new", "w").write(str(os.getpid()))
                os.rename("survivor.new", "survivor")
                time.sleep(1000)
            os._exit(0)
        time.sleep(1000)
        """

    private func wait(for file: URL) throws -> String {
        #expect(TestRunner.wait { FileManager.default.fileExists(atPath: file.path) })
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test("kills all that the function has started when whoever asked for it is killed")
    func parentKilled() throws {
        let directory = try scratch()
        defer { try? FileManager.default.removeItem(at: directory) }
        // In the place of the runner, a program that can be killed: it sends the order and waits.
        let order = ProgramOrder(
            program: "/usr/bin/python3",
            arguments: ["-c", Self.leaving],
            directory: directory.path,
            variables: ["PATH": "/usr/bin:/bin"]
        )
        try Data(try #require(order.bytes)).write(to: directory.appendingPathComponent("order"))
        let parent = try RunningProgram(
            "/usr/bin/python3",
            [
                "-c",
                """
                import fcntl, os, socket, subprocess, sys, time
                ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                # Neither is to be the third descriptor, which becomes the supervisor's end.
                ours, theirs = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
                for end in ends: end.close()
                os.dup2(theirs, 3)
                os.close(theirs)
                subprocess.Popen([sys.argv[1], sys.argv[2]], pass_fds=[3])
                os.close(3)
                os.write(ours, open(sys.argv[3], "rb").read())
                time.sleep(1000)
                """,
                TestRunner.supervisor, EnvironmentSupervisor.argument,
                directory.appendingPathComponent("order").path,
            ]
        )
        let survivor = try wait(for: directory.appendingPathComponent("survivor"))
        #expect(TestRunner.runs(survivor))
        parent.send(SIGKILL)
        _ = parent.wait()
        #expect(TestRunner.wait { !TestRunner.runs(survivor) })
    }

    @Test("kills all that the function has started when the function ends, and tells how it ended")
    func functionEnds() throws {
        let directory = try scratch()
        defer { try? FileManager.default.removeItem(at: directory) }
        let order = ProgramOrder(
            program: "sh",
            arguments: [
                "-c",
                "(setsid sh -c 'echo $$ > left; exec sleep 1000' &) ; while ! [ -s left ]; do :; done; exit 5",
            ],
            directory: directory.path,
            variables: ["PATH": "/usr/bin:/bin"]
        )
        let process = try SupervisedProcess(order, supervisorCommand: TestRunner.supervisor)
        let messages = self.messages(of: process)
        #expect(messages.dropFirst() == [.exited(status: 5 << 8), .done])
        let left = try String(contentsOf: directory.appendingPathComponent("left"), encoding: .utf8)
        #expect(!TestRunner.runs(left.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test("tells why a program cannot be run")
    func cannotRun() throws {
        let nothing = ProgramOrder(program: "/nowhere", directory: "/", variables: [:])
        let process = try SupervisedProcess(nothing, supervisorCommand: TestRunner.supervisor)
        #expect(messages(of: process) == [.failed(error: ENOENT), .done])
        #expect(throws: SystemError.self) {
            try SupervisedProcess(nothing, supervisorCommand: "/nowhere")
        }
    }

    @Test("lets no file or socket of the runner reach the function")
    func descriptors() throws {
        // One that is not marked to be closed.
        let file = open("/dev/null", O_RDONLY)
        defer { close(file) }
        let order = ProgramOrder(
            program: "/bin/sh",
            arguments: ["-c", "ls /proc/self/fd | wc -l"],
            directory: "/",
            variables: ["PATH": "/usr/bin:/bin"]
        )
        let process = try SupervisedProcess(order, supervisorCommand: TestRunner.supervisor)
        _ = messages(of: process)
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = try #require(process.readOutput(into: &buffer))
        // Input, output, errors, and the listed directory itself.
        #expect(
            String(decoding: buffer[..<count], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
                == "4"
        )
    }

    private func messages(of process: SupervisedProcess) -> [SupervisorMessage] {
        var messages: [SupervisorMessage] = []
        while messages.last != .done {
            var entry = pollfd(fd: process.control, events: Int16(POLLIN), revents: 0)
            _ = poll(&entry, 1, -1)
            if let message = process.nextMessage() { messages.append(message) }
        }
        return messages
    }
}
