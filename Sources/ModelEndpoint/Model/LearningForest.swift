import RandomCutForest
import Telemetry

/// A forest that learns what it is asked, one request after the other.
final class LearningForest: Sendable {
    private let forest: Locked<RandomCutForest>

    init(_ forest: sending RandomCutForest) {
        self.forest = Locked(forest)
    }

    /// Scores each row by the rows before it, then learns it.
    func scoreThenUpdate(_ rows: FeatureRows) throws(ForestError) -> [Double] {
        try forest.withLock { (forest) throws(ForestError) in
            var scores: [Double] = []
            scores.reserveCapacity(rows.count)
            for start in stride(from: 0, to: rows.values.count, by: rows.dimensions) {
                // Nil only before the forest is ready.
                let score = try forest.scoreThenUpdate(
                    Array(rows.values[start..<start + rows.dimensions])
                )
                scores.append(score ?? 0)
            }
            return scores
        }
    }
}
