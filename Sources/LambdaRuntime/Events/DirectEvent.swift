import JSONText

/// Records of somebody who invokes the function: `{"records":[{"value":…}]}`.
public struct DirectEvent: Sendable, Hashable {
    public var records: [Record]

    public struct Record: Sendable, Hashable {
        /// The line; nil for null.
        public var value: [UInt8]?
        /// Why it could not be decoded, if so; the value is then the text as it came.
        public var defect: String?
    }
}

extension JSONReader {
    mutating func readDirectRecords() throws(JSONError) -> [DirectEvent.Record] {
        var records: [DirectEvent.Record] = []
        try enterArray()
        while try nextElement() { records.append(try readDirectRecord()) }
        return records
    }

    /// A record's value is a line, plain or in base64; any other JSON is its own line. Which of the two a string is, a
    /// member `encoding` may say: `plain` or `base64`.
    private mutating func readDirectRecord() throws(JSONError) -> DirectEvent.Record {
        let start = offset
        var value: DirectValue?
        var encoding: String?
        try enterObject()
        while let key = try nextKey() {
            switch key {
            case "value":
                if try nextKind() == .string {
                    value = .string(try readString())
                } else if try readNull() {
                    value = .null
                } else {
                    value = .json(Array(bytes[try skipValue()]))
                }
            case "encoding": encoding = try readTextIfAny()
            default: try skipValue()
            }
        }
        guard let value else { throw JSONError(.malformed, at: start, "a record without a value") }
        return value.record(encoding)
    }
}

private enum DirectValue {
    case null
    case string(JSONString)
    case json([UInt8])

    func record(_ encoding: String?) -> DirectEvent.Record {
        switch self {
        case .null: return DirectEvent.Record(value: nil)
        case .json(let text): return DirectEvent.Record(value: text)
        case .string(let string):
            var plain: [UInt8] = []
            string.append(to: &plain)
            if encoding == "plain" { return DirectEvent.Record(value: plain) }
            do throws(Base64Error) {
                let decoded = try Base64.decode(plain)
                let isMeant = encoding == "base64" || Self.isText(decoded)
                return DirectEvent.Record(value: isMeant ? decoded : plain)
            } catch {
                return DirectEvent.Record(
                    value: plain,
                    defect: encoding == "base64" ? "value: \(error.message)" : nil
                )
            }
        }
    }

    /// Whether bytes are a line: a word that happens to be base64, such as `abcd`, stands for bytes that are not.
    private static func isText(_ bytes: [UInt8]) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0 >= 0x20 || (0x09...0x0d).contains($0) }
            && String(validating: bytes, as: UTF8.self) != nil
    }
}
