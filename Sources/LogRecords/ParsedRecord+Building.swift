extension ParsedRecord {
    /// Runs `body` over the text and the field slots, and takes over what it found.
    @inline(__always)
    mutating func build<Failure: Error>(
        _ body: (inout RecordBuilder) throws(Failure) -> Void
    ) throws(Failure) {
        let limit = fields.count
        let length = textCount
        let built = try storage.withUnsafeBufferPointer { bytes throws(Failure) in
            try fields.withUnsafeMutableBufferPointer { slots throws(Failure) -> RecordBuilder? in
                guard let base = bytes.baseAddress, let first = slots.baseAddress else { return nil }
                var builder = RecordBuilder(
                    text: PaddedBytes(base: base, count: length),
                    fields: first,
                    capacity: limit
                )
                try body(&builder)
                return builder
            }
        }
        guard let built else { return }
        fieldCount = built.count
        droppedFields = built.dropped
        shape = built.shape
        timestamp = built.timestamp
        level = built.level
        message = built.message
    }

    /// Forgets all fields; the text stays.
    mutating func clear() {
        fieldCount = 0
        droppedFields = 0
        shape = 0
        timestamp = nil
        level = nil
        message = nil
    }

    @inline(__always)
    func isBlank(from start: Int) -> Bool {
        var index = start
        while index < textCount {
            if storage[index] > 0x20 { return false }
            index += 1
        }
        return true
    }
}
