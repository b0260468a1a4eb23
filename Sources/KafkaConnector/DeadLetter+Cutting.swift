import DetectionPipeline

extension DeadLetter {
    /// The letter with at most about `limit` bytes: half of them for the value, a quarter each for key
    /// and headers, a kilobyte for the reason. What is too long keeps its beginning, headers are left out
    /// together, and a header says of each how large it was.
    func cut(to limit: Int) -> DeadLetter {
        var letter = self
        letter.headers = []
        let headerBytes = headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        if headerBytes <= limit / 4 {
            letter.headers = headers
        } else {
            letter.note("headers", headerBytes)
        }
        letter.value = Self.cut(value, to: limit / 2) { letter.note("value", $0) }
        letter.key = Self.cut(key, to: limit / 4) { letter.note("key", $0) }
        if let reason = Self.cut(Array(reason.utf8), to: 1_024, onCut: { letter.note("reason", $0) }) {
            letter.reason = String(decoding: reason, as: UTF8.self)
        }
        return letter
    }

    private mutating func note(_ part: String, _ byteCount: Int) {
        headers.append(.init(name: "timberline.cut.\(part)", value: Array(String(byteCount).utf8)))
    }

    private static func cut(_ bytes: [UInt8]?, to limit: Int, onCut: (Int) -> Void) -> [UInt8]? {
        guard let bytes, bytes.count > limit else { return bytes }
        onCut(bytes.count)
        return Array(bytes[..<limit])
    }
}
