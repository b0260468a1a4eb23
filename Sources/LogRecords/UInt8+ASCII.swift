extension UInt8 {
    @inline(__always)
    init(ascii scalar: Unicode.Scalar) { self = UInt8(truncatingIfNeeded: scalar.value) }

    /// `0` to `9`.
    @inline(__always)
    var isDigit: Bool { self &- 0x30 < 10 }

    /// `A` to `Z` and `a` to `z`.
    @inline(__always)
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inline(__always)
    var isUppercase: Bool { self &- 0x41 < 26 }

    /// A letter, a digit, or a byte of a character outside ASCII.
    @inline(__always)
    var isWordByte: Bool { isDigit || isLetter || self >= 0x80 }

    @inline(__always)
    var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }

    /// The value of a hexadecimal digit, or nil.
    var hexValue: UInt32? {
        if isDigit { return UInt32(self &- 0x30) }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? UInt32(letter) + 10 : nil
    }

    /// The lower-case form of an ASCII letter; any other byte as it is.
    @inline(__always)
    var lowercased: UInt8 { isUppercase ? self | 0x20 : self }
}
