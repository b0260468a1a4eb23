/// The times that log files use, recognised by their form from the first byte on:
/// ISO 8601 and its relatives (`2024-02-03T04:05:06.789+0100`, `2024/02/03 04:05:06,789`,
/// `2024-02-03-04.05.06.789012`), `24/02/03 04:05:06`, `03/Feb/2024:04:05:06 +0000`,
/// `03 Feb 2024 04:05:06.789`, `02-03 04:05:06.789`, `240203 040506`, `20240203-04:05:06:789`,
/// `Feb  3 04:05:06`, `Sat Feb 03 04:05:06 2024`, `Sat, 03 Feb 2024 04:05:06 GMT`, and seconds,
/// milliseconds, microseconds or nanoseconds since 1970.
extension CalendarTime {
    /// - Parameter limit: where a field ends; neither a fraction nor a zone is looked for behind it.
    static func scan(_ text: PaddedBytes, at start: Int, limit: Int? = nil) -> CalendarTime? {
        var scanner = TimeScanner(text: text, index: start, limit: limit ?? text.count)
        let first = text[start]
        if first.isDigit {
            guard scanner.scanDigitsFirst() else { return nil }
        } else if first.isLetter {
            guard scanner.scanNameFirst() else { return nil }
        } else {
            return nil
        }
        guard scanner.index <= text.count, scanner.time.isValid || scanner.time.epoch != nil else {
            return nil
        }
        scanner.time.end = scanner.index
        return scanner.time
    }
}

/// Reads one time; each method that returns false has given up.
struct TimeScanner {
    let text: PaddedBytes
    var index: Int
    let limit: Int
    var time = CalendarTime()

    mutating func scanDigitsFirst() -> Bool {
        var run = 1
        while run < 20, text[index &+ run].isDigit { run &+= 1 }
        switch run {
        case 4: return scanYearFirst()
        case 1, 2: return scanShort(run)
        case 6: return scanSixDigits()
        case 8: return scanEightDigits()
        case 10, 13, 16, 19: return scanEpoch(run)
        default: return false
        }
    }

