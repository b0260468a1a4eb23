import LogRecords
import Testing

@Suite("Numbers in messages")
struct MessageNumberTests {
    @Test(
        "finds numbers by position and skips what only looks like one",
        arguments: [
            ("took 12 ms for 3 rows", [0.012, 3]), ("took 35ms", [0.035]), ("0.0123 secs", [0.0123]),
            ("Heap: 3.0M(3.0M)->0.0B(2.5M)", [3_145_728, 3_145_728, 0, 2_621_440]),
            ("from 10.0.0.1 port 22 to ::1 port 80.", [22, 80]), ("at 2024-01-01 10:11:12.5 ok", []),
            ("id 1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d n=5", [5]), ("node-246 blk_38 v1.2.3 0x1f 3rd", []),
            ("temperature -5.5 and +3", [-5.5, 3]), ("time:0.24 status:200", [0.24, 200]),
            ("(1,2;3)", [1, 2, 3]),
            ("user 42, 99% of 1e3", [42, 99, 1000]), ("\\042x0\\042 ID=4711", [4711]), ("", []),
            ("none", []),
            ("up 5 minutes", [300]), ("port 4711: ok", [4711]), ("36.6.", [36.6]),
        ]
    )
    func numbers(text: String, numbers: [Double]) {
        let parsed = Parsed(text.isEmpty ? "x" : text, "text")
        var found: [Double] = []
        #expect(parsed.record.appendNumbers(to: &found, limit: 10) == numbers.count)
        #expect(found == numbers)
    }

    @Test("stops at the limit and appends")
    func limit() {
        let parsed = Parsed("1 2 3 4", "text")
        var found = [9.0]
        #expect(parsed.record.appendNumbers(to: &found, limit: 2) == 2)
        #expect(found == [9, 1, 2])
    }
}
