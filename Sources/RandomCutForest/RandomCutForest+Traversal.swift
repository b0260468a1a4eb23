extension RandomCutForest {
    /// Takes the query down all trees and up again, and calls `body` with the lane of the walk that holds each tree.
    @inline(__always)
    func forEachTree(_ body: (_ lane: Int) -> Void) {
        let (trees, walk, points, sampler, query, kernel) = (trees, walk, points, sampler, query, usesKernel)
        forEachGroup(walk) { (lanes, _) in
            _ = trees.score(query, walk, lanes: lanes, recorded: lanes, points, sampler, kernel: kernel)
            for lane in 0..<lanes { body(lane) }
        }
    }

    /// A value of a point as the caller knows it: trees hold it less the origin of its dimension.
    func restored(_ value: Float, _ dimension: Int) -> Float {
        guard hasOrigins else { return value }
        return Float(Double(value) + origins.values[dimension % origins.values.count])
    }

    /// A caller's value as the trees hold it.
    func shifted(_ value: Float, _ dimension: Int) -> Float {
        guard hasOrigins else { return rounded(value) }
        return rounded(Float(Double(value) - origins.values[dimension % origins.values.count]))
    }

    /// The same for a value that needs more bits than a Float has.
    func shifted(_ value: Double, _ dimension: Int) -> Float {
        guard hasOrigins else { return rounded(Float(value)) }
        return rounded(Float(value - origins.values[dimension % origins.values.count]))
    }
}
