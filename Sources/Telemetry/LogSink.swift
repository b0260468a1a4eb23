/// Where log lines go. Called from any thread, once for each whole line.
public protocol LogSink: Sendable {
    /// Takes one line, its newline included.
    func write(_ line: [UInt8])
}
