import DetectionPipeline

/// How often a function has failed with the same records, and from when on they are to blame.
struct FunctionFaults {
    private struct Fault {
        var failureCount = 0
        /// The last offset of the records of which one is to blame.
        var suspectEnd: Int64?
    }

    /// Nil never blames the records.
    let allowedFailures: Int?
    private var faults: [RecordStream: Fault] = [:]

    init(allowedFailures: Int?) {
        self.allowedFailures = allowedFailures
    }

    /// Takes a call that did not do its first record.
    ///
    /// - Returns: whether the records are to blame: they are halved then, and each half is judged at once.
    mutating func failed(_ batch: RecordBatch) -> Bool {
        guard let allowedFailures, let first = batch.records.first, let last = batch.records.last else {
            return false
        }
        var fault = faults[batch.stream] ?? Fault()
        if let end = fault.suspectEnd, first.offset > end { fault = Fault() }
        fault.failureCount += 1
        if fault.suspectEnd == nil, fault.failureCount >= allowedFailures { fault.suspectEnd = last.offset }
        faults[batch.stream] = fault
        return fault.suspectEnd != nil
    }

    /// Takes a call that did records up to `offset`, at least one.
    mutating func progressed(_ stream: RecordStream, upTo offset: Int64) {
        guard let end = faults[stream]?.suspectEnd, offset < end else {
            faults[stream] = nil
            return
        }
        faults[stream]?.failureCount = 0
    }
}
