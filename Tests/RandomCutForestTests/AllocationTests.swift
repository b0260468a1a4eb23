import AllocationCounter
import RandomCutForest
import Testing

@Suite(
    "A forest in its steady state",
    .enabled(if: allocation_counter_is_supported(), "allocations are counted with the GNU C library only")
)
struct AllocationTests {
    /// The allocations of this thread during a call.
    func allocations(_ body: () throws -> Void) rethrows -> UInt64 {
        let before = allocation_count()
        try body()
        return allocation_count() - before
    }

    @Test(
        "allocates nothing: scores, batches, updates, both in one, attribution, displacement",
        arguments: [(3, 1, true), (3, 1, false), (1, 8, true), (20, 1, true), (20, 1, false)]
    )
    func steady(dimensions: Int, shingle: Int, kernel: Bool) throws {
        let forest = try RandomCutForest(.init(dimensions: dimensions, shingleSize: shingle, seed: 1))
        forest.usesKernel = kernel
        var generator = XorshiftGenerator(seed: 3)
        let rows = (0..<3000).map { _ in
            (0..<dimensions).map { _ in Float.random(in: 0..<1, using: &generator) }
        }
        var attribution = Attribution(high: [], low: [])
        for row in rows.prefix(1000) { try forest.update(row) }
        _ = try forest.displacement(rows[0])
        _ = try rows[0].withUnsafeBufferPointer { try forest.attribution($0, into: &attribution) }
        let batch = shingle == 1 ? rows.prefix(70).flatMap { $0 } : []
        var scores = [Double](repeating: 0, count: batch.count / dimensions)
        func scoreBatch() throws {
            guard shingle == 1 else { return }
            try batch.withUnsafeBufferPointer { batch in
                try scores.withUnsafeMutableBufferPointer { scores in
                    _ = try forest.score(rows: batch, into: scores, parts: 2) { $0(0) }
                }
            }
        }
        try scoreBatch()
        var sum = 0.0
        let count = try allocations {
            for row in rows[1000...] {
                try row.withUnsafeBufferPointer { row in
                    sum += try forest.score(row) ?? 0
                    sum += try forest.scoreThenUpdate(row) ?? 0
                    try forest.update(row)
                    try forest.update(row, samplingWeight: 2)
                    sum += try forest.displacement(row) ?? 0
                    sum += try forest.attribution(row, into: &attribution) ? 1 : 0
                    sum += try forest.score(row, ignoringEqualsUpTo: 3) ?? 0
                }
            }
            try scoreBatch()
        }
        #expect(count == 0 && sum > 0 && scores.allSatisfy { $0 > 0 })
    }

    @Test("allocates nothing while its trees still fill, nor for rows as Double")
    func others() throws {
        let forest = try RandomCutForest(.init(dimensions: 2, outputAfter: 20, seed: 1))
        let rows = (0..<4000).map { Double($0 * $0 % 1009) }
        for row in 0..<20 { try forest.update([rows[2 * row], rows[2 * row + 1]]) }
        var sum = 0.0
        let count = try allocations {
            try rows.withUnsafeBufferPointer { rows in
                for row in 20..<2000 {
                    let row = UnsafeBufferPointer(rebasing: rows[2 * row..<2 * row + 2])
                    sum += try forest.score(row) ?? 0
                    sum += try forest.scoreThenUpdate(row) ?? 0
                }
            }
        }
        #expect(count == 0 && sum > 0)
    }

    @Test("is counted: an array is an allocation")
    func counts() {
        var total = 0
        let count = allocations {
            for size in 1...10 { total += [Int](repeating: size, count: 100 * size).last ?? 0 }
        }
        #expect(count >= 10 && total == 55)
    }
}
