import DetectionPipeline

/// Lines whose names are texts, while they are put together.
struct LineBatch {
    private(set) var bytes: [UInt8] = []
    private(set) var records: [RecordBatch.Record] = []
    private(set) var identities: [RecordIdentity] = []

    var count: Int { records.count }

    /// - Parameter value: nil for nothing to score.
    mutating func append(_ value: some Collection<UInt8>, _ identity: RecordIdentity, defect: String? = nil) {
        let start = bytes.count
        bytes += value
        records.append(
            RecordBatch.Record(
                offset: Int64(records.count),
                nextOffset: Int64(records.count) + 1,
                timestampMilliseconds: identity.timestampMilliseconds,
                value: start..<bytes.count,
                defect: defect
            )
        )
        identities.append(identity)
    }

    /// - Parameter stream: of the records together; each has its identity besides.
    func batch(
        of stream: RecordStream,
        order: FunctionBatch.Order,
        items: FunctionBatch.Items = .none
    ) -> FunctionBatch {
        FunctionBatch(
            batch: RecordBatch(stream: stream, bytes: bytes, records: records),
            identities: identities,
            order: order,
            items: items
        )
    }
}
