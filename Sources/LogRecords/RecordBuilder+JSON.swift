/// JSON (RFC 8259), one object a line. Beyond the standard, `NaN`, `Infinity` and `-Infinity` are
/// taken as numbers without a usable value and control characters within strings are let pass, because
/// loggers write both.
extension RecordBuilder {
    mutating func parseJSON(from start: Int) throws(LogParseError) {
        var index = skipSpace(from: start)
        guard text[index] == UInt8(ascii: "{") else { throw LogParseError(.notAnObject, at: index) }
        index = try parseObject(from: index &+ 1, parent: -1, depth: 1)
        index = skipSpace(from: index)
        guard index >= end else { throw LogParseError(.unexpectedByte, at: index) }
    }

    @inline(__always)
    func skipSpace(from start: Int) -> Int {
        var index = start
        while index < end {
            let byte = text[index]
            guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { break }
            index &+= 1
        }
        return index
    }

    /// Reads the members behind `{`; returns the position behind `}`.
    private mutating func parseObject(
        from start: Int,
        parent: Int32,
        depth: Int
    ) throws(LogParseError) -> Int {
        guard depth <= LogParser.maximumDepth else { throw LogParseError(.nestedTooDeeply, at: start &- 1) }
        var index = skipSpace(from: start)
        if text[index] == UInt8(ascii: "}") { return index &+ 1 }
        while true {
            guard text[index] == UInt8(ascii: "\"") else { throw unexpected(at: index) }
            let keyStart = index &+ 1
            var isEscaped = false
            let keyEnd = try endOfString(from: keyStart, isEscaped: &isEscaped)
            index = skipSpace(from: keyEnd &+ 1)
            guard text[index] == UInt8(ascii: ":") else { throw unexpected(at: index) }
            index = skipSpace(from: index &+ 1)
            let field = Field(
                key: keyStart..<keyEnd,
                keyIsEscaped: isEscaped,
                value: 0..<0,
                kind: .null,
                parent: parent
            )
            index = skipSpace(from: try parseValue(from: index, field, depth: depth))
            if text[index] == UInt8(ascii: ",") {
                index = skipSpace(from: index &+ 1)
            } else if text[index] == UInt8(ascii: "}") {
                return index &+ 1
            } else {
                throw unexpected(at: index)
            }
        }
    }

    /// Reads the elements behind `[`; returns the position behind `]`.
    private mutating func parseArray(
        from start: Int,
        parent: Int32,
        depth: Int
    ) throws(LogParseError) -> Int {
        guard depth <= LogParser.maximumDepth else { throw LogParseError(.nestedTooDeeply, at: start &- 1) }
        var index = skipSpace(from: start)
        if text[index] == UInt8(ascii: "]") { return index &+ 1 }
        var element = 0
        while true {
            var field = Field(key: element..<element, value: 0..<0, kind: .null, parent: parent)
            field.keySource = .element
            index = skipSpace(from: try parseValue(from: index, field, depth: depth))
            element &+= 1
            if text[index] == UInt8(ascii: ",") {
                index = skipSpace(from: index &+ 1)
            } else if text[index] == UInt8(ascii: "]") {
                return index &+ 1
            } else {
                throw unexpected(at: index)
            }
        }
    }

    @inline(__always)
    private mutating func parseValue(
        from start: Int,
        _ prototype: Field,
        depth: Int
    ) throws(LogParseError) -> Int {
        var field = prototype
        field.valueStart = UInt32(truncatingIfNeeded: start)
        let stop: Int
        switch text[start] {
        case UInt8(ascii: "\""):
            field.kind = .string
            let close = try endOfString(from: start &+ 1, isEscaped: &field.isEscaped)
            field.valueStart &+= 1
            field.valueCount = UInt32(truncatingIfNeeded: close &- start &- 1)
            append(field)
            return close &+ 1
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return try parseContainer(from: start, field, depth: depth)
        case UInt8(ascii: "t") where text.hasPrefix("true", at: start):
            field.kind = .bool
            field.number = 1
            stop = start &+ 4
        case UInt8(ascii: "f") where text.hasPrefix("false", at: start):
            field.kind = .bool
            stop = start &+ 5
        case UInt8(ascii: "n") where text.hasPrefix("null", at: start):
            stop = start &+ 4
        default:
            field.kind = .number
            stop = try parseNumber(from: start, &field)
        }
        field.valueCount = UInt32(truncatingIfNeeded: stop &- start)
        append(field)
        return stop
    }

    private mutating func parseContainer(
        from start: Int,
        _ prototype: Field,
        depth: Int
    ) throws(LogParseError) -> Int {
        var field = prototype
        let isObject = text[start] == UInt8(ascii: "{")
        field.kind = isObject ? .object : .array
        let position = append(field)
        let stop =
            isObject
            ? try parseObject(from: start &+ 1, parent: position, depth: depth &+ 1)
            : try parseArray(from: start &+ 1, parent: position, depth: depth &+ 1)
        if position >= 0 {
            fields[Int(position)].valueCount = UInt32(truncatingIfNeeded: stop &- start)
        }
        return stop
    }

    @inline(__always)
    private func parseNumber(from start: Int, _ field: inout Field) throws(LogParseError) -> Int {
        let number = DecimalNumber.scan(text, from: start, to: end)
        guard number.end > start else { return try parseWordNumber(from: start, &field) }
        let first = text[start] == UInt8(ascii: "-") ? start &+ 1 : start
        if text[first] == UInt8(ascii: "0"), text[first &+ 1].isDigit {
            throw LogParseError(.malformedNumber, at: first)
        }
        field.number = number.value
        return number.end
    }

    /// `NaN`, `Infinity`, `-Infinity`.
    private func parseWordNumber(from start: Int, _ field: inout Field) throws(LogParseError) -> Int {
        if text.hasPrefix("NaN", at: start) {
            field.number = .nan
            return start &+ 3
        }
        if text.hasPrefix("Infinity", at: start) {
            field.number = .infinity
            return start &+ 8
        }
        if text.hasPrefix("-Infinity", at: start) {
            field.number = -.infinity
            return start &+ 9
        }
        throw unexpected(at: start)
    }

    /// The position of the quote that ends the string whose first byte is at `start`.
    @inline(__always)
    func endOfString(from start: Int, isEscaped: inout Bool) throws(LogParseError) -> Int {
        var index = start
        while true {
            index = text.firstIndex(of: UInt8(ascii: "\""), or: UInt8(ascii: "\\"), from: index, to: end)
            guard index < end else { throw LogParseError(.unterminatedString, at: start &- 1) }
            if text[index] == UInt8(ascii: "\"") { return index }
            isEscaped = true
            index &+= 2
        }
    }

    func unexpected(at index: Int) -> LogParseError {
        index >= end ? LogParseError(.unexpectedEnd, at: end) : LogParseError(.unexpectedByte, at: index)
    }
}
