extension LogLevel {
    /// The level that `text[range]` spells, in any case: `WARN`, `Warning`, `err`, `SEVERE`, `LOG`.
    init?(word range: Range<Int>, in text: PaddedBytes) {
        guard range.count >= 3, range.count <= 11 else { return nil }
        // Up to eight letters, lower-cased; the two longer words are told apart by their beginning.
        let length = range.count
        let mask: UInt64 = length >= 8 ? .max : (1 &<< UInt64(length &* 8)) &- 1
        let word = (text.word(at: range.lowerBound) | PaddedBytes.repeated(0x20)) & mask
        guard let level = Self.level(ofWord: word, length: length) else { return nil }
        for index in range where !text[index].isLetter { return nil }
        self = level
    }

    private static func level(ofWord word: UInt64, length: Int) -> LogLevel? {
        switch (length, word) {
        case (3, Self.word("dbg")): .debug
        case (3, Self.word("err")): .error
        case (3, Self.word("log")): .info
        case (3, Self.word("inf")): .info
        case (3, Self.word("wrn")): .warning
        case (4, Self.word("info")): .info
        case (4, Self.word("warn")): .warning
        case (4, Self.word("crit")): .critical
        case (4, Self.word("fine")): .debug
        case (4, Self.word("hint")): .info
        case (5, Self.word("error")): .error
        case (5, Self.word("debug")): .debug
        case (5, Self.word("trace")): .trace
        case (5, Self.word("fatal")): .critical
        case (5, Self.word("alert")): .alert
        case (5, Self.word("emerg")): .emergency
        case (5, Self.word("panic")): .critical
        case (5, Self.word("finer")): .trace
        case (6, Self.word("notice")): .notice
        case (6, Self.word("severe")): .error
        case (6, Self.word("finest")): .trace
        case (6, Self.word("config")): .info
        case (7, Self.word("warning")): .warning
        case (7, Self.word("failure")): .error
        case (7, Self.word("verbose")): .trace
        case (8, Self.word("critical")): .critical
        case (9, Self.word("emergenc")): .emergency
        case (11, Self.word("informat")): .info
        default: nil
        }
    }

    /// The first eight bytes of `text`, the first one lowest.
    @inline(__always)
    private static func word(_ text: StaticString) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<min(text.utf8CodeUnitCount, 8) {
            word |= UInt64(text.utf8Start[index]) &<< UInt64(index &* 8)
        }
        return word
    }
}
