/// Keeps a producer from running further ahead of a consumer than the mock
/// cluster keeps data.
///
/// A value without I/O: tell it what was produced and what the consumer has
/// done with (committed, if it may start again), and ask for room before each
/// batch. Sizes are counted as the mock stores them uncompressed, rounded up.
public struct MockFlowControl: Sendable {
    /// What the mock keeps of each partition: 5 MiB and 100,000 message sets. A
    /// quarter is left as a margin.
    public static let safeBytes = (5 << 20) - (5 << 18)
    public static let safeRecords = 75_000

    /// At most what a record takes beside its key and value, without headers.
    public static let recordOverhead = 96

    private var outstanding: [KafkaTopicPartition: Outstanding] = [:]

    private struct Outstanding {
        var bytes = 0
        /// Sizes of the records under way, oldest first, from `firstOffset` on.
        var sizes: [Int] = []
        var head = 0
        var firstOffset: Int64?
    }

    public init() {}

    /// Whether a record of this size may be produced now.
    public func hasRoom(for byteCount: Int, in partition: KafkaTopicPartition) -> Bool {
        guard let state = outstanding[partition] else { return true }
        return state.bytes + byteCount + Self.recordOverhead <= Self.safeBytes
            && state.sizes.count - state.head < Self.safeRecords
    }

    /// Notes a record that was produced, in the order of offsets.
    ///
    /// - Parameter byteCount: of its key, value and headers.
    public mutating func produced(_ byteCount: Int, in partition: KafkaTopicPartition, at offset: Int64) {
        var state = outstanding.removeValue(forKey: partition) ?? Outstanding()
        if state.firstOffset == nil { state.firstOffset = offset }
        state.sizes.append(byteCount + Self.recordOverhead)
        state.bytes += byteCount + Self.recordOverhead
        outstanding[partition] = state
    }

    /// Notes that the consumer is done with all records below `offset`.
    public mutating func consumed(upTo offset: Int64, in partition: KafkaTopicPartition) {
        guard var state = outstanding.removeValue(forKey: partition) else { return }
        while state.head < state.sizes.count, let first = state.firstOffset, first < offset {
            state.bytes -= state.sizes[state.head]
            state.head += 1
            state.firstOffset = first + 1
        }
        if state.head > 4096, state.head * 2 > state.sizes.count {
            state.sizes.removeFirst(state.head)
            state.head = 0
        }
        outstanding[partition] = state
    }
}
