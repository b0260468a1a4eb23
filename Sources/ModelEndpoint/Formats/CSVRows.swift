/// Reads rows from lines of numbers with commas between. Blank lines are passed over.
enum CSVRows {
    static func read(_ body: [UInt8], into rows: inout FeatureRows) throws(EndpointError) {
        var start = 0
        while start < body.count {
            let end = body[start...].firstIndex(of: UInt8(ascii: "\n")) ?? body.count
            let line = trimmed(body[start..<end])
            if !line.isEmpty { try read(line: line, into: &rows) }
            start = end + 1
        }
    }

    private static func read(line: ArraySlice<UInt8>, into rows: inout FeatureRows) throws(EndpointError) {
        let row = rows.count
        var column = 0
        var rest = line
        while true {
            let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
            let field = trimmed(rest[..<end])
            guard let value = number(field) else {
                throw EndpointError(.malformedBody, "value \(column) of row \(row) is \(shown(field))")
            }
            try rows.append(value)
            column += 1
            guard end < rest.endIndex else { break }
            rest = rest[(end + 1)...]
        }
        try rows.finishRow()
    }

    /// A decimal number, `nan` or `inf`, which are refused later; nil for anything else, hexadecimal numbers too.
    static func number(_ field: ArraySlice<UInt8>) -> Double? {
        guard let first = field.first, first != UInt8(ascii: " "),
            !field.contains(where: { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "X") })
        else { return nil }
        return Double(String(decoding: field, as: UTF8.self))
    }

    /// Without white space at both ends.
    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        var text = text
        while let first = text.first, isSpace(first) { text.removeFirst() }
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    private static func shown(_ field: ArraySlice<UInt8>) -> String {
        guard !field.isEmpty else { return "empty, must be a number" }
        return "\"\(String(decoding: field.prefix(40), as: UTF8.self))\", which is no number"
    }
}
