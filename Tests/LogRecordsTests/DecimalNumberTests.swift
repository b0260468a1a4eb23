import SeededNumbers
import Testing

@testable import LogRecords

@Suite("Numbers")
struct DecimalNumberTests {
    private func scan(_ text: String) -> (value: Double, end: Int) {
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: PaddedBytes.padding)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return (0, 0) }
            let padded = PaddedBytes(base: base, count: text.utf8.count)
            let number = DecimalNumber.scan(padded, from: 0, to: text.utf8.count)
            return (number.value, number.end)
        }
    }

    @Test("rounds as the standard library does, for numbers of every length and exponent")
    func rounding() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<200_000 {
            let digits = Int.random(in: 1...22, using: &generator)
            var text = Bool.random(using: &generator) ? "-" : ""
            let point = Int.random(in: 0...digits, using: &generator)
            for index in 0..<digits {
                if index == point, index > 0 { text += "." }
                text += "\(Int.random(in: 0...9, using: &generator))"
            }
            if Int.random(in: 0..<3, using: &generator) == 0 {
                text += "e\(Int.random(in: -30...30, using: &generator))"
            }
            let number = scan(text)
            #expect(number.value.bitPattern == Double(text)?.bitPattern, "\(text)")
            #expect(number.end == text.utf8.count)
        }
    }

    @Test("reads back every printed Double")
    func roundTrip() {
        var generator = SeededGenerator(seed: 43)
        for _ in 0..<100_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(scan("\(value)").value.bitPattern == value.bitPattern, "\(value)")
            let small = Double.random(in: 0..<10, using: &generator)
            #expect(scan("\(small)").value == small)
        }
    }

    @Test(
        "rounds ties to even",
        arguments: [
            "9007199254740993", "9007199254740995", "9007199254740992.5", "9007199254740993.5",
            "18014398509481990",
            "18014398509481989.9999", "0.500000000000000055", "1.00000000000000011102230246251565",
            "1.00000000000000011102230246251566", "123456789012345678.5", "4503599627370496.5",
            "4503599627370497.5",
        ]
    )
    func ties(text: String) {
        #expect(scan(text).value.bitPattern == Double(text)?.bitPattern)
    }

    @Test("a number beyond a Double's range is infinite or zero, never a trap")
    func gigantic() {
        #expect(scan("1e309").value == .infinity)
        #expect(scan("-1e999999999999999999999").value == -.infinity)
        #expect(scan("1e-999999999999999999999").value == 0)
        #expect(scan(String(repeating: "9", count: 5000)).value == .infinity)
        #expect(scan("0." + String(repeating: "0", count: 5000) + "1").value == 0)
        #expect(scan("0e99999").value == 0)
    }

    @Test(
        "stops where the number ends",
        arguments: [
            ("12ab", 2), ("1.", 1), ("1.x", 1), ("1e", 1), ("1e+", 1), ("-", 0), ("", 0), ("x", 0), (".5", 0),
            ("+1", 0),
            ("1.5.2", 3), ("1e5e", 3),
        ]
    )
    func ends(text: String, end: Int) {
        #expect(scan(text).end == end)
    }
}
