import DetectionPipeline
import Testing

@Suite struct RetentionPolicyTests {
    /// Four items of 10 bytes, the newest of each 1, 2, 3 and 4 s after 1970.
    private let items = (1...4).map { RetentionPolicy.Item(newestMilliseconds: Int64($0) * 1_000, bytes: 10) }

    @Test("keeps all without a bound")
    func unbounded() {
        #expect(RetentionPolicy().removalCount(of: items, at: .max) == 0)
        #expect(RetentionPolicy().oldestKeptMilliseconds(at: 5) == nil)
    }

    @Test(
        "by age: what is exactly as old as allowed stays, a millisecond more goes",
        arguments: [(10_999, 0), (11_000, 0), (11_001, 1), (13_000, 2), (13_001, 3), (99_000, 4), (0, 0)]
            as [(Int64, Int)]
    )
    func age(now: Int64, removed: Int) {
        let policy = RetentionPolicy(maximumAge: .seconds(10))
        #expect(policy.removalCount(of: items, at: now) == removed)
        #expect(policy.oldestKeptMilliseconds(at: now) == now - 10_000)
    }

    @Test(
        "by size: what fits exactly stays, then the oldest go until the rest fits",
        arguments: [(40, 0), (39, 1), (30, 1), (29, 2), (9, 4), (0, 4)]
    )
    func size(maximum: Int, removed: Int) {
        #expect(RetentionPolicy(maximumBytes: maximum).removalCount(of: items, at: 0) == removed)
    }

    @Test("by both: what is too old no longer counts for the size")
    func both() {
        let policy = RetentionPolicy(maximumAge: .seconds(10), maximumBytes: 20)
        #expect(policy.removalCount(of: items, at: 12_500) == 2)
        #expect(policy.removalCount(of: items, at: 13_500) == 3)
        #expect(policy.removalCount(of: [], at: 13_500) == 0)
    }
}
