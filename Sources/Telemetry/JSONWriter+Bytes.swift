extension JSONWriter {
    /// Bytes as text where they are UTF-8; else in base64 (RFC 4648, section 4), under the key with
    /// `_base64` behind it.
    public mutating func bytes(_ key: String, _ value: [UInt8]?) {
        guard let value else { return string(key, nil) }
        if let text = String(validating: value, as: UTF8.self) {
            string(key, text)
        } else {
            string(key + "_base64", Self.base64(value))
        }
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    private static func base64(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            word <<= UInt32(8 * (3 - group.count))
            for position in 0..<4 {
                let index = Int(word >> UInt32(18 - 6 * position)) & 63
                output.append(position <= group.count ? alphabet[index] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
