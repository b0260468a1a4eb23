/// Finds the name that somebody who mistyped probably meant.
public enum ClosestName {
    /// The candidate nearest to `name`, or nil where none is near enough to be a slip.
    ///
    /// Near enough is an edit distance of at most a third of the length (and at least 1), counting a swap
    /// of neighbours as one edit, letter case and `-`, `_`, `.` as equal. Of equally near candidates the
    /// first wins.
    /// - Complexity: O(n · m) for each candidate, with names cut at 64 characters.
    public static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = folded(name)
        guard !wanted.isEmpty else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let other = folded(candidate)
            let allowed = max(1, max(wanted.count, other.count) / 3)
            // A distance as large as the shorter name would replace all of it.
            guard abs(wanted.count - other.count) <= allowed, allowed < max(2, min(wanted.count, other.count))
            else { continue }
            let distance = distance(wanted, other)
            if distance <= allowed, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    private static func folded(_ name: String) -> [Character] {
        name.prefix(64).lowercased().map { "_.".contains($0) ? "-" : $0 }
    }

    /// Optimal string alignment distance (restricted Damerau-Levenshtein).
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforeLast = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        for i in 1...max(1, first.count) where i <= first.count {
            var row = [i] + [Int](repeating: 0, count: second.count)
            for j in 1...max(1, second.count) where j <= second.count {
                let change = first[i - 1] == second[j - 1] ? 0 : 1
                row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change)
                if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[second.count]
    }
}
