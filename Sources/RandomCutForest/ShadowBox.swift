/// The box of a node as if one of its leaves were absent: the union of the siblings along the leaf's path.
struct ShadowBox {
    var minima: [Float]
    var maxima: [Float]

    init(dimensions: Int) {
        minima = Array(repeating: .infinity, count: dimensions)
        maxima = Array(repeating: -.infinity, count: dimensions)
    }

    mutating func clear() {
        for dimension in minima.indices {
            minima[dimension] = .infinity
            maxima[dimension] = -.infinity
        }
    }

    mutating func add(_ low: UnsafePointer<Float>, _ high: UnsafePointer<Float>) {
        for dimension in minima.indices {
            minima[dimension] = min(minima[dimension], low[dimension])
            maxima[dimension] = max(maxima[dimension], high[dimension])
        }
    }
}
