/// One line as fields; made once and used again for every line.
///
/// The record owns a copy of the line's bytes, so it stays valid after the line is gone. It allocates
/// only when a line is longer than any before it.
public struct ParsedRecord: Sendable {
    /// The most fields that a record keeps; further ones are counted in `droppedFields`.
    public static let defaultMaximumFields = 1024

    /// The line, then `PaddedBytes.padding` zero bytes.
    var storage: [UInt8]
    var fields: [Field]
    var keys: KeyTable = .empty
    var shape: UInt64 = 0

    /// How many bytes of text the record holds.
    public internal(set) var textCount = 0
    public internal(set) var fieldCount = 0
    /// How many fields were left out because there were more than the record keeps.
    public internal(set) var droppedFields = 0
    /// Nanoseconds since 1970-01-01T00:00:00Z, where the line states a time.
    public internal(set) var timestamp: Int64?
    public internal(set) var level: LogLevel?
    /// The byte range of the human-readable message, where the format has one.
    public internal(set) var message: Range<Int>?

    public init(maximumFields: Int = ParsedRecord.defaultMaximumFields) {
        storage = [UInt8](repeating: 0, count: 4096 + PaddedBytes.padding)
        let empty = Field(key: 0..<0, value: 0..<0, kind: .null)
        fields = [Field](repeating: empty, count: max(maximumFields, 1))
    }

    public subscript(field index: Int) -> Field {
        precondition(index >= 0 && index < fieldCount, "field \(index) of \(fieldCount)")
        return fields[index]
    }

    /// Hands out the record's text; field ranges are ranges of it.
    public func withText<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeBufferPointer { bytes throws(Failure) in
            try body(UnsafeBufferPointer(rebasing: bytes[0..<textCount]))
        }
    }

    func withPaddedText<Result, Failure: Error>(
        _ body: (PaddedBytes) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try storage.withUnsafeBufferPointer { bytes throws(Failure) in
            guard let base = bytes.baseAddress else { preconditionFailure("the padding is never empty") }
            return try body(PaddedBytes(base: base, count: textCount))
        }
    }

    /// Takes a copy of `line` and forgets the record before it.
    mutating func load(_ line: UnsafeBufferPointer<UInt8>) {
        let needed = line.count + PaddedBytes.padding
        if storage.count < needed {
            storage = [UInt8](repeating: 0, count: max(needed, storage.count * 2))
        }
        storage.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            if let source = line.baseAddress {
                base.copyMemory(from: source, byteCount: line.count)
            }
            (base + line.count).initializeMemory(as: UInt8.self, repeating: 0, count: PaddedBytes.padding)
        }
        textCount = line.count
        fieldCount = 0
        droppedFields = 0
        shape = 0
        timestamp = nil
        level = nil
        message = nil
    }
}
