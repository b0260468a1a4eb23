/// What one call may hold.
struct BatchLimits: Hashable {
    var count: Int
    /// Of all entries together, as the service counts.
    var bytes: Int
    /// Of one entry.
    var entryBytes: Int

    /// Cuts positions into runs that one call may hold, in their order. O(n)
    ///
    /// - Parameter sizes: of the entries, in bytes; none is over `entryBytes`.
    func runs(_ positions: [Int], sizes: [Int]) -> [[Int]] {
        var runs: [[Int]] = []
        var run: [Int] = []
        var sum = 0
        for position in positions {
            if run.count == count || (!run.isEmpty && sum + sizes[position] > bytes) {
                runs.append(run)
                run = []
                sum = 0
            }
            run.append(position)
            sum += sizes[position]
        }
        return run.isEmpty ? runs : runs + [run]
    }
}
