import DetectionPipeline

/// The records that a pipeline has and has not finished, and how old they are when it does.
struct DeliveryDelays {
    private struct Waiting {
        var nextOffset: Int64
        var timestampMilliseconds: Int64
    }

    /// Of each stream in its order. Bounded by what the pipeline holds.
    private var streams: [RecordStream: [Waiting]] = [:]

    mutating func received(_ batch: RecordBatch) {
        streams[batch.stream, default: []] += batch.records.map {
            Waiting(nextOffset: $0.nextOffset, timestampMilliseconds: $0.timestampMilliseconds)
        }
    }

    /// The ages in seconds of the records below `offset`, which are done. O(records of the stream that wait).
    ///
    /// - Parameter now: milliseconds since 1970.
    mutating func finished(below offset: Int64, of stream: RecordStream, at now: Int64) -> [Double] {
        guard let waiting = streams[stream] else { return [] }
        let done = waiting.prefix { $0.nextOffset <= offset }
        streams[stream] = done.count == waiting.count ? nil : Array(waiting[done.count...])
        return done.filter { $0.timestampMilliseconds > 0 }
            .map { max(0, Double(now - $0.timestampMilliseconds) / 1_000) }
    }

    /// The stream is another member's.
    mutating func forget(_ stream: RecordStream) {
        streams[stream] = nil
    }
}
