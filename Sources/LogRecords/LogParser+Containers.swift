/// Taking off what a container runtime put around a line.
extension LogParser {
    /// Where the inner line begins in the record's text, and the time that the runtime stated.
    struct Unwrapped {
        var start = 0
        var time: Int64?
        var level: LogLevel?
    }

    func unwrap(
        _ record: inout ParsedRecord,
        _ carry: inout YearCarry
    ) throws(LogParseError) -> Unwrapped {
        switch format.container {
        case .none:
            return Unwrapped()
        case .header:
            return Self.unwrapHeader(&record, &carry)
        case .cri:
            return try record.withPaddedText { text throws(LogParseError) in try Self.unwrapCRI(text) }
        case .docker:
            return try Self.unwrapDocker(&record)
        case .dockerCompose:
            record.removeEscapeSequences()
            return try record.withPaddedText { text throws(LogParseError) in try Self.unwrapCompose(text) }
        }
    }

    /// Whatever plain text would have before its message.
    private static func unwrapHeader(_ record: inout ParsedRecord, _ carry: inout YearCarry) -> Unwrapped {
        record.build { builder in builder.parseText(from: 0, &carry) }
        let unwrapped = Unwrapped(
            start: record.message?.lowerBound ?? 0,
            time: record.timestamp,
            level: record.level
        )
        record.clear()
        return unwrapped
    }

    /// `2024-02-03T04:05:06.789012345Z stdout F …`; also a partial line (`P`) is read as it is.
    private static func unwrapCRI(_ text: PaddedBytes) throws(LogParseError) -> Unwrapped {
        guard let time = CalendarTime.scan(text, at: 0), text[time.end] == 0x20 else {
            throw LogParseError(.malformedContainer, at: 0)
        }
        var index = time.end + 1
        guard text.hasPrefix("stdout ", at: index) || text.hasPrefix("stderr ", at: index) else {
            throw LogParseError(.malformedContainer, at: index)
        }
        index += 7
        // The tag, then perhaps more tags behind colons, then a blank.
        guard text[index] == UInt8(ascii: "F") || text[index] == UInt8(ascii: "P") else {
            throw LogParseError(.malformedContainer, at: index)
        }
        index = text.firstIndex(of: 0x20, from: index, to: text.count)
        return Unwrapped(start: min(index + 1, text.count), time: time.nanoseconds)
    }

    /// `web-1  | …` and, with `--timestamps`, a time in front.
    private static func unwrapCompose(_ text: PaddedBytes) throws(LogParseError) -> Unwrapped {
        let bar = text.firstIndex(of: UInt8(ascii: "|"), from: 0, to: text.count)
        guard bar < text.count, bar > 0, isComposeName(text, to: bar) else {
            throw LogParseError(.malformedContainer, at: min(bar, text.count))
        }
        var unwrapped = Unwrapped(start: bar + 1)
        if text[unwrapped.start] == 0x20 { unwrapped.start += 1 }
        // Docker's own times have nine digits and `Z`; others belong to the line.
        if let time = CalendarTime.scan(text, at: unwrapped.start), text[time.end] == 0x20,
            time.end - unwrapped.start >= 30, text[time.end - 1] == UInt8(ascii: "Z")
        {
            unwrapped.start = time.end + 1
            unwrapped.time = time.nanoseconds
        }
        return unwrapped
    }

    /// A service's name, then blanks.
    private static func isComposeName(_ text: PaddedBytes, to bar: Int) -> Bool {
        var index = 0
        while index < bar,
            text[index].isWordByte || text[index] == 0x2d || text[index] == 0x5f || text[index] == 0x2e
        {
            index += 1
        }
        return index > 0 && text.skipBlanks(from: index, to: bar) == bar
    }

    /// Replaces the wrapper in the record's text by the line within, its escapes decoded.
    private static func unwrapDocker(_ record: inout ParsedRecord) throws(LogParseError) -> Unwrapped {
        try record.build { builder throws(LogParseError) in try builder.parseJSON(from: 0) }
        var log: Field?
        var time: Int64?
        for position in 0..<record.fieldCount where record[field: position].parent == nil {
            let field = record[field: position]
            switch record.key(at: position) {
            case "log" where field.kind == .string: log = field
            case "time" where field.kind == .string:
                time = record.withPaddedText {
                    CalendarTime.scan($0, at: field.range.lowerBound)?.nanoseconds
                }
            default: break
            }
        }
        guard let log else { throw LogParseError(.malformedContainer, at: 0) }
        record.replaceText(with: log.range, isEscaped: log.isEscaped)
        record.clear()
        return Unwrapped(start: 0, time: time)
    }
}

extension ParsedRecord {
    /// Moves a part of the text to its front, decoded, and drops the rest and a trailing line end.
    mutating func replaceText(with range: Range<Int>, isEscaped: Bool) {
        let length = textCount
        textCount = storage.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            let text = PaddedBytes(base: UnsafePointer(base), count: length)
            var count = Escapes.decode(text, range, toFrontOf: base)
            while count > 0, base[count - 1] == 0x0a || base[count - 1] == 0x0d { count -= 1 }
            (base + count).update(repeating: 0, count: PaddedBytes.padding)
            return count
        }
    }

    /// Drops terminal control sequences (`ESC [ … letter`), which colour and erase.
    mutating func removeEscapeSequences() {
        let length = textCount
        textCount = storage.withUnsafeMutableBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            let text = PaddedBytes(base: UnsafePointer(base), count: length)
            var source = text.firstIndex(of: 0x1b, from: 0, to: length)
            guard source < length else { return length }
            var count = source
            while source < length {
                if base[source] == 0x1b, base[source + 1] == UInt8(ascii: "[") {
                    source += 2
                    while source < length, base[source] < 0x40 { source += 1 }
                    source += 1
                } else {
                    base[count] = base[source]
                    count += 1
                    source += 1
                }
            }
            (base + count).update(repeating: 0, count: PaddedBytes.padding)
            return count
        }
    }
}
