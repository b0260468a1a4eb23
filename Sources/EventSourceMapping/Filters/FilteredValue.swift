import JSONText

/// A record's value, as filters see it.
enum FilteredValue {
    /// JSON with fields: an object, or an array.
    case fields(JSONValue)
    /// Any other text. A lone number, string or word is text too: it has no fields.
    case text(String)
    /// A tombstone.
    case none
    /// Not UTF-8.
    case unreadable

    init(_ bytes: ArraySlice<UInt8>?) {
        guard let bytes else {
            self = .none
            return
        }
        let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let json = try? JSONValue(Array(bytes)) {
            self = .fields(json)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            self = .text(text)
        } else {
            self = .unreadable
        }
    }
}
