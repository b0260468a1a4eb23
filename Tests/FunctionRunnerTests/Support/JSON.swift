import JSONText

/// A JSON text with its value, for expectations.
struct JSON: CustomStringConvertible {
    let description: String
    private let value: JSONValue?

    init(_ bytes: [UInt8]) {
        description = String(decoding: bytes, as: UTF8.self)
        value = try? JSONValue(bytes)
    }

    subscript(key: String) -> JSONValue? { value?[key] }

    var type: String? { self["errorType"]?.string }
    var message: String? { self["errorMessage"]?.string }
}
