/// Finding the time, level, process and logger of a plain-text line.
extension RecordBuilder {
    /// How far from the line's start a time is looked for: bare, and behind an opening bracket.
    private static let bareReach = 64
    private static let bracketReach = 160
    /// How far behind the time a level is looked for, in bytes and in words.
    private static let levelReach = 160
    private static let levelWords = 6

    /// The first time that begins a word near `start`.
    func findTime(from start: Int) -> (start: Int, CalendarTime)? {
        let stop = min(start + Self.bracketReach, end)
        var index = start
        var before: UInt8 = 0x20
        while index < stop {
            let byte = text[index]
            if isBoundary(before), byte.isDigit || byte.isUppercase,
                index < start + Self.bareReach || before == UInt8(ascii: "["),
                let time = CalendarTime.scan(text, at: index)
            {
                return (index, time)
            }
            before = byte
            index += 1
        }
        return nil
    }

    @inline(__always)
    private func isBoundary(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "(") || byte == 0x09
            || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ">")
    }

    /// `host process[pid]: message`; with `needsColon` only if it is exactly that.
    @discardableResult
    func readSyslog(_ header: inout TextHeader, from start: Int, needsColon: Bool) -> Bool {
        guard text[start] == 0x20 else { return false }
        let hostStart = text.skipBlanks(from: start, to: end)
        let hostEnd = text.firstIndex(of: 0x20, from: hostStart, to: end)
        var index = hostEnd + 1
        while index < end, text[index] != UInt8(ascii: ":"), text[index] != UInt8(ascii: "["),
            text[index] > 0x20
        {
            index += 1
        }
        let process = min(hostEnd + 1, end)..<min(index, end)
        var pid = process.upperBound..<process.upperBound
        if index < end, text[index] == UInt8(ascii: "[") {
            let close = text.firstIndex(of: UInt8(ascii: "]"), from: index, to: end)
            pid = (index + 1)..<max(close, index + 1)
            index = min(close + 1, end)
        }
        let hasColon = index < end && text[index] == UInt8(ascii: ":")
        if needsColon {
            guard hasColon, !pid.isEmpty, !process.isEmpty, text[process.lowerBound].isLetter,
                text[hostStart].isWordByte
            else { return false }
        }
        header.host = hostStart..<hostEnd
        if hasColon || !pid.isEmpty {
            header.process = process
            header.pid = pid.isEmpty || !text[pid.lowerBound].isDigit ? header.pid : pid
            header.message = text.skipBlanks(from: hasColon ? index + 1 : index, to: end)
        } else {
            header.message = text.skipBlanks(from: min(hostEnd, end), to: end)
        }
        return true
    }

    /// `WARNING: …` or `[error] …` at the very start of a line without a time.
    func readLevelAtStart(_ header: inout TextHeader, from start: Int) {
        var index = start
        let word = nextWord(from: &index, stop: min(start + 16, end))
        guard let level = levelOf(word, isEmphatic: word.isMarked) else { return }
        header.level = word.range
        header.levelValue = level
    }

    /// The level among the first words behind the time, the process id, and the logger behind it.
    func readLevelAndLogger(_ header: inout TextHeader, from start: Int) {
        var index = start
        if text[index] == UInt8(ascii: "]") || text[index] == UInt8(ascii: ")") { index += 1 }
        index = skipSeparators(from: index)
        header.message = index
        let stop = min(index + Self.levelReach, end)
        var pid = header.pid
        for _ in 0..<Self.levelWords {
            let word = nextWord(from: &index, stop: stop)
            guard !word.range.isEmpty else { return }
            if let level = levelOf(word, isEmphatic: word.isMarked || isUppercase(word.range)) {
                header.levelValue = level
                header.level = word.range
                header.pid = pid
                readLogger(&header, from: skipSeparators(from: index))
                return
            }
            if !pid.isEmpty, word.range.count == 1,
                let level = TextHeader.level(ofLetter: text[word.range.lowerBound])
            {
                header.levelValue = level
                header.level = word.range
                header.pid = pid
                readLogger(&header, from: skipSeparators(from: index))
                return
            }
            if pid.isEmpty, isNumber(word.range) { pid = word.range }
        }
    }

    /// Behind the level: `[thread] logger: message`, `logger: message`, `logger - message`.
    private func readLogger(_ header: inout TextHeader, from start: Int) {
        header.message = start
        var index = start
        if text[index] == UInt8(ascii: "[") {
            let thread = nextWord(from: &index, stop: min(start + Self.levelReach, end))
            guard thread.isBracketed, text[index] == 0x20 else { return }
            let behind = skipSeparators(from: index)
            if text[behind - 2] == UInt8(ascii: "-") {
                // Log4j's `INFO  [thread] - message`.
                header.message = behind
                return
            }
            index = behind
        }
        let word = nextWord(from: &index, stop: min(index + Self.levelReach, end))
        let isName = !word.range.isEmpty && !word.isBracketed && text[word.range.lowerBound].isLetter
        let isDotted = isName && word.range.contains { text[$0] == UInt8(ascii: ".") }
        let isFollowed =
            text[index] == 0x20
            && (text[index + 1] == UInt8(ascii: "-") || text[index + 1] == UInt8(ascii: "["))
        if isName, word.endsInColon || (isDotted && isFollowed) {
            header.logger = word.range
            header.message = skipSeparators(from: index)
        }
    }

    /// A run of bytes up to a blank, or a bracketed group; without a trailing colon or comma.
    private struct Word {
        var range: Range<Int>
        var isBracketed = false
        var endsInColon = false
        /// Whether it stands in brackets or before a colon, as levels in lower case do.
        var isMarked: Bool { isBracketed || endsInColon }
    }

    private func nextWord(from index: inout Int, stop: Int) -> Word {
        index = skipSeparators(from: index)
        let start = index
        guard start < stop else { return Word(range: start..<start) }
        let open = text[start]
        if open == UInt8(ascii: "[") || open == UInt8(ascii: "(") || open == UInt8(ascii: "<") {
            let close: UInt8 =
                open == UInt8(ascii: "[")
                ? UInt8(ascii: "]") : open == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: ">")
            var depth = 0
            while index < stop {
                if text[index] == open { depth += 1 }
                if text[index] == close { depth -= 1 }
                index += 1
                if depth == 0 { return Word(range: (start + 1)..<(index - 1), isBracketed: true) }
            }
            return Word(range: (start + 1)..<max(index, start + 1))
        }
        while index < stop, text[index] > 0x20, text[index] != UInt8(ascii: "|") { index += 1 }
        var last = index
        var endsInColon = index < stop && text[index] == UInt8(ascii: "|")
        while last > start, text[last - 1] == UInt8(ascii: ":") || text[last - 1] == UInt8(ascii: ",") {
            endsInColon = endsInColon || text[last - 1] == UInt8(ascii: ":")
            last -= 1
        }
        return Word(range: start..<last, endsInColon: endsInColon)
    }

    private func skipSeparators(from start: Int) -> Int {
        var index = start
        while index < end {
            let byte = text[index]
            let isDash = byte == UInt8(ascii: "-") && (text[index + 1] == 0x20 || index + 1 >= end)
            guard
                byte <= 0x20 || byte == UInt8(ascii: "|") || byte == UInt8(ascii: ":")
                    || byte == UInt8(ascii: ",") || isDash
            else { break }
            index += 1
        }
        return index
    }

    private func levelOf(_ word: Word, isEmphatic: Bool) -> LogLevel? {
        var range = word.range
        if word.endsInColon, let dot = range.last(where: { text[$0] == UInt8(ascii: ".") }) {
            // Laravel: `production.ERROR: …`.
            range = (dot + 1)..<range.upperBound
            guard isUppercase(range) else { return nil }
        }
        guard let level = LogLevel(word: range, in: text) else { return nil }
        return isEmphatic || text[range.lowerBound].isUppercase ? level : nil
    }

    private func isUppercase(_ range: Range<Int>) -> Bool {
        !range.isEmpty && range.allSatisfy { text[$0].isUppercase }
    }

    private func isNumber(_ range: Range<Int>) -> Bool {
        !range.isEmpty && range.allSatisfy { text[$0].isDigit }
    }
}
