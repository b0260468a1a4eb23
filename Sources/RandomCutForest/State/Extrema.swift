// Lane by lane, which compiles to one instruction for all; `replacing(with:where:)` compiles to branches.

@inline(__always)
func smaller(_ one: SIMD4<Float>, _ other: SIMD4<Float>) -> SIMD4<Float> {
    var result = other
    for lane in 0..<4 { result[lane] = one[lane] < other[lane] ? one[lane] : other[lane] }
    return result
}

@inline(__always)
func larger(_ one: SIMD4<Float>, _ other: SIMD4<Float>) -> SIMD4<Float> {
    var result = other
    for lane in 0..<4 { result[lane] = one[lane] > other[lane] ? one[lane] : other[lane] }
    return result
}

@inline(__always)
func smaller(_ one: SIMD8<Float>, _ other: SIMD8<Float>) -> SIMD8<Float> {
    var result = other
    for lane in 0..<8 { result[lane] = one[lane] < other[lane] ? one[lane] : other[lane] }
    return result
}

@inline(__always)
func larger(_ one: SIMD8<Float>, _ other: SIMD8<Float>) -> SIMD8<Float> {
    var result = other
    for lane in 0..<8 { result[lane] = one[lane] > other[lane] ? one[lane] : other[lane] }
    return result
}
