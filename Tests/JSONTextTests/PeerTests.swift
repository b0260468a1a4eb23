import Foundation
import JSONText
import SeededNumbers
import Testing

@Suite("JSON beside Foundation's reader")
struct PeerTests {
    @Test("agrees on random trees", arguments: 0..<20)
    func trees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let text = tree(4, &random)
            let ours = try JSONValue(Array(text.utf8))
            #expect(
                isEqual(
                    ours,
                    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
                ),
                "\(text)"
            )
        }
    }

    @Test("reads every number as the standard library does", arguments: 0..<20)
    func numbers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 2_000)
        for _ in 0..<500 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            let long =
                "\(Int64.random(in: 0 ... .max, using: &random)).\(UInt32.random(in: 0 ... .max, using: &random))"
            for text in ["\(number)", "\(Double.random(in: -1e9...1e9, using: &random))", long] {
                #expect(try JSONValue(Array(text.utf8)).double == Double(text), "\(text)")
            }
        }
    }

    /// Where a mutation makes a text that neither refuses, both must read the same. Foundation's reader takes some
    /// texts that RFC 8259 does not know and refuses what is not UTF-8, so that a refusal alone says nothing.
    @Test("never crashes on spoilt texts, and agrees where both read them", arguments: 0..<20)
    func spoilt(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1_000)
        var agreed = 0
        for _ in 0..<200 {
            var bytes = Array(tree(3, &random).utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] =
                    [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d, 0x30, 0x65, 0x2d, 0x2e, 0x20, 0xff, 0x00]
                    .randomElement(using: &random) ?? 0x20
            }
            guard let ours = try? JSONValue(bytes),
                let peer = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
            else { continue }
            agreed += 1
            #expect(isEqual(ours, peer), "\(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(agreed > 0)
    }

    private func tree(_ depth: Int, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return ["null", "true", "false"].randomElement(using: &random) ?? ""
        case 1: return String(Int64.random(in: .min ... .max, using: &random))
        case 2: return String(Int.random(in: -1_000...1_000, using: &random))
        case 3: return "\(Double.random(in: -1e6...1e6, using: &random))"
        case 4:
            return
                "\(Int.random(in: 0...9_999, using: &random)).5e\(Int.random(in: -300...300, using: &random))"
        case 5: return string(&random)
        case 6:
            let elements = (0..<Int.random(in: 0..<5, using: &random)).map { _ in tree(depth - 1, &random) }
            return "[" + elements.joined(separator: " , ") + "]"
        default:
            // Keys differ: which of two equal ones Foundation takes is its own affair.
            let members = (0..<Int.random(in: 0..<5, using: &random)).map {
                "\"k\($0)\" :" + tree(depth - 1, &random)
            }
            return "{" + members.joined(separator: ",\n") + "}"
        }
    }

    private func string(_ random: inout SeededGenerator) -> String {
        let parts = [
            "a", "text with blanks", "\\n", "\\u00e9", "\\\"", "\\\\", "\\/", "\u{1f600}", "\\ud83d\\ude00",
            "\u{7f}", "\u{e9}",
        ]
        return "\""
            + (0..<Int.random(in: 0..<9, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }.joined()
            + "\""
    }

    private func isEqual(_ ours: JSONValue, _ peer: Any) -> Bool {
        switch ours {
        case .null: peer is NSNull
        case .boolean(let value): (peer as? NSNumber)?.boolValue == value
        case .integer(let number): (peer as? NSNumber)?.int64Value == number
        // Foundation goes through decimal numbers, and loses a digit on the way.
        case .double(let number):
            (peer as? NSNumber).map { abs($0.doubleValue - number) <= abs(number) * 1e-14 } ?? false
        case .string(let text): peer as? String == text
        case .array(let elements):
            (peer as? [Any]).map { $0.count == elements.count && zip(elements, $0).allSatisfy(isEqual) }
                ?? false
        case .object(let members):
            (peer as? [String: Any]).map { peer in
                peer.count == members.count
                    && members.allSatisfy { key, value in peer[key].map { isEqual(value, $0) } ?? false }
            } ?? false
        }
    }
}
