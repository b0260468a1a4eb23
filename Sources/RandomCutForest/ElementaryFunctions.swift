// The standard library has no logarithm, and the C library's bits depend on the processor. These are the
// same bits everywhere (no fused multiply-add), within 1 ulp of the true value.

/// ln 2 in two parts; the first has so few bits that its product with an exponent is exact.
private let ln2High = 0x1.62E42FEEp-1
private let ln2Low = 0x1.A39EF35793C76p-33

/// The natural logarithm of a positive, finite, normal number.
///
/// With x = 2ᵏ(1 + f) and s = f/(2 + f): ln(1 + f) = f - f²/2 + s(f²/2 + R), where
/// R = 2(s²/3 + s⁴/5 + s⁶/7 + …) is what the series of 2·artanh(s) has after its first term. f is exact, so the
/// rounding of s touches only small terms.
public func naturalLogarithm(_ value: Double) -> Double {
    var bits = value.bitPattern
    // Adding this much carries into the exponent from the square root of 2 on, so that f is in
    // (0.707 - 1, 1.414 - 1).
    bits &+= 0x0009_5F61_9980_0000
    let exponent = Int64(bits >> 52) - 1023
    bits = (bits & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_6680_0000
    let fraction = Double(bitPattern: bits) - 1
    let ratio = fraction / (2 + fraction)
    let square = ratio * ratio
    var series = 2.0 / 25
    series = series * square + 2.0 / 23
    series = series * square + 2.0 / 21
    series = series * square + 2.0 / 19
    series = series * square + 2.0 / 17
    series = series * square + 2.0 / 15
    series = series * square + 2.0 / 13
    series = series * square + 2.0 / 11
    series = series * square + 2.0 / 9
    series = series * square + 2.0 / 7
    series = series * square + 2.0 / 5
    series = series * square + 2.0 / 3
    series *= square
    let halfSquare = 0.5 * fraction * fraction
    let power = Double(exponent)
    return power * ln2High - ((halfSquare - (ratio * (halfSquare + series) + power * ln2Low)) - fraction)
}

/// e to the power of a number; infinity above 709.7, 0 below -708 (no subnormal results).
///
/// With x = k·ln 2 + r, |r| ≤ ln 2 / 2: the Taylor series of eʳ, times 2ᵏ.
public func exponential(_ value: Double) -> Double {
    guard value < 709.782712893384 else { return value.isNaN ? value : .infinity }
    guard value > -708 else { return 0 }
    let power = (value * 1.4426950408889634).rounded()
    let high = value - power * ln2High
    let low = power * ln2Low
    let rest = high - low
    let lost = (high - rest) - low
    var series = 1.0 / 87_178_291_200
    series = series * rest + 1.0 / 6_227_020_800
    series = series * rest + 1.0 / 479_001_600
    series = series * rest + 1.0 / 39_916_800
    series = series * rest + 1.0 / 3_628_800
    series = series * rest + 1.0 / 362_880
    series = series * rest + 1.0 / 40320
    series = series * rest + 1.0 / 5040
    series = series * rest + 1.0 / 720
    series = series * rest + 1.0 / 120
    series = series * rest + 1.0 / 24
    series = series * rest + 1.0 / 6
    series = series * rest + 0.5
    let result = 1 + (rest + (series * rest * rest + lost))
    let exponent = Int64(power)
    guard exponent < 1024 else { return result * 2 * 0x1p1023 }
    return result * Double(bitPattern: UInt64(bitPattern: exponent + 1023) << 52)
}

/// The logarithm to base 2 of a positive, finite, normal number.
func binaryLogarithm(_ value: Double) -> Double {
    naturalLogarithm(value) * 1.4426950408889634
}
