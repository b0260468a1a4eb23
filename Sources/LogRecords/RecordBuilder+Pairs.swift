/// Text with values in it, as OpenStack writes: `… "GET /v1/shelves HTTP/1.1" status: 200 len: 977
/// time: 0.24`. What the text format finds comes first, then the request and the pairs.
extension RecordBuilder {
    /// The keys of a request line, in order.
    static let requestKeys = ["method", "path", "protocol"]

    mutating func parseKeyValueText(from start: Int, _ carry: inout YearCarry) {
        parseText(from: start, &carry)
        guard let message else { return }
        var index = message.lowerBound
        let stop = message.upperBound
        while index < stop {
            let byte = text[index]
            if byte.isLetter || byte == UInt8(ascii: "_") {
                index = appendPair(from: index, to: stop)
            } else if byte == UInt8(ascii: "\"") {
                index = appendRequest(from: index, to: stop)
            } else if byte.isWordByte {
                while index < stop, isKeyByte(text[index]) { index += 1 }
            } else {
                index += 1
            }
        }
    }

    @inline(__always)
    func isKeyByte(_ byte: UInt8) -> Bool {
        byte.isWordByte || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    /// Reads `key: 12`, `key=value` or `key="quoted"`; returns where to go on.
    private mutating func appendPair(from start: Int, to stop: Int) -> Int {
        var index = start
        while index < stop, isKeyByte(text[index]) { index += 1 }
        let key = start..<index
        guard index < stop else { return stop }
        if text[index] == UInt8(ascii: "=") { return appendEqualsPair(key, from: index + 1, to: stop) }
        guard text[index] == UInt8(ascii: ":") else { return index }
        let first = text.skipBlanks(from: index + 1, to: stop)
        let number = DecimalNumber.scan(text, from: first, to: stop)
        guard number.end > first, number.end >= stop || !isInsideWord(number.end) else { return index + 1 }
        append(Field(key: key, value: first..<number.end, kind: .number, number: number.value))
        return number.end
    }

    /// Whether the byte behind a number makes it part of an address, an id or a time.
    private func isInsideWord(_ index: Int) -> Bool {
        let byte = text[index]
        return byte.isWordByte || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "_")
            || ((byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")) && text[index + 1].isWordByte)
    }

    private mutating func appendEqualsPair(_ key: Range<Int>, from start: Int, to stop: Int) -> Int {
        guard start < stop else { return stop }
        if text[start] == UInt8(ascii: "\"") {
            let close = text.firstIndex(of: UInt8(ascii: "\""), from: start + 1, to: stop)
            append(Field(key: key, value: (start + 1)..<close, kind: .string))
            return min(close + 1, stop)
        }
        var index = start
        while index < stop, text[index] > 0x20, text[index] != UInt8(ascii: ","),
            text[index] != UInt8(ascii: ";"),
            text[index] != UInt8(ascii: ")"), text[index] != UInt8(ascii: "]"),
            text[index] != UInt8(ascii: "}")
        {
            index += 1
        }
        append(bareValue: start..<index, key: key)
        return index
    }

    /// Reads `"GET /path HTTP/1.1"` as method, path and protocol.
    private mutating func appendRequest(from start: Int, to stop: Int) -> Int {
        let close = text.firstIndex(of: UInt8(ascii: "\""), from: start + 1, to: stop)
        guard close < stop else { return start + 1 }
        let blank = text.firstIndex(of: 0x20, from: start + 1, to: close)
        guard blank < close, blank > start + 2, (start + 1..<blank).allSatisfy({ text[$0].isUppercase }),
            text[blank + 1] == UInt8(ascii: "/") || text.hasPrefix("http", at: blank + 1)
        else { return close + 1 }
        let next = text.firstIndex(of: 0x20, from: blank + 1, to: close)
        append(tableKey: Self.textKeys.count, (start + 1)..<blank, .string)
        append(tableKey: Self.textKeys.count + 1, (blank + 1)..<next, .string)
        append(
            tableKey: Self.textKeys.count + 2,
            min(next + 1, close)..<close,
            next < close ? .string : .null
        )
        // These keys are of the table, so the shape has to learn of them here.
        shape = Shape.combine(shape, UInt64(truncatingIfNeeded: count))
        return close + 1
    }
}
