@testable import RandomCutForest

/// The law of random cut trees, exactly: every shape that a tree of a few points can have, with its probability.
///
/// A shape is written as "(dimension|left,right)" with the numbers of points for leaves.
enum TreeLaw {
    static func shapes(of points: [[Float]], _ members: [Int]? = nil) -> [String: Double] {
        let members = members ?? Array(points.indices)
        guard members.count > 1 else { return ["\(members[0])": 1] }
        var shapes: [String: Double] = [:]
        let cuts = points[0].indices.flatMap { dimension in
            let order = members.sorted { points[$0][dimension] < points[$1][dimension] }
            return (1..<order.count).map { split in
                let gap =
                    Double(points[order[split]][dimension]) - Double(points[order[split - 1]][dimension])
                return (dimension, gap, Array(order[..<split]), Array(order[split...]))
            }
        }
        let total = cuts.reduce(0.0) { $0 + $1.1 }
        for (dimension, gap, low, high) in cuts where gap > 0 {
            for (left, leftShare) in self.shapes(of: points, low) {
                for (right, rightShare) in self.shapes(of: points, high) {
                    shapes["(\(dimension)|\(left),\(right))", default: 0] +=
                        gap / total * leftShare * rightShare
                }
            }
        }
        return shapes
    }

    /// The shape of a forest's tree, if it holds just these points.
    static func shape(_ forest: RandomCutForest, tree: Int, of points: [[Float]]) -> String? {
        let nodes = forest.trees.nodes(tree)
        var seen: Set<Int> = []
        var isForeign = false
        func text(_ index: Int) -> String {
            let node = nodes[index]
            guard node.isLeaf else {
                return "(\(node.dimension)|\(text(2 * node.pair)),\(text(2 * node.pair + 1)))"
            }
            let place = forest.points.coordinates(node.point)
            let point = points[0].indices.map { place[$0] }
            guard let number = points.firstIndex(of: point) else {
                isForeign = true
                return "?"
            }
            seen.insert(number)
            return "\(number)"
        }
        let shape = text(0)
        return isForeign || seen.count != points.count ? nil : shape
    }
}
