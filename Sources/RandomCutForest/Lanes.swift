// Vectors of lanes: what the standard library's SIMD types lack, or do slower.

@inline(__always)
func load4<Scalar: BitwiseCopyable>(_ place: UnsafePointer<Scalar>) -> SIMD4<Scalar> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Scalar>.self)
}

@inline(__always)
func load8(_ place: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD8<Float>.self)
}

@inline(__always)
func store4<Scalar: BitwiseCopyable>(_ value: SIMD4<Scalar>, _ place: UnsafeMutablePointer<Scalar>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Scalar>.self)
}

/// Four times the same value. `SIMD4(repeating:)` of a variable makes Swift 6.3 crash where a zero vector goes
/// round a loop in the same function.
@inline(__always)
func fourTimes<Scalar>(_ value: Scalar) -> SIMD4<Scalar> {
    SIMD4(value, value, value, value)
}

/// Two values at each of two places. They are loaded as Doubles, of which two loads make a vector without a shuffle.
@inline(__always)
func loadPairs(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer) -> SIMD4<Float> {
    let both = SIMD2(one.loadUnaligned(as: Double.self), other.loadUnaligned(as: Double.self))
    return unsafeBitCast(both, to: SIMD4<Float>.self)
}

/// The lanes that are positive, 0 for the others. By the sign bit: a comparison would compile to branches.
@inline(__always)
func positivePart(_ value: SIMD4<Float>) -> SIMD4<Float> {
    let bits = unsafeBitCast(value, to: SIMD4<Int32>.self)
    return unsafeBitCast(bits & ~(bits &>> 31), to: SIMD4<Float>.self)
}

@inline(__always)
func positivePart(_ value: SIMD8<Float>) -> SIMD8<Float> {
    let bits = unsafeBitCast(value, to: SIMD8<Int32>.self)
    return unsafeBitCast(bits & ~(bits &>> 31), to: SIMD8<Float>.self)
}

@inline(__always)
func masked(_ value: SIMD4<Float>, _ mask: SIMD4<UInt32>) -> SIMD4<Float> {
    unsafeBitCast(unsafeBitCast(value, to: SIMD4<UInt32>.self) & mask, to: SIMD4<Float>.self)
}

@inline(__always)
func laneSum(_ value: SIMD4<Float>) -> Float {
    (value[0] + value[1]) + (value[2] + value[3])
}

@inline(__always)
func laneSum(_ value: SIMD8<Float>) -> Float {
    ((value[0] + value[1]) + (value[2] + value[3])) + ((value[4] + value[5]) + (value[6] + value[7]))
}
