/// How far each stream has come: taken from the source, finished, committed.
///
/// The rules that make delivery exact live here. What was taken before is a
/// duplicate; only what is finished may be committed; a commit never goes back.
struct OffsetLedger {
    private struct Position {
        /// The next record to be taken; nil where the source knows alone.
        var taken: Int64?
        /// Everything below is scored and stored.
        var finished: Int64?
        /// Everything below is committed, by this run or before.
        var committed: Int64?
    }

    private var positions: [RecordStream: Position] = [:]

    /// Begins a stream.
    ///
    /// - Parameters:
    ///   - start: the next record to be taken: everything below has been finished before.
    ///   - committed: what the group has committed, may be more than `start`.
    mutating func begin(_ stream: RecordStream, at start: Int64?, committed: Int64?) {
        positions[stream] = Position(taken: start, finished: start, committed: committed)
    }

    mutating func forget(_ stream: RecordStream) {
        positions[stream] = nil
    }

    /// Removes records that were taken before, and notes the rest as taken.
    ///
    /// - Returns: how many were removed.
    mutating func take(_ batch: inout RecordBatch) -> Int {
        let known = batch.records.count
        let start = positions[batch.stream, default: Position()].taken ?? .min
        // Almost always all are new: then the records, which others may hold too, are not copied.
        if !batch.records.ascend(from: start) {
            var next = start
            batch.records.removeAll { record in
                guard record.offset >= next else { return true }
                next = record.nextOffset
                return false
            }
        }
        if let last = batch.records.last {
            positions[batch.stream, default: Position()].taken = last.nextOffset
        }
        return known - batch.records.count
    }

    mutating func finish(_ stream: RecordStream, upTo offset: Int64) {
        positions[stream, default: Position()].finished = offset
    }

    /// Everything below is scored and stored; nil before anything is.
    func finished(_ stream: RecordStream) -> Int64? { positions[stream]?.finished }

    /// Whether a record was committed before this run took it: its results are out.
    func isCommitted(_ stream: RecordStream, _ offset: Int64) -> Bool {
        positions[stream]?.committed.map { offset < $0 } ?? false
    }

    /// What is finished and not yet committed.
    func commitable() -> [RecordStream: Int64] {
        positions.compactMapValues { position in
            position.finished.flatMap { $0 > position.committed ?? .min ? $0 : nil }
        }
    }

    mutating func committed(_ offsets: [RecordStream: Int64]) {
        for (stream, offset) in offsets { positions[stream]?.committed = offset }
    }
}

extension [RecordBatch.Record] {
    /// Whether no record begins before `start`, or before the end of the one in front of it.
    fileprivate func ascend(from start: Int64) -> Bool {
        var next = start
        for index in indices {
            guard self[index].offset >= next else { return false }
            next = self[index].nextOffset
        }
        return true
    }
}
