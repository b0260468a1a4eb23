/// Reads what a ``ByteWriter`` wrote; every read is checked against the end, so that no bytes can crash it.
public struct ByteReader: Sendable {
    private let bytes: [UInt8]
    /// Where the next read begins, counted from the beginning of all bytes.
    public private(set) var place: Int
    private let end: Int
    private let name: String

    /// - Parameter name: what the bytes are, for errors: `state of an entity`.
    public init(_ bytes: [UInt8], name: String) {
        self.init(bytes, range: 0..<bytes.count, name: name)
    }

    init(_ bytes: [UInt8], range: Range<Int>, name: String) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        place = range.lowerBound
        end = range.upperBound
        self.name = name
    }

    /// Bytes that are left.
    public var rest: Int { end - place }

    public mutating func read<Number: FixedWidthInteger>(
        _: Number.Type = Number.self
    ) throws(BinaryCodingError) -> Number {
        let size = MemoryLayout<Number>.size
        guard rest >= size else { throw damaged("it ends too early") }
        let number = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
        place += size
        return Number(littleEndian: number)
    }

    public mutating func readDouble() throws(BinaryCodingError) -> Double {
        Double(bitPattern: try read(UInt64.self))
    }

    /// A byte that is 0 or 1.
    public mutating func readBool() throws(BinaryCodingError) -> Bool {
        let byte = try read(UInt8.self)
        guard byte <= 1 else { throw damaged("\(byte) is neither 0 nor 1") }
        return byte == 1
    }

    /// A count of things that take at least `size` bytes each, so that no count asks for more than there are.
    public mutating func readCount(ofSize size: Int) throws(BinaryCodingError) -> Int {
        let count = try read(UInt64.self)
        guard count <= UInt64(rest / max(1, size)) else { throw damaged("it holds no \(count) items") }
        return Int(count)
    }

    public mutating func readBytes() throws(BinaryCodingError) -> [UInt8] {
        readRaw(try readCount(ofSize: 1))
    }

    /// Text in valid UTF-8.
    public mutating func readText() throws(BinaryCodingError) -> String {
        guard let text = String(validating: try readBytes(), as: UTF8.self) else {
            throw damaged("a text is not UTF-8")
        }
        return text
    }

    /// All bytes that are left.
    public mutating func readRest() -> [UInt8] { readRaw(rest) }

    /// To be called last: nothing may be left.
    public func finish() throws(BinaryCodingError) {
        guard rest == 0 else { throw damaged("\(rest) bytes are left over") }
    }

    /// An error that names the bytes and the place.
    public func damaged(_ message: String) -> BinaryCodingError {
        BinaryCodingError(.damaged, "the \(name) is damaged near byte \(place): \(message)")
    }

    /// Goes on behind the next `count` bytes, which are known to be there.
    mutating func skip(_ count: Int) {
        precondition(count <= rest)
        place += count
    }

    private mutating func readRaw(_ count: Int) -> [UInt8] {
        defer { place += count }
        return Array(bytes[place..<place + count])
    }
}
