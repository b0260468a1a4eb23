extension RecordBuilder {
    /// Reads the cells of one line against the layout's columns. Too few cells are an error, and so are
    /// too many, except that blank-separated logs may append new fields and old ones may lack some.
    mutating func parseDelimited(
        from start: Int,
        _ dialect: DelimitedLayout.Dialect,
        _ columns: [Column],
        separator: UInt8
    ) throws(LogParseError) {
        var index = start
        var column = 0
        var key = 0
        while true {
            var isEscaped = false
            let cell: Range<Int>
            if dialect == .tokens {
                index = text.skipBlanks(from: index, to: end)
                guard index < end else { break }
                cell = try token(from: index, next: &index, isEscaped: &isEscaped)
            } else if text[index] == UInt8(ascii: "\""), dialect != .zeek {
                cell = try quotedCell(from: index, separator, next: &index, isEscaped: &isEscaped)
            } else if dialect == .w3c {
                // CloudFront separates by tabs what IIS separates by blanks.
                let stop = text.firstIndex(of: separator, or: 0x09, from: index, to: end)
                cell = index..<stop
                index = stop
            } else {
                let stop = text.firstIndex(of: separator, from: index, to: end)
                cell = index..<stop
                index = stop
            }
            guard column < columns.count else {
                if dialect == .tokens { return }
                throw LogParseError(.wrongColumnCount, at: cell.lowerBound)
            }
            if dialect == .tokens, columns[column].isRequest {
                appendRequest(cell, firstKey: key, isEscaped: isEscaped)
                key += Self.requestKeys.count
            } else {
                append(cell, columns[column], key: key, isEscaped: isEscaped)
                key += 1
            }
            column += 1
            if dialect == .tokens { continue }
            guard index < end else { break }
            index += 1
        }
        if column < columns.count {
            guard dialect == .tokens, column >= 4 else { throw LogParseError(.wrongColumnCount, at: end) }
            for rest in columns[column...] {
                for _ in 0..<(rest.isRequest ? Self.requestKeys.count : 1) {
                    append(tableKey: key, end..<end, .null)
                    key += 1
                }
            }
        }
    }

    @inline(__always)
    private mutating func append(
        _ cell: Range<Int>,
        _ column: Column,
        key: Int,
        isEscaped: Bool
    ) {
        let position = count
        if cell.count == 7, text.hasPrefix("(empty)", at: cell.lowerBound) {
            append(tableKey: key, cell, .null)
        } else {
            append(tableKey: key, cell: cell, isEscaped: isEscaped)
        }
        if column.divisor != 1, position < count, fields[position].kind == .number {
            fields[position].number /= column.divisor
        }
    }

    /// `GET https://example.com:443/path HTTP/2.0`, of which a URL's host is left out.
    private mutating func appendRequest(_ cell: Range<Int>, firstKey: Int, isEscaped: Bool) {
        let blank = text.firstIndex(of: 0x20, from: cell.lowerBound, to: cell.upperBound)
        var last = cell.upperBound - 1
        while last > blank, text[last] != 0x20 { last -= 1 }
        guard blank < cell.upperBound, last > blank else {
            append(tableKey: firstKey, cell.lowerBound..<cell.lowerBound, .null)
            append(tableKey: firstKey + 1, cell: cell, isEscaped: isEscaped)
            append(tableKey: firstKey + 2, cell.upperBound..<cell.upperBound, .null)
            return
        }
        var path = blank + 1
        if text.hasPrefix("http", at: path) {
            let slashes = text.firstIndex(of: UInt8(ascii: "/"), from: path, to: last) + 2
            path = min(text.firstIndex(of: UInt8(ascii: "/"), from: slashes, to: last), last)
        }
        append(tableKey: firstKey, cell: cell.lowerBound..<blank)
        append(tableKey: firstKey + 1, cell: path..<last, isEscaped: isEscaped)
        append(tableKey: firstKey + 2, cell: (last + 1)..<cell.upperBound)
    }

    /// A cell in quotes, in which a doubled quote stands for one; `next` is the separator behind it.
    private func quotedCell(
        from start: Int,
        _ separator: UInt8,
        next: inout Int,
        isEscaped: inout Bool
    ) throws(LogParseError) -> Range<Int> {
        var index = start + 1
        while true {
            index = text.firstIndex(of: UInt8(ascii: "\""), from: index, to: end)
            guard index < end else { throw LogParseError(.unterminatedString, at: start) }
            guard text[index + 1] == UInt8(ascii: "\"") else { break }
            index += 2
        }
        next = index + 1
        guard next >= end || text[next] == separator else { throw LogParseError(.unexpectedByte, at: next) }
        return (start + 1)..<index
    }

    /// A quoted, bracketed or bare token; `next` is the position behind it.
    @inline(__always)
    func token(
        from start: Int,
        next: inout Int,
        isEscaped: inout Bool
    ) throws(LogParseError) -> Range<Int> {
        switch text[start] {
        case UInt8(ascii: "\""):
            let close = try endOfString(from: start + 1, isEscaped: &isEscaped)
            next = close + 1
            return (start + 1)..<close
        case UInt8(ascii: "["):
            let close = text.firstIndex(of: UInt8(ascii: "]"), from: start, to: end)
            guard close < end else { throw LogParseError(.unexpectedEnd, at: end) }
            next = close + 1
            return (start + 1)..<close
        default:
            next = text.firstIndex(of: 0x20, from: start, to: end)
            return start..<next
        }
    }
}
