@testable import RandomCutForest

/// The search of one tree for the point that completes another one with missing values best.
struct ReferenceCompletion {
    let point: [Float]
    let missing: [Int]
    let centrality: Double

    struct Candidate {
        var point: [Float]
        var rank: Double
        var randomRank: Double
        var distance: Double
        var isInside: Bool
    }

    func best(_ tree: ReferenceCutTree, level: Int, _ generator: inout ForestGenerator) -> Candidate {
        switch tree {
        case .leaf(let leaf, let mass):
            let known = point.indices.filter { !missing.contains($0) }
            let distance = known.reduce(0.0) { $0 + abs(Double(leaf[$1]) - Double(point[$1])) }
            var rank = Double(1 / Float(level + 1))
            if distance == 0 {
                rank = level == 0 ? 0 : 1 / (Double(level) + binaryLogarithm(Double(1 + mass)))
            }
            return Candidate(
                point: leaf,
                rank: rank,
                randomRank: centrality < 1 ? generator.uniform() : 0,
                distance: distance,
                isInside: distance == 0
            )
        case .cut(let dimension, let cut, let left, let right):
            guard missing.contains(dimension) else {
                let child = point[dimension] <= cut ? left : right
                return raised(best(child, level: level + 1, &generator), tree.box, level)
            }
            let one = best(left, level: level + 1, &generator)
            let other = best(right, level: level + 1, &generator)
            return raised(adjusted(one) <= adjusted(other) ? one : other, tree.box, level)
        }
    }

    private func adjusted(_ candidate: Candidate) -> Double {
        (1 - centrality) * candidate.randomRank + centrality * candidate.rank
    }

    private func raised(_ candidate: Candidate, _ box: ReferenceBox, _ level: Int) -> Candidate {
        guard !candidate.isInside else { return candidate }
        var completed = point
        for dimension in missing { completed[dimension] = candidate.point[dimension] }
        var result = candidate
        if let separation = box.exactSeparation(completed) {
            let unseen = Double(1 / Float(level + 1))
            result.rank = separation * unseen + (1 - separation) * candidate.rank
        } else {
            result.isInside = true
        }
        return result
    }
}
