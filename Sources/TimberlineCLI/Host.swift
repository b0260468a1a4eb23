import Glibc
import Telemetry

/// What a command has of the world around it; tests give it another one.
struct Host {
    var environment: [String: String]
    var output: OutputStream
    var errors: OutputStream
    /// Whether the run was asked to end (SIGINT, SIGTERM).
    var shouldStop: () -> Bool
    /// Milliseconds since 1970.
    var now: () -> Int64
    /// Unique for each run: names the pipe that a run reads.
    var runIdentity: String

    static func process() -> Host {
        StopSignal.install()
        let now = wallClockMilliseconds()
        return Host(
            environment: processEnvironment(),
            output: OutputStream(descriptor: STDOUT_FILENO),
            errors: OutputStream(descriptor: STDERR_FILENO),
            shouldStop: { StopSignal.isRaised },
            now: wallClockMilliseconds,
            runIdentity: "\(now)-\(getpid())"
        )
    }

    /// Colours are for terminals, unless NO_COLOR (no-color.org) is set and not empty.
    var styles: TerminalStyles {
        let isUnwanted = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return TerminalStyles(isEnabled: output.isTerminal && !isUnwanted && environment["TERM"] != "dumb")
    }
}
