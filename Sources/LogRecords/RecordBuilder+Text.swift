/// Plain text: a time and a level where they can be found, the rest is the message.
///
/// Every line parses: one without a time (the lines of a stack trace, a banner) is all message.
extension RecordBuilder {
    /// The keys of every plain-text record, in order.
    static let textKeys = ["timestamp", "level", "host", "process", "pid", "logger", "message"]

    mutating func parseText(from start: Int, _ carry: inout YearCarry) {
        var header = TextHeader(start: start)
        readHeader(&header, from: start, &carry)
        level = level ?? header.levelValue
        var stop = end
        while stop > header.message, text[stop - 1] <= 0x20 { stop -= 1 }
        let message = min(header.message, stop)..<stop
        self.message = message
        append(tableKey: 0, header.timestamp, header.timestamp.isEmpty ? .null : .string)
        append(tableKey: 1, header.level, header.level.isEmpty ? .null : .string)
        append(tableKey: 2, header.host, header.host.isEmpty ? .null : .string)
        append(tableKey: 3, header.process, header.process.isEmpty ? .null : .string)
        append(tableKey: 4, cell: header.pid)
        append(tableKey: 5, header.logger, header.logger.isEmpty ? .null : .string)
        append(tableKey: 6, message, message.isEmpty ? .null : .string)
    }

    private mutating func readHeader(_ header: inout TextHeader, from start: Int, _ carry: inout YearCarry) {
        var index = text.skipBlanks(from: start, to: end)
        header.message = index
        if text[index] == UInt8(ascii: "<"), let (priority, next) = syslogPriority(at: index) {
            level = LogLevel(syslogSeverity: priority & 7)
            index = next
            header.message = index
            if text[index] == UInt8(ascii: "1"), text[index + 1] == 0x20 {
                readSyslogVersion1(&header, from: index + 2)
                return
            }
        }
        if readGlog(&header, from: index, &carry) { return }
        guard let (stamp, time) = findTime(from: index) else {
            readLevelAtStart(&header, from: index)
            return
        }
        timestamp = time.nanoseconds(&carry)
        header.timestamp = stamp..<time.end
        var behind = time
        if time.epoch != nil, let (_, second) = findTime(from: time.end), second.epoch == nil {
            // BGL and Thunderbird: seconds since 1970, then the same time in words.
            behind = second
        }
        let first = text[stamp]
        if first.isLetter, behind.end == time.end, time.year == 0 {
            readSyslog(&header, from: time.end, needsColon: false)
        } else if behind.end != time.end, behind.year == 0 {
            readSyslog(&header, from: behind.end, needsColon: false)
        } else if !readSyslog(&header, from: behind.end, needsColon: true) {
            readLevelAndLogger(&header, from: behind.end)
        }
    }

    /// `<34>`: facility and severity.
    private func syslogPriority(at start: Int) -> (Int, next: Int)? {
        var index = start + 1
        var value = 0
        while text[index].isDigit, index - start <= 3 {
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        guard index > start + 1, text[index] == UInt8(ascii: ">"), value <= 191 else { return nil }
        return (value, index + 1)
    }

    /// RFC 5424: `TIMESTAMP HOST APP PROCID MSGID [data] message`.
    private mutating func readSyslogVersion1(_ header: inout TextHeader, from start: Int) {
        var cells: [5 of Range<Int>] = .init(repeating: start..<start)
        var index = start
        for cell in 0..<5 {
            let stop = text.firstIndex(of: 0x20, from: index, to: end)
            cells[cell] = index..<stop
            index = min(stop + 1, end)
        }
        if let time = CalendarTime.scan(text, at: start) { timestamp = time.nanoseconds }
        header.timestamp = present(cells[0])
        header.host = present(cells[1])
        header.process = present(cells[2])
        header.pid = cells[3]
        header.logger = present(cells[4])
        if text[index] == UInt8(ascii: "-") {
            index += 1
        } else {
            while text[index] == UInt8(ascii: "[") { index = endOfStructuredData(from: index) }
        }
        index = text.skipBlanks(from: min(index, end), to: end)
        // A byte order mark says that the message is UTF-8.
        if text[index] == 0xef, text[index + 1] == 0xbb, text[index + 2] == 0xbf { index += 3 }
        header.message = index
    }

    private func present(_ cell: Range<Int>) -> Range<Int> {
        cell.count == 1 && text[cell.lowerBound] == UInt8(ascii: "-")
            ? cell.lowerBound..<cell.lowerBound : cell
    }

    private func endOfStructuredData(from start: Int) -> Int {
        var index = start
        var isQuoted = false
        while index < end {
            let byte = text[index]
            if byte == UInt8(ascii: "\\") {
                index += 1
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: "]"), !isQuoted {
                return index + 1
            }
            index += 1
        }
        return end
    }

    /// glog and klog: `W0611 12:13:14.151617   4242 counter.cc:18] message`.
    private mutating func readGlog(
        _ header: inout TextHeader,
        from start: Int,
        _ carry: inout YearCarry
    ) -> Bool {
        guard let severity = TextHeader.level(ofLetter: text[start]) else { return false }
        for offset in 1...4 where !text[start + offset].isDigit { return false }
        var scanner = TimeScanner(text: text, index: start + 1, limit: end)
        scanner.time.month = scanner.digits(2)
        scanner.time.day = scanner.digits(2)
        guard text[scanner.index] == 0x20 else { return false }
        scanner.index += 1
        guard scanner.clock(), scanner.fraction(colon: false), scanner.time.isValid else { return false }
        timestamp = scanner.time.nanoseconds(&carry)
        level = severity
        header.level = start..<(start + 1)
        header.timestamp = (start + 1)..<scanner.index
        var index = text.skipBlanks(from: scanner.index, to: end)
        let pidStart = index
        while text[index].isDigit { index += 1 }
        header.pid = pidStart..<index
        index = text.skipBlanks(from: index, to: end)
        let bracket = text.firstIndex(of: UInt8(ascii: "]"), from: index, to: end)
        if bracket < end {
            header.logger = index..<bracket
            index = text.skipBlanks(from: bracket + 1, to: end)
        }
        header.message = index
        return true
    }
}
