/// One environment's part of its function's log: what its process writes, and what Lambda adds. Of the environment's
/// thread.
struct LogSession {
    private let log: FunctionLog
    private var lines = LogLines()
    /// Of the invocation under way, or the last one.
    private(set) var tail = LogTail()
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ log: FunctionLog) {
        self.log = log
    }

    /// An invocation begins.
    mutating func begin() {
        flush()
        tail.clear()
    }

    /// Lines of Lambda's own, whole.
    mutating func append(_ text: String) {
        write(Array(text.utf8))
    }

    /// Ends a line that the process has begun.
    mutating func flush() {
        write(lines.flush())
    }

    /// What there is to read after a `read`.
    enum Input {
        /// Perhaps more at once.
        case more
        /// Nothing now.
        case none
        /// Nothing any more.
        case ended
    }

    /// Takes what the process has written, a mebibyte at most.
    mutating func read(_ process: SupervisedProcess) -> Input {
        for _ in 0..<16 {
            guard let count = process.readOutput(into: &buffer) else { return .none }
            guard count > 0 else {
                flush()
                return .ended
            }
            write(lines.take(buffer[..<count]))
        }
        return .more
    }

    private mutating func write(_ bytes: [UInt8]) {
        log.append(bytes)
        tail.append(bytes)
    }
}
