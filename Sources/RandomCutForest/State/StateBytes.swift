/// Writes little-endian numbers one after the other into memory that is known to be large enough.
struct StateWriter {
    private let bytes: UnsafeMutableRawPointer
    private(set) var count = 0

    init(_ bytes: UnsafeMutableRawPointer) { self.bytes = bytes }

    @inline(__always)
    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        bytes.storeBytes(of: number.littleEndian, toByteOffset: count, as: Number.self)
        count += MemoryLayout<Number>.size
    }

    @inline(__always)
    mutating func put(_ number: Double) { put(number.bitPattern) }

    @inline(__always)
    mutating func put(_ number: Float) { put(number.bitPattern) }

    /// Numbers that lie one after the other, as `Stored`, which holds them all. One loop, which compiles to vectors.
    @inline(__always)
    mutating func put<Number: FixedWidthInteger, Stored: FixedWidthInteger>(
        _ numbers: UnsafePointer<Number>,
        count: Int,
        as _: Stored.Type
    ) {
        let start = skip(count * MemoryLayout<Stored>.size)
        for index in 0..<count {
            let number = Stored(truncatingIfNeeded: numbers[index]).littleEndian
            start.storeBytes(of: number, toByteOffset: index &* MemoryLayout<Stored>.size, as: Stored.self)
        }
    }

    @inline(__always)
    mutating func put(_ numbers: UnsafePointer<Float>, count: Int) {
        numbers.withMemoryRebound(to: UInt32.self, capacity: count) { put($0, count: count, as: UInt32.self) }
    }

    /// Leaves bytes out, for a writer that starts at their place.
    @discardableResult
    mutating func skip(_ size: Int) -> UnsafeMutableRawPointer {
        defer { count += size }
        return bytes + count
    }
}

/// Reads little-endian numbers one after the other; every read is checked against the end.
struct StateReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var place = 0

    init(_ bytes: UnsafeRawBufferPointer, from place: Int = 0) {
        self.bytes = bytes
        self.place = place
    }

    var rest: Int { bytes.count - place }

    @inline(__always)
    mutating func take<Number: FixedWidthInteger>(_: Number.Type) throws(ForestError) -> Number {
        try take(1, Number.self)[0]
    }

    @inline(__always)
    mutating func double() throws(ForestError) -> Double { Double(bitPattern: try take(UInt64.self)) }

    /// The next `count` numbers, where they lie.
    @inline(__always)
    mutating func take<Number: FixedWidthInteger>(
        _ count: Int,
        _: Number.Type
    ) throws(ForestError) -> StateNumbers<Number> {
        // No size in a state is near the largest integer, so neither is this product.
        let size = count * MemoryLayout<Number>.size
        guard let start = bytes.baseAddress, size <= rest else {
            throw damaged("it ends at byte \(bytes.count)")
        }
        defer { place += size }
        return StateNumbers(start: start + place)
    }

    func damaged(_ message: String) -> ForestError {
        ForestError(.damagedState, "the state is damaged near byte \(place): \(message)")
    }
}

/// Little-endian numbers in the bytes of a state. An index is not checked: its user took as many numbers.
struct StateNumbers<Number: FixedWidthInteger> {
    fileprivate let start: UnsafeRawPointer

    @inline(__always)
    subscript(index: Int) -> Number {
        let place = index &* MemoryLayout<Number>.size
        return Number(littleEndian: start.loadUnaligned(fromByteOffset: place, as: Number.self))
    }
}
