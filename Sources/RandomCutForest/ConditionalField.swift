/// What the missing values of a point may be, given the others: one proposal by each tree.
public struct ConditionalField: Sendable, Hashable {
    /// The missing dimensions, in the order in which values are given.
    public let missing: [Int]
    /// By tree, the distance of the point that was found from the one asked for, in the dimensions that are
    /// known: the sum of the differences.
    public let distances: [Double]
    /// Proposals in ascending order, for each missing dimension by itself.
    private let sorted: [[Float]]

    init(missing: [Int], distances: [Double], proposals: [[Float]]) {
        self.missing = missing
        self.distances = distances
        sorted = proposals.map { $0.sorted() }
    }

    /// The smallest proposals that at least this share of the trees does not exceed, one for each missing dimension.
    ///
    /// - Parameter share: 0 to 1; values outside are taken as the nearest of them.
    public func quantile(_ share: Double) -> [Float] {
        sorted.map { proposals in
            let rank = (share * Double(proposals.count)).rounded(.up)
            let index = rank.isNaN ? 0 : min(max(rank, 1), Double(proposals.count)) - 1
            return proposals[Int(index)]
        }
    }

    /// The median proposals.
    public var median: [Float] { quantile(0.5) }

    /// The mean proposals.
    public var mean: [Float] {
        sorted.map { proposals in
            Float(proposals.reduce(0.0) { $0 + Double($1) } / Double(proposals.count))
        }
    }
}
