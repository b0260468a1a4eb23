@testable import RandomCutForest

/// One tree of the reference forest: a value that is made anew by each change, with nothing stored that could be
/// worked out from the points below.
indirect enum ReferenceCutTree {
    case leaf(point: [Float], mass: Int)
    case cut(dimension: Int, at: Float, left: ReferenceCutTree, right: ReferenceCutTree)

    /// Each point once, from left to right.
    var points: [[Float]] {
        switch self {
        case .leaf(let point, _): [point]
        case .cut(_, _, let left, let right): left.points + right.points
        }
    }

    /// The number of samples.
    var mass: Int {
        switch self {
        case .leaf(_, let mass): mass
        case .cut(_, _, let left, let right): left.mass + right.mass
        }
    }

    var box: ReferenceBox { ReferenceBox(points) }

    /// The nodes from the root to the leaf that a point reaches.
    func path(to point: [Float]) -> [ReferenceCutTree] {
        switch self {
        case .leaf: [self]
        case .cut(let dimension, let cut, let left, let right):
            [self] + (point[dimension] <= cut ? left : right).path(to: point)
        }
    }

    /// The tree with one more sample: at each level from the leaf up a cut of the box grown by the point may
    /// separate the point, and the highest that does counts.
    func inserting(_ point: [Float], _ generator: inout ForestGenerator) -> ReferenceCutTree {
        let path = path(to: point)
        let depth = path.count - 1
        if case .leaf(point, let mass) = path[depth] {
            return replacing(level: depth, towards: point, by: .leaf(point: point, mass: mass + 1))
        }
        var place = depth
        for level in (0..<depth).reversed() {
            guard let separation = path[level].box.separation(point) else { break }
            if generator.uniform() < Double(separation) { place = level }
        }
        let (dimension, cut) = path[place].box.separatingCut(point, generator.uniform())
        let new = ReferenceCutTree.leaf(point: point, mass: 1)
        let isLeft = point[dimension] <= cut
        let node = ReferenceCutTree.cut(
            dimension: dimension,
            at: cut,
            left: isLeft ? new : path[place],
            right: isLeft ? path[place] : new
        )
        return replacing(level: place, towards: point, by: node)
    }

    /// The tree with one sample of a point less; nil if nothing is left.
    func removing(_ point: [Float]) -> ReferenceCutTree? {
        switch self {
        case .leaf(let leaf, let mass):
            precondition(leaf == point, "the point is not in the tree")
            return mass > 1 ? .leaf(point: leaf, mass: mass - 1) : nil
        case .cut(let dimension, let cut, let left, let right):
            if point[dimension] <= cut {
                guard let rest = left.removing(point) else { return right }
                return .cut(dimension: dimension, at: cut, left: rest, right: right)
            }
            guard let rest = right.removing(point) else { return left }
            return .cut(dimension: dimension, at: cut, left: left, right: rest)
        }
    }

    private func replacing(
        level: Int,
        towards point: [Float],
        by node: ReferenceCutTree
    ) -> ReferenceCutTree {
        guard level > 0, case .cut(let dimension, let cut, let left, let right) = self else { return node }
        if point[dimension] <= cut {
            let child = left.replacing(level: level - 1, towards: point, by: node)
            return .cut(dimension: dimension, at: cut, left: child, right: right)
        }
        let child = right.replacing(level: level - 1, towards: point, by: node)
        return .cut(dimension: dimension, at: cut, left: left, right: child)
    }
}

extension ReferenceBox {
    /// A cut between the box and a point outside of it, uniform over the gaps between them.
    fileprivate func separatingCut(_ point: [Float], _ uniform: Double) -> (dimension: Int, cut: Float) {
        let gaps = point.indices.compactMap { dimension -> (dimension: Int, low: Float, high: Float)? in
            if point[dimension] < minima[dimension] {
                return (dimension, point[dimension], minima[dimension])
            }
            if point[dimension] > maxima[dimension] {
                return (dimension, maxima[dimension], point[dimension])
            }
            return nil
        }
        var rest = uniform * gaps.reduce(0.0) { $0 + (Double($1.high) - Double($1.low)) }
        var chosen = gaps[0]
        for gap in gaps {
            chosen = gap
            let length = Double(gap.high) - Double(gap.low)
            if rest < length { break }
            rest -= length
        }
        // Rounded to Float it still separates: what is equal to the cut is on the left.
        let cut = Float(Double(chosen.low) + rest)
        return (chosen.dimension, cut < chosen.high ? max(cut, chosen.low) : chosen.high.nextDown)
    }
}
