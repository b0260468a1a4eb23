import DetectionPipeline

/// The records that a pipeline has and has not finished, and how old they are when it does.
struct DeliveryDelays {
    /// Records that follow each other without a gap and are of the same millisecond.
    private struct Run {
        var firstOffset: Int64
        var nextOffset: Int64
        var count: Int
        let timestampMilliseconds: Int64

        init(_ record: RecordBatch.Record) {
            firstOffset = record.offset
            nextOffset = record.nextOffset
            count = 1
            timestampMilliseconds = record.timestampMilliseconds
        }

        /// Takes a record in, if it goes on where the run ends. Each record of a longer run has one offset.
        mutating func extend(with record: RecordBatch.Record) -> Bool {
            guard record.offset == nextOffset, record.timestampMilliseconds == timestampMilliseconds,
                record.nextOffset == nextOffset + 1, nextOffset - firstOffset == Int64(count)
            else { return false }
            nextOffset += 1
            count += 1
            return true
        }

        /// Removes the records below `offset`.
        ///
        /// - Returns: how many they are.
        mutating func removeFirst(below offset: Int64) -> Int {
            let done = nextOffset <= offset ? count : count > 1 ? max(0, Int(offset - firstOffset)) : 0
            firstOffset += Int64(done)
            count -= done
            return done
        }
    }

    /// Of each stream in its order. Bounded by what the pipeline holds.
    private var streams: [RecordStream: [Run]] = [:]

    mutating func received(_ batch: RecordBatch) {
        var runs = streams.removeValue(forKey: batch.stream) ?? []
        for index in batch.records.indices {
            if let last = runs.indices.last, runs[last].extend(with: batch.records[index]) { continue }
            runs.append(Run(batch.records[index]))
        }
        streams[batch.stream] = runs
    }

    /// The ages in seconds of the records below `offset`, which are done, and how many have each. Those without a
    /// time are left out. O(milliseconds in which the stream's waiting records were made)
    ///
    /// - Parameter now: milliseconds since 1970.
    mutating func finished(
        below offset: Int64,
        of stream: RecordStream,
        at now: Int64
    ) -> [(seconds: Double, count: Int)] {
        guard var runs = streams.removeValue(forKey: stream) else { return [] }
        var ages: [(seconds: Double, count: Int)] = []
        var done = 0
        for index in runs.indices {
            let count = runs[index].removeFirst(below: offset)
            let time = runs[index].timestampMilliseconds
            if count > 0, time > 0 { ages.append((max(0, Double(now - time) / 1_000), count)) }
            guard runs[index].count == 0 else { break }
            done += 1
        }
        runs.removeFirst(done)
        if !runs.isEmpty { streams[stream] = runs }
        return ages
    }

    /// The stream is another member's.
    mutating func forget(_ stream: RecordStream) {
        streams[stream] = nil
    }
}
