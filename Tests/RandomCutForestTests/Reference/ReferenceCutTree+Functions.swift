@testable import RandomCutForest

extension ReferenceCutTree {
    /// The score of a point before it is multiplied with log2(1 + mass).
    func score(_ point: [Float]) -> Float {
        let path = path(to: point)
        let depth = path.count - 1
        if let seen = seenScore(point, path) { return Float(seen) }
        var score = 1 / Float(depth + 1)
        for level in (0..<depth).reversed() {
            guard let separation = path[level].box.separation(point) else { break }
            score = separation * (1 / Float(level + 1)) + (1 - separation) * score
        }
        return score
    }

    /// The score of a point that is in the tree.
    private func seenScore(_ point: [Float], _ path: [ReferenceCutTree]) -> Double? {
        guard case .leaf(point, let leafMass) = path[path.count - 1] else { return nil }
        let damping = 1 - Double(leafMass) / (2 * Double(mass))
        return damping / (Double(path.count - 1) + binaryLogarithm(Double(1 + leafMass)))
    }

    /// The expected mass that moves down when the point is inserted; and the mass of a leaf that equals it.
    func displacement(_ point: [Float]) -> (displacement: Double, seen: Int) {
        let path = path(to: point)
        let leafMass = path[path.count - 1].mass
        if case .leaf(point, _) = path[path.count - 1] { return (1 / Double(1 + leafMass), leafMass) }
        var result = Double(leafMass)
        for node in path.dropLast().reversed() {
            guard let separation = node.box.separation(point).map(Double.init) else { break }
            result = separation * Double(node.mass) + (1 - separation) * result
        }
        return (result, 0)
    }

    /// The parts of the score by dimension and direction.
    func attribution(_ point: [Float]) -> ReferenceParts {
        let path = path(to: point)
        let depth = path.count - 1
        var parts = ReferenceParts(dimensions: point.count)
        guard let seen = seenScore(point, path).map({ Double(Float($0)) }) else {
            parts = ReferenceParts(of: ReferenceBox(path[depth].points), point).times(1 / Double(depth + 1))
            for level in (0..<depth).reversed() {
                let box = path[level].box
                guard let separation = box.exactSeparation(point) else { break }
                let cut = ReferenceParts(of: box, point).times(separation / Double(level + 1))
                parts = parts.times(1 - separation).plus(cut)
            }
            return parts
        }
        // An equal leaf tells no direction: the boxes above are taken without it.
        parts = ReferenceParts(dimensions: point.count, all: seen / Double(2 * point.count))
        for level in (0..<depth).reversed() {
            let box = ReferenceBox(path[level].points.filter { $0 != point })
            guard let separation = box.exactSeparation(point) else { break }
            let cut = ReferenceParts(of: box, point).times(separation / Double(level + 1))
            parts = parts.times(1 - separation).plus(cut)
        }
        return parts.times(seen / parts.sum)
    }
}

/// What one tree says of the density around a point: by dimension and direction the mass that is seen there, the
/// probability of being separated there, and that times the extent of what is separated.
struct ReferenceField {
    var measure: ReferenceParts
    var probability: ReferenceParts
    var distance: ReferenceParts
}

extension ReferenceCutTree {
    func field(_ point: [Float]) -> ReferenceField {
        let path = path(to: point)
        let zero = ReferenceParts(dimensions: point.count)
        var field = ReferenceField(measure: zero, probability: zero, distance: zero)
        // The point counts as one more sample, and as many more as there are of it.
        var own = 1.0
        var isSeen = false
        if case .leaf(point, let mass) = path[path.count - 1] {
            isSeen = true
            own += Double(mass)
            let even = ReferenceParts(dimensions: point.count, all: 0.5 / Double(point.count))
            field = ReferenceField(measure: even.times(own), probability: even, distance: zero)
        }
        for node in path.reversed().dropFirst(isSeen ? 1 : 0) {
            let box = ReferenceBox(node.points.filter { !isSeen || $0 != point })
            guard let separation = box.exactSeparation(point) else { break }
            let share = ReferenceParts(of: box, point).times(separation)
            var reach = share
            for dimension in point.indices {
                let (low, high) = (Double(box.minima[dimension]), Double(box.maxima[dimension]))
                reach.high[dimension] *= Double(point[dimension]) - low
                reach.low[dimension] *= high - Double(point[dimension])
            }
            let mass = Double(node.mass) + own
            field.measure = field.measure.times(1 - separation).plus(share.times(mass))
            field.probability = field.probability.times(1 - separation).plus(share)
            field.distance = field.distance.times(1 - separation).plus(reach)
        }
        return field
    }
}

/// Numbers by dimension and direction.
struct ReferenceParts {
    var high: [Double]
    var low: [Double]

    init(dimensions: Int, all value: Double = 0) {
        high = Array(repeating: value, count: dimensions)
        low = high
    }

    /// How far a point is outside of a box, as shares of the whole.
    init(of box: ReferenceBox, _ point: [Float]) {
        high = zip(point, box.maxima).map { max(0, Double($0) - Double($1)) }
        low = zip(box.minima, point).map { max(0, Double($0) - Double($1)) }
        self = times(1 / sum)
    }

    var sum: Double { (high + low).reduce(0, +) }

    func times(_ factor: Double) -> ReferenceParts {
        var result = self
        result.high = high.map { $0 * factor }
        result.low = low.map { $0 * factor }
        return result
    }

    func plus(_ other: ReferenceParts) -> ReferenceParts {
        var result = self
        result.high = zip(high, other.high).map { $0 + $1 }
        result.low = zip(low, other.low).map { $0 + $1 }
        return result
    }
}
