import Foundation

@testable import RandomCutForest

extension ReferenceForest {
    /// The score of a row; nil before the forest is ready.
    func score(_ row: [Float]) -> Double? { isReady ? point(row).map(score(point:)) : nil }

    func score(point: [Float]) -> Double {
        let trees = trees.compactMap { $0 }
        let masses = trees.map(\.mass)
        let scores = trees.map { $0.score(point) }
        let logarithms = masses.map { binaryLogarithm(Double(1 + $0)) }
        let count = Double(trees.count)
        if Set(masses).count == 1 {
            // Trees of one size are summed in units of 2^-24, so that the order does not matter.
            let sum = scores.reduce(0) { $0 + Int64(($1 * 0x1p24).rounded(.towardZero)) }
            return Double(sum) / 0x1p24 * logarithms[0] / count
        }
        return zip(scores, logarithms).reduce(0.0) { $0 + Double($1.0) * $1.1 } / count
    }

    /// In [0, 1]: see `RandomCutForest.displacement(_:)`.
    func displacement(_ row: [Float]) -> Double? {
        guard isReady, let point = point(row) else { return nil }
        let sum = trees.compactMap { $0 }.reduce(0.0) { sum, tree in
            let (displacement, seen) = tree.displacement(point)
            let damping = 1 - Double(seen) / Double(2 * tree.mass)
            return sum + damping * displacement / Double(1 + tree.mass)
        }
        return sum / Double(trees.count)
    }

    /// The parts of the score, in full precision.
    func attribution(_ row: [Float]) -> Attribution? {
        guard isReady, let point = point(row) else { return nil }
        var sum = ReferenceParts(dimensions: point.count)
        for tree in trees.compactMap({ $0 }) {
            let factor = binaryLogarithm(Double(1 + tree.mass)) / Double(trees.count)
            sum = sum.plus(tree.attribution(point).times(factor))
        }
        return Attribution(high: sum.high, low: sum.low)
    }

    /// The leaves that a row reaches: distance, point, number of trees; the nearest first.
    func neighbors(_ row: [Float]) -> [RandomCutForest.Neighbor]? {
        guard isReady, let point = point(row) else { return nil }
        var counts: [[Float]: Int] = [:]
        for tree in trees.compactMap({ $0 }) {
            for leaf in tree.path(to: point).last?.points ?? [] { counts[leaf, default: 0] += 1 }
        }
        return counts.map { leaf, count in
            let squares = zip(leaf, point).reduce(0.0) { sum, pair in
                let difference = Double(pair.0) - Double(pair.1)
                return sum + difference * difference
            }
            return RandomCutForest.Neighbor(point: leaf, distance: squares.squareRoot(), treeCount: count)
        }
        .sorted { one, other in
            one.distance == other.distance
                ? one.point.lexicographicallyPrecedes(other.point) : one.distance < other.distance
        }
    }

    /// The proposals of all trees for the missing values of a point.
    func conditionalField(point: [Float], missing: [Int], centrality: Double) -> ConditionalField? {
        guard isReadyForPoints else { return nil }
        var generator = ForestGenerator(seed: configuration.seed &+ UInt64(updateCount) << 20)
        let found = trees.compactMap { $0 }.map { tree in
            let search = ReferenceCompletion(point: point, missing: missing, centrality: centrality)
            return search.best(tree, level: 0, &generator)
        }
        return ConditionalField(
            missing: missing,
            distances: found.map(\.distance),
            proposals: missing.map { dimension in found.map { $0.point[dimension] } }
        )
    }

    /// The medians of the rows that come next, each put into the point of the one after.
    func forecast(steps: Int) -> [[Float]]? {
        guard isReadyForPoints, var point = lastPoint else { return nil }
        let (size, block) = (point.count, configuration.dimensions)
        return (0..<steps).map { _ in
            point = Array(point[block...]) + Array(repeating: 0, count: block)
            let missing = Array(size - block..<size)
            let row = conditionalField(point: point, missing: missing, centrality: 1)?.median ?? []
            point.replaceSubrange((size - block)..., with: row)
            return row
        }
    }

    /// The density around a row in all, and by dimension and direction.
    func density(_ row: [Float], scaling: Double, power: Int) -> (value: Double, parts: ReferenceParts)? {
        guard isReady, let point = point(row) else { return nil }
        let fields = trees.compactMap { $0?.field(point) }
        func mean(_ part: (ReferenceField) -> ReferenceParts) -> ReferenceParts {
            let zero = ReferenceParts(dimensions: point.count)
            return fields.reduce(zero) { $0.plus(part($1).times(1 / Double(fields.count))) }
        }
        let (measure, probability, distance) = (mean(\.measure), mean(\.probability), mean(\.distance))
        var volume = 0.0
        for dimension in point.indices {
            let share = probability.high[dimension] + probability.low[dimension]
            let length = distance.high[dimension] + distance.low[dimension]
            if share > 0 { volume += share * pow(length / share, Double(power)) }
        }
        let mass = measure.sum / Double(configuration.sampleSize)
        let value = mass / (scaling * mass + volume)
        return (value, measure.times(value / measure.sum))
    }
}
