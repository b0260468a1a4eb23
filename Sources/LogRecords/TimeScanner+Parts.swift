/// The parts of a time.
extension TimeScanner {
    /// The next `count` bytes as a number; the caller knows that they are digits.
    @inline(__always)
    mutating func digits(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            value = value &* 10 &+ Int(text[index] &- 0x30)
            index &+= 1
        }
        return value
    }

    /// One or two digits as a number, or nil if there are none or more.
    @inline(__always)
    mutating func number() -> Int? {
        guard text[index].isDigit else { return nil }
        var value = Int(text[index] &- 0x30)
        index &+= 1
        guard text[index].isDigit else { return value }
        value = value &* 10 &+ Int(text[index] &- 0x30)
        index &+= 1
        return text[index].isDigit ? nil : value
    }

    /// `04:05:06`, `04.05.06`; a time without seconds is none.
    @inline(__always)
    mutating func clock() -> Bool {
        guard let hour = number() else { return false }
        let separator = text[index]
        guard separator == UInt8(ascii: ":") || separator == UInt8(ascii: ".") else { return false }
        index &+= 1
        guard let minute = number(), text[index] == separator else { return false }
        index &+= 1
        guard let second = number() else { return false }
        time.hour = hour
        time.minute = minute
        time.second = second
        return true
    }

    /// `.789`, `,789`, with `colon` also `:789`; digits beyond the ninth are read and dropped.
    @inline(__always)
    mutating func fraction(colon: Bool) -> Bool {
        let mark = text[index]
        guard mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") || (colon && mark == UInt8(ascii: ":")),
            text[index &+ 1].isDigit, index < limit
        else { return true }
        index &+= 1
        var scale = 100_000_000
        while text[index].isDigit {
            time.nanosecond = time.nanosecond &+ Int(text[index] &- 0x30) &* scale
            scale = scale / 10
            index &+= 1
        }
        return true
    }

    /// `Z`, `+01:00`, `-0700`, ` +0000`, ` UTC`; nothing is read where no zone follows.
    @inline(__always)
    mutating func zone() -> Bool {
        guard index < limit else { return true }
        let hasBlank = text[index] == 0x20
        let mark = hasBlank ? text[index &+ 1] : text[index]
        if mark == UInt8(ascii: "+") || mark == UInt8(ascii: "-") {
            numericZone(at: hasBlank ? index &+ 2 : index &+ 1, sign: mark == UInt8(ascii: "+") ? 1 : -1)
        } else if !hasBlank, mark | 0x20 == UInt8(ascii: "z"), !text[index &+ 1].isWordByte {
            index &+= 1
        } else if hasBlank, mark.isUppercase {
            _ = zoneName()
        }
        return true
    }

    /// `0100`, `01:00` or `01` behind the sign.
    @inline(__always)
    private mutating func numericZone(at start: Int, sign: Int) {
        guard text[start].isDigit, text[start &+ 1].isDigit else { return }
        let hours = Int(text[start] &- 0x30) &* 10 &+ Int(text[start &+ 1] &- 0x30)
        var next = start &+ 2
        var minutes = 0
        let colon = text[next] == UInt8(ascii: ":") ? 1 : 0
        if text[next &+ colon].isDigit, text[next &+ colon &+ 1].isDigit {
            minutes =
                Int(text[next &+ colon] &- 0x30) &* 10 &+ Int(text[next &+ colon &+ 1] &- 0x30)
            next &+= colon &+ 2
        }
        guard !text[next].isDigit, hours <= 18, minutes <= 59 else { return }
        time.offset = sign &* (hours &* 3600 &+ minutes &* 60)
        index = next
    }

    /// Reads a blank and one of the zone names whose offset is beyond doubt.
    mutating func zoneName() -> Bool {
        guard text[index] == 0x20 else { return false }
        var run = 0
        while run < 5, text[index &+ 1 &+ run].isUppercase { run &+= 1 }
        guard run == 3 || run == 4, !text[index &+ 1 &+ run].isWordByte,
            let hours = Self.hours(ofZone: text.halfWord(at: index &+ 1), run)
        else { return false }
        time.offset = hours &* 3600
        index &+= run &+ 1
        return true
    }

    private static func hours(ofZone word: UInt32, _ count: Int) -> Int? {
        switch count == 3 ? word & 0xff_ffff : word {
        case code("UTC"), code("GMT"), code("WET"): 0
        case code("CET"), code("WEST"): 1
        case code("CEST"), code("EET"): 2
        case code("EEST"), code("MSK"): 3
        case code("JST"), code("KST"): 9
        case code("EST"), code("CDT"): -5
        case code("EDT"): -4
        case code("CST"), code("MDT"): -6
        case code("MST"), code("PDT"): -7
        case code("PST"): -8
        default: nil
        }
    }

    mutating func monthName() -> Bool {
        let word = (text.halfWord(at: index) | 0x0020_2020) & 0xff_ffff
        let month: Int
        switch word {
        case Self.code("jan"): month = 1
        case Self.code("feb"): month = 2
        case Self.code("mar"): month = 3
        case Self.code("apr"): month = 4
        case Self.code("may"): month = 5
        case Self.code("jun"): month = 6
        case Self.code("jul"): month = 7
        case Self.code("aug"): month = 8
        case Self.code("sep"): month = 9
        case Self.code("oct"): month = 10
        case Self.code("nov"): month = 11
        case Self.code("dec"): month = 12
        default: return false
        }
        time.month = month
        index &+= 3
        return true
    }

    func isWeekday() -> Bool {
        switch (text.halfWord(at: index) | 0x0020_2020) & 0xff_ffff {
        case Self.code("mon"), Self.code("tue"), Self.code("wed"), Self.code("thu"), Self.code("fri"),
            Self.code("sat"), Self.code("sun"):
            true
        default: false
        }
    }

    /// Up to four bytes of `text`, the first one lowest.
    @inline(__always)
    private static func code(_ text: StaticString) -> UInt32 {
        var code: UInt32 = 0
        for index in 0..<min(text.utf8CodeUnitCount, 4) {
            code |= UInt32(text.utf8Start[index]) &<< UInt32(index &* 8)
        }
        return code
    }
}
