/// Writes little-endian numbers one after the other into memory that is known to be large enough.
struct StateWriter {
    let bytes: UnsafeMutableRawPointer
    var count = 0

    @inline(__always)
    mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        bytes.storeBytes(of: number.littleEndian, toByteOffset: count, as: Number.self)
        count += MemoryLayout<Number>.size
    }

    @inline(__always)
    mutating func put(_ number: Double) { put(number.bitPattern) }

    @inline(__always)
    mutating func put(_ number: Float) { put(number.bitPattern) }

    @inline(__always)
    mutating func put(index: UInt32, wide: Bool) {
        if wide { put(index) } else { put(UInt16(truncatingIfNeeded: index)) }
    }
}

/// Reads little-endian numbers one after the other; every read is checked against the end.
struct StateReader {
    let bytes: UnsafeRawBufferPointer
    var place = 0

    var rest: Int { bytes.count - place }

    @inline(__always)
    mutating func take<Number: FixedWidthInteger>(_: Number.Type) throws(ForestError) -> Number {
        guard rest >= MemoryLayout<Number>.size else { throw damaged("it ends at byte \(bytes.count)") }
        let number = bytes.loadUnaligned(fromByteOffset: place, as: Number.self)
        place += MemoryLayout<Number>.size
        return Number(littleEndian: number)
    }

    @inline(__always)
    mutating func double() throws(ForestError) -> Double { Double(bitPattern: try take(UInt64.self)) }

    @inline(__always)
    mutating func float() throws(ForestError) -> Float { Float(bitPattern: try take(UInt32.self)) }

    @inline(__always)
    mutating func index(below count: Int, wide: Bool) throws(ForestError) -> Int {
        let index = wide ? Int(try take(UInt32.self)) : Int(try take(UInt16.self))
        guard index < count else { throw damaged("point \(index) of \(count)") }
        return index
    }

    /// A value as trees may hold it: finite, in range, and not -0.
    @inline(__always)
    mutating func value() throws(ForestError) -> Float {
        let value = try float()
        guard abs(value) <= Query.limit, value.bitPattern != 0x8000_0000 else {
            throw damaged("a value is \(value)")
        }
        return value
    }

    func damaged(_ message: String) -> ForestError {
        ForestError(.damagedState, "the state is damaged near byte \(place): \(message)")
    }
}

/// The checksum of a state: every byte but its own eight. Each step is a bijection of the sum, so that no change
/// within eight bytes goes unseen.
func stateChecksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum: UInt64 = 0x9E37_79B9_7F4A_7C15
    func mix(_ word: UInt64) {
        sum = (sum ^ word) &* 0x9FB2_1C65_1E98_DF25
        sum ^= sum >> 32
    }
    var place = 0
    while place + 8 <= bytes.count {
        if place != 24 {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
        }
        place += 8
    }
    var last: UInt64 = 0
    while place < bytes.count {
        last = last << 8 | UInt64(bytes[place])
        place += 1
    }
    mix(last)
    return sum
}
