/// logfmt: `key=value key="quoted \"value\"" flag`, as written by Go, Heroku and Grafana programs.
/// A duration such as `1.5ms` is a number in seconds.
extension RecordBuilder {
    mutating func parseLogfmt(from start: Int) throws(LogParseError) {
        var index = text.skipBlanks(from: start, to: end)
        var pairs = 0
        while index < end {
            let keyStart = index
            while index < end, text[index] > 0x20, text[index] != UInt8(ascii: "="), text[index] != 0x22 {
                index &+= 1
            }
            let key = keyStart..<index
            guard !key.isEmpty else { throw LogParseError(.unexpectedByte, at: index) }
            if index < end, text[index] == UInt8(ascii: "=") {
                index = try parsePairValue(from: index &+ 1, key: key)
                pairs &+= 1
            } else {
                guard index >= end || text[index] != 0x22 else {
                    throw LogParseError(.unexpectedByte, at: index)
                }
                append(Field(key: key, value: key, kind: .bool, number: 1))
            }
            while index < end, text[index] <= 0x20 { index &+= 1 }
        }
        guard pairs > 0 else { throw LogParseError(.noKeyValuePair, at: start) }
    }

    /// Reads the value behind `=`; returns the position behind it.
    @inline(__always)
    private mutating func parsePairValue(from start: Int, key: Range<Int>) throws(LogParseError) -> Int {
        if text[start] == UInt8(ascii: "\"") {
            var isEscaped = false
            let close = try endOfString(from: start &+ 1, isEscaped: &isEscaped)
            append(Field(key: key, value: (start &+ 1)..<close, kind: .string, isEscaped: isEscaped))
            return close &+ 1
        }
        var index = start
        while index < end, text[index] > 0x20 { index &+= 1 }
        append(bareValue: start..<index, key: key)
        return index
    }

    /// Adds an unquoted value as what it is: null, a bool, a number or a string.
    @inline(__always)
    mutating func append(bareValue value: Range<Int>, key: Range<Int>) {
        var field = Field(key: key, value: value, kind: .string)
        let first = text[value.lowerBound]
        if value.isEmpty {
            field.kind = .null
        } else if first.isDigit || first == UInt8(ascii: "-") {
            let number = DecimalNumber.scan(text, from: value.lowerBound, to: value.upperBound)
            if number.end == value.upperBound {
                field.kind = .number
                field.number = number.value
            } else if number.end > value.lowerBound, let seconds = DurationNumber.seconds(text, value) {
                field.kind = .number
                field.number = seconds
            }
        } else if value.count == 4, text.hasPrefix("true", at: value.lowerBound) {
            field.kind = .bool
            field.number = 1
        } else if value.count == 5, text.hasPrefix("false", at: value.lowerBound) {
            field.kind = .bool
        } else if value.count == 4, text.hasPrefix("null", at: value.lowerBound) {
            field.kind = .null
        }
        append(field)
    }
}
