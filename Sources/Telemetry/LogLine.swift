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
            text.appendJSONQuoted(key)
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
        if needsQuotes { text.appendJSONQuoted(string) } else { text += string }
    }

    private mutating func appendJSON(_ value: LogValue) {
        switch value {
        case .string(let string): text.appendJSONQuoted(string)
        case .number(let number) where !number.isFinite: text.appendJSONQuoted("\(number)")
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
}
