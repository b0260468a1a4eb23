/// Whether warm models may take a batch: the one rule that gives each record its effect once, on deliveries that repeat,
/// overlap and go to several environments at once.
///
/// The first record is the one that the models expect next: they take the batch. It is lower: what is below was seen, the
/// rest is treated the same way. It is higher: either the records between are no more (compaction, transactions,
/// filters), or another environment has seen them; whether its checkpoint is newer tells which.
public struct StateRule: Sendable, Hashable {
    /// Records at the batch's front that the models have seen.
    public let seenCount: Int
    /// Whether the models may lag behind: the checkpoint is to be looked at before they take the rest.
    public let hasGap: Bool

    /// - Parameter position: of the models.
    public init(_ batch: BatchPositions, at position: StreamPosition) {
        switch (batch, position) {
        case (.offsets(let offsets), .offset(let next)):
            seenCount = offsets.prefix { $0 < next }.count
            hasGap = seenCount < offsets.count && offsets[seenCount] > next
        case (.sequences(let numbers), .sequence(let last)):
            seenCount = numbers.prefix { $0 <= last }.count
            // The numbers have gaps of their own, so that nothing tells what comes next.
            hasGap = seenCount < numbers.count && seenCount == 0
        default:
            // Another kind of stream has taken over the name: nothing of it was seen.
            seenCount = 0
            hasGap = true
        }
    }
}
