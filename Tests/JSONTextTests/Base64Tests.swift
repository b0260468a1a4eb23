import Foundation
import JSONText
import SeededNumbers
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test("agrees with Foundation on every length")
    func lengths() throws {
        var random = SeededGenerator(seed: 1)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Array(Data(bytes).base64EncodedString().utf8)
            #expect(Base64.encode(bytes) == text)
            #expect(try Base64.decode(text) == bytes)
        }
    }

    static let malformed: [(String, Int)] = [
        ("A", 1), ("AB", 2), ("ABC", 3), ("ABCDE", 5), ("AB=C", 2), ("A===", 1), ("====", 0), ("AB==AB==", 2),
        ("QUJD\n", 5),
        ("QU JD===", 2), ("QUJ-", 3), ("QUJ_", 3), ("QR==", 1), ("QUF=", 2), ("QUJDQQ=A", 6),
        ("\u{e9}\u{e9}", 0),
    ]

    @Test(
        "refuses what is cut, padded elsewhere, of another alphabet, or not canonical",
        arguments: malformed
    )
    func refuses(text: String, offset: Int) {
        var target: [UInt8] = [1, 2]
        let bytes = Array(text.utf8)
        let error = #expect(throws: Base64Error.self) {
            try Base64.append(bytes, range: bytes.indices, to: &target)
        }
        #expect(error?.offset == offset, "\(text): \(error?.message ?? "")")
        #expect(target == [1, 2])
    }

    @Test("reads a JSON string's escaped slashes")
    func escaped() throws {
        var json = JSONReader(Array(#""\/\/8=""#.utf8))
        var bytes: [UInt8] = []
        try json.readString().appendDecodedBase64(to: &bytes)
        #expect(bytes == [0xff, 0xff])
    }
}
