/// One log line while it is put together.
struct LogLine {
    private let format: LogFormat
    private var text: String

    init(format: LogFormat) {
        self.format = format
        text = format == .json ? "{" : ""
    }

    mutating func append(_ key: String, _ value: LogValue) {
        switch format {
        case .logfmt:
            if !text.isEmpty { text += " " }
            text += key
            text += "="
            appendLogfmt(value)
        case .json:
            if text.utf8.count > 1 { text += "," }
            appendQuoted(key)
            text += ":"
            appendJSON(value)
        }
    }

    consuming func finished() -> [UInt8] {
        text += format == .json ? "}\n" : "\n"
        return Array(text.utf8)
    }

    private mutating func appendLogfmt(_ value: LogValue) {
        guard case .string(let string) = value else { return appendPlain(value) }
        let needsQuotes =
            string.isEmpty
            || string.utf8.contains { byte in
                byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "=")
                    || byte == UInt8(ascii: "\\") || byte == 0x7f
            }
        if needsQuotes { appendQuoted(string) } else { text += string }
    }

    private mutating func appendJSON(_ value: LogValue) {
        switch value {
        case .string(let string): appendQuoted(string)
        case .number(let number) where !number.isFinite: appendQuoted("\(number)")
        default: appendPlain(value)
        }
    }

    private mutating func appendPlain(_ value: LogValue) {
        switch value {
        case .string(let string): text += string
        case .integer(let integer): text += String(integer)
        case .number(let number): text += "\(number)"
        case .boolean(let boolean): text += boolean ? "true" : "false"
        }
    }

    /// Quotes as JSON does (RFC 8259, section 7), for both formats.
    private mutating func appendQuoted(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
