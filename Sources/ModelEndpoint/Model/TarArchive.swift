/// A tar archive of small files in the form `ustar`, without times and owners: equal files give equal bytes.
///
/// Source: POSIX.1-2017, pax, "ustar Interchange Format".
public struct TarArchive: Sendable {
    private var bytes: [UInt8] = []

    private static let blockSize = 512

    public init() {}

    /// Appends a file that its owner may write and all may read.
    ///
    /// - Precondition: the name has 1 to 100 bytes of ASCII, the file less than 8 GiB.
    public mutating func append(_ name: String, _ content: [UInt8]) {
        precondition(1...100 ~= name.utf8.count && name.utf8.allSatisfy { $0 < 0x80 })
        precondition(content.count < 1 << 33)
        var header = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: String, at place: Int) {
            header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(Self.octal(content.count, digits: 11), at: 124)
        put("00000000000", at: 136)
        // The checksum is taken as if it were spaces.
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put(Self.octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0", at: 148)
        bytes += header
        bytes += content
        bytes.append(contentsOf: repeatElement(0, count: -content.count & (Self.blockSize - 1)))
    }

    /// The archive, with the two empty blocks at its end.
    public consuming func finish() -> [UInt8] {
        bytes.append(contentsOf: repeatElement(0, count: 2 * Self.blockSize))
        return bytes
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