    /// `2024-02-03T04:05:06.789+01:00`, also with `/` or `.` in the date and `.` in the time.
    @inline(__always)
    private mutating func scanYearFirst() -> Bool {
        let separator = text[index &+ 4]
        guard
            separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/") || separator == UInt8(ascii: ".")
        else { return false }
        time.year = digits(4)
        index &+= 1
        guard let month = number(), text[index] == separator else { return false }
        index &+= 1
        guard let day = number() else { return false }
        time.month = month
        time.day = day
        switch text[index] {
        case UInt8(ascii: "T"), UInt8(ascii: "t"), 0x20, 0x09, UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: ":"):
            index &+= 1
        default:
            return false
        }
        return clock() && fraction(colon: false) && zone()
    }

    /// Two digits first: a day, a month or a short year.
    private mutating func scanShort(_ run: Int) -> Bool {
        let first = digits(run)
        let separator = text[index]
        index &+= 1
        if text[index].isLetter { return scanDayAndName(first, separator) }
        guard run == 2, let second = number() else { return false }
        if separator == UInt8(ascii: "/"), text[index] == separator {
            index &+= 1
            return scanSlashes(first, second)
        }
        guard separator == UInt8(ascii: "-") || separator == UInt8(ascii: "."), text[index] == 0x20 else {
            return false
        }
        time.month = first
        time.day = second
        index &+= 1
        return clock() && fraction(colon: false)
    }

    /// `24/02/03 04:05:06` (year first), `12/31/2024 10:00:00` (month first unless it cannot be).
    private mutating func scanSlashes(_ first: Int, _ second: Int) -> Bool {
        var run = 0
        while run < 5, text[index &+ run].isDigit { run &+= 1 }
        let third = digits(run)
        switch run {
        case 2:
            time.year = 2000 &+ first
            time.month = second
            time.day = third
        case 4:
            time.year = third
            time.month = first > 12 ? second : first
            time.day = first > 12 ? first : second
        default:
            return false
        }
        guard text[index] == 0x20 || text[index] == UInt8(ascii: "T") else { return false }
        index &+= 1
        return clock() && fraction(colon: false) && zone()
    }

    /// `03/Feb/2024:04:05:06 +0000`, `03 Feb 2024 04:05:06.789`, `02-Jan-2024 10:00:00.123`.
    @inline(__always)
    private mutating func scanDayAndName(_ day: Int, _ separator: UInt8) -> Bool {
        guard separator == UInt8(ascii: "/") || separator == 0x20 || separator == UInt8(ascii: "-") else {
            return false
        }
        time.day = day
        guard monthName(), text[index] == separator else { return false }
        index &+= 1
        guard text[index].isDigit, text[index &+ 1].isDigit, text[index &+ 2].isDigit,
            text[index &+ 3].isDigit
        else { return false }
        time.year = digits(4)
        guard text[index] == UInt8(ascii: ":") || text[index] == 0x20 else { return false }
        index &+= 1
        return clock() && fraction(colon: false) && zone()
    }

    /// `240203 040506` and `240203 04:05:06`.
    private mutating func scanSixDigits() -> Bool {
        time.year = 2000 &+ digits(2)
        time.month = digits(2)
        time.day = digits(2)
        guard text[index] == 0x20 else { return false }
        while text[index] == 0x20 { index &+= 1 }
        var run = 0
        while run < 7, text[index &+ run].isDigit { run &+= 1 }
        if run == 6 {
            compactClock()
            return true
        }
        return clock()
    }

    /// `20240203-04:05:06:789`, `20240102T030405Z`.
    private mutating func scanEightDigits() -> Bool {
        time.year = digits(4)
        time.month = digits(2)
        time.day = digits(2)
        switch text[index] {
        case UInt8(ascii: "-"), 0x20, UInt8(ascii: "T"), UInt8(ascii: "_"): index &+= 1
        default: return false
        }
        var run = 0
        while run < 7, text[index &+ run].isDigit { run &+= 1 }
        if run == 6 {
            compactClock()
            return fraction(colon: false) && zone()
        }
        return clock() && fraction(colon: true) && zone()
    }

    private mutating func compactClock() {
        time.hour = digits(2)
        time.minute = digits(2)
        time.second = digits(2)
    }

    private mutating func scanEpoch(_ run: Int) -> Bool {
        let start = index
        var stop = index &+ run
        if text[stop] == UInt8(ascii: "."), text[stop &+ 1].isDigit {
            stop &+= 1
            while text[stop].isDigit { stop &+= 1 }
        }
        guard !text[stop].isWordByte, text[stop] != UInt8(ascii: ".") || !text[stop &+ 1].isWordByte,
            let epoch = EpochTime.nanoseconds(text, start..<stop)
        else { return false }
        time.epoch = epoch
        index = stop
        return true
    }

    /// `Feb  3 04:05:06`, `Sat Feb 03 04:05:06.789 2024`, `Sat, 03 Feb 2024 04:05:06 GMT`.
    mutating func scanNameFirst() -> Bool {
        if isWeekday() {
            index &+= 3
            if text[index] == UInt8(ascii: ",") { index &+= 1 }
            guard text[index] == 0x20 else { return false }
            index &+= 1
            if text[index].isDigit {
                guard let day = number() else { return false }
                let separator = text[index]
                index &+= 1
                return scanDayAndName(day, separator)
            }
        }
        guard monthName(), text[index] == 0x20 else { return false }
        while text[index] == 0x20 { index &+= 1 }
        guard let day = number(), text[index] == 0x20 else { return false }
        time.day = day
        while text[index] == 0x20 { index &+= 1 }
        if let year = yearBehindBlank(at: index &- 1) {
            // Cisco's `Feb 3 2024 04:05:06`.
            time.year = year
            index &+= 4
            guard text[index] == 0x20 else { return false }
            index &+= 1
            return clock() && fraction(colon: false)
        }
        guard clock(), fraction(colon: false) else { return false }
        if let year = yearBehindBlank(at: index) {
            time.year = year
            index &+= 5
        } else if zoneName(), let year = yearBehindBlank(at: index) {
            time.year = year
            index &+= 5
        }
        return true
    }

    /// The four-digit year behind the blank at `position`, if that is what stands there.
    private func yearBehindBlank(at position: Int) -> Int? {
        guard text[position] == 0x20 else { return nil }
        var year = 0
        for offset in 1...4 {
            guard text[position &+ offset].isDigit else { return nil }
            year = year &* 10 &+ Int(text[position &+ offset] &- 0x30)
        }
        let next = text[position &+ 5]
        guard !next.isWordByte, next != UInt8(ascii: ":"), next != UInt8(ascii: "."),
            next != UInt8(ascii: "-"),
            year >= 1970, year <= 2261
        else { return nil }
        return year
    }
}
