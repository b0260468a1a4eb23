extension RecordBatch {
    /// The bytes of a record's key, value and headers.
    public func byteCount(of record: Record) -> Int {
        record.headers.reduce((record.key?.count ?? 0) + (record.value?.count ?? 0)) {
            $0 + $1.name.utf8.count + ($1.value?.count ?? 0)
        }
    }

    /// Names the records from the first to the last, the same for the same records:
    /// `ORIGIN/PARTITION/FIRST-LAST/TIMESTAMP`, with the timestamp of the first.
    public var identityRange: String {
        guard let first = records.first, let last = records.last else { return "\(stream)" }
        return "\(stream)/\(first.offset)-\(last.offset)/\(first.timestampMilliseconds)"
    }

    /// Appends a record of another batch, with its bytes.
    public mutating func append(_ record: Record, of other: RecordBatch) {
        var record = record
        record.key = record.key.map { store(other.bytes[$0]) }
        record.value = record.value.map { store(other.bytes[$0]) }
        records.append(record)
    }

    private mutating func store(_ content: ArraySlice<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes += content
        return start..<bytes.count
    }

    /// A record of the batch as a dead letter.
    func letter(for record: Record, reason: String, attempt: Int) -> DeadLetter {
        DeadLetter(
            identity: RecordIdentity(
                stream: stream,
                offset: record.offset,
                timestampMilliseconds: record.timestampMilliseconds
            ),
            key: record.key.map { copy($0) },
            value: record.value.map { copy($0) },
            headers: record.headers,
            reason: reason,
            attempt: attempt
        )
    }
}
