/// Apache's and nginx's common and combined log formats, with named fields behind them.
extension RecordBuilder {
    /// Positions in ``AccessLayout/keys``.
    private enum Key {
        static let client = 0
        static let ident = 1
        static let user = 2
        static let timestamp = 3
        static let method = 4
        static let path = 5
        static let requestProtocol = 6
        static let status = 7
        static let bytes = 8
        static let referer = 9
        static let agent = 10
        static let firstExtra = 11
    }

    mutating func parseAccess(
        from start: Int,
        extras: [Column],
        hasVirtualHost: Bool
    ) throws(LogParseError) {
        var index = start
        var virtualHost = start..<start
        if hasVirtualHost {
            virtualHost = start..<(try endOfToken(from: start))
            index = virtualHost.upperBound &+ 1
        }
        let client = index..<(try endOfToken(from: index))
        let ident = (client.upperBound &+ 1)..<(try endOfToken(from: client.upperBound &+ 1))
        index = ident.upperBound &+ 1
        // A user's name may hold blanks; the time's bracket ends it.
        let bracket = text.firstIndex(of: UInt8(ascii: "["), from: index, to: end)
        guard bracket < end, bracket > index &+ 1, text[bracket &- 1] == 0x20 else {
            throw unexpected(at: bracket < end ? bracket : end)
        }
        append(tableKey: Key.client, client, .string)
        append(tableKey: Key.ident, name: ident)
        append(tableKey: Key.user, name: index..<(bracket &- 1))
        index = try parseAccessTime(from: bracket)
        guard text[index] == 0x20, text[index &+ 1] == UInt8(ascii: "\"") else { throw unexpected(at: index) }
        index = try parseRequest(from: index &+ 2)
        index = try parseCount(from: index, key: Key.status)
        index = try parseCount(from: index, key: Key.bytes)
        index = try parseQuoted(from: index, key: Key.referer)
        index = try parseQuoted(from: index, key: Key.agent)
        for (offset, extra) in extras.enumerated() {
            index = try parseExtra(from: index, extra, key: Key.firstExtra &+ offset)
        }
        if hasVirtualHost { append(tableKey: Key.firstExtra &+ extras.count, virtualHost, .string) }
    }

    @inline(__always)
    private func endOfToken(from start: Int) throws(LogParseError) -> Int {
        let stop = text.firstIndex(of: 0x20, from: start, to: end)
        guard stop < end, stop > start else { throw unexpected(at: stop) }
        return stop
    }

    @inline(__always)
    private mutating func append(tableKey key: Int, name: Range<Int>) {
        let isAbsent = name.isEmpty || (name.count == 1 && text[name.lowerBound] == UInt8(ascii: "-"))
        append(tableKey: key, name, isAbsent ? .null : .string)
    }

    /// Reads `[03/Feb/2024:04:05:06 +0000]`; returns the position behind it.
    @inline(__always)
    private mutating func parseAccessTime(from bracket: Int) throws(LogParseError) -> Int {
        let start = bracket &+ 1
        var stop = start &+ 26
        if text[stop] != UInt8(ascii: "]") {
            stop = text.firstIndex(of: UInt8(ascii: "]"), from: start, to: end)
        }
        guard stop < end else { throw LogParseError(.unexpectedEnd, at: end) }
        guard let time = CalendarTime.scan(text, at: start), time.end == stop else {
            throw LogParseError(.malformedTimestamp, at: start)
        }
        timestamp = time.nanoseconds
        append(tableKey: Key.timestamp, start..<stop, .string)
        return stop &+ 1
    }

    /// Reads `GET /path HTTP/1.1"`; a request that is not of this form is all path.
    @inline(__always)
    private mutating func parseRequest(from start: Int) throws(LogParseError) -> Int {
        var isEscaped = false
        let close = try endOfString(from: start, isEscaped: &isEscaped)
        let blank = text.firstIndex(of: 0x20, from: start, to: close)
        var last = close &- 9
        if last <= blank || text[last] != 0x20 {
            last = close &- 1
            while last > blank, text[last] != 0x20 { last &-= 1 }
        }
        if blank < close, blank > start, last > blank {
            append(tableKey: Key.method, start..<blank, .string)
            append(tableKey: Key.path, (blank &+ 1)..<last, .string, isEscaped: isEscaped)
            append(tableKey: Key.requestProtocol, (last &+ 1)..<close, .string)
        } else {
            append(tableKey: Key.method, start..<start, .null)
            let isAbsent = close == start || (close == start &+ 1 && text[start] == UInt8(ascii: "-"))
            append(tableKey: Key.path, start..<close, isAbsent ? .null : .string, isEscaped: isEscaped)
            append(tableKey: Key.requestProtocol, close..<close, .null)
        }
        return close &+ 1
    }

    /// Reads a blank and a number or `-`.
    @inline(__always)
    private mutating func parseCount(from start: Int, key: Int) throws(LogParseError) -> Int {
        guard text[start] == 0x20 else { throw unexpected(at: start) }
        let first = start &+ 1
        if text[first] == UInt8(ascii: "-"), first &+ 1 >= end || text[first &+ 1] == 0x20 {
            append(tableKey: key, first..<(first &+ 1), .null)
            return first &+ 1
        }
        let number = DecimalNumber.scan(text, from: first, to: end)
        guard number.end > first, number.isInteger, number.end >= end || text[number.end] == 0x20 else {
            throw LogParseError(number.end < end ? .malformedNumber : .unexpectedEnd, at: number.end)
        }
        append(tableKey: key, first..<number.end, .number, number: number.value)
        return number.end
    }

    /// Reads a blank and a quoted text if one follows; else the field is null.
    @inline(__always)
    private mutating func parseQuoted(from start: Int, key: Int) throws(LogParseError) -> Int {
        guard text[start] == 0x20, text[start &+ 1] == UInt8(ascii: "\"") else {
            append(tableKey: key, start..<start, .null)
            return start
        }
        var isEscaped = false
        let close = try endOfString(from: start &+ 2, isEscaped: &isEscaped)
        let value = (start &+ 2)..<close
        let isAbsent = value.isEmpty || (value.count == 1 && text[value.lowerBound] == UInt8(ascii: "-"))
        append(tableKey: key, value, isAbsent ? .null : .string, isEscaped: isEscaped)
        return close &+ 1
    }

    /// Reads a blank and one more field: quoted, bracketed or bare. Absent at the end of the line.
    @inline(__always)
    private mutating func parseExtra(
        from start: Int,
        _ extra: Column,
        key: Int
    ) throws(LogParseError) -> Int {
        let first = text.skipBlanks(from: start, to: end)
        guard first < end else {
            append(tableKey: key, end..<end, .null)
            return end
        }
        var value = first..<first
        var stop = first
        var isEscaped = false
        switch text[first] {
        case UInt8(ascii: "\""):
            let close = try endOfString(from: first &+ 1, isEscaped: &isEscaped)
            value = (first &+ 1)..<close
            stop = close &+ 1
        case UInt8(ascii: "["):
            let close = text.firstIndex(of: UInt8(ascii: "]"), from: first, to: end)
            guard close < end else { throw LogParseError(.unexpectedEnd, at: end) }
            value = (first &+ 1)..<close
            stop = close &+ 1
        default:
            stop = text.firstIndex(of: 0x20, from: first, to: end)
            value = first..<stop
        }
        let position = count
        append(tableKey: key, cell: value, isEscaped: isEscaped)
        if extra.divisor != 1, position < count { fields[position].number /= extra.divisor }
        return stop
    }
}
