/// Keeps the last lines in memory, for tests and for showing recent lines.
public final class MemorySink: LogSink {
    private let kept: Locked<[String]>
    private let capacity: Int

    /// - Parameter capacity: the number of lines kept; older ones are dropped.
    public init(capacity: Int = 10_000) {
        self.capacity = max(1, capacity)
        kept = Locked([])
    }

    /// The lines kept, oldest first, without their newlines.
    public var lines: [String] { kept.withLock { $0 } }

    public func write(_ line: [UInt8]) {
        let text = String(
            decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...],
            as: UTF8.self
        )
        kept.withLock { lines in
            if lines.count == capacity { lines.removeFirst() }
            lines.append(text)
        }
    }
}
