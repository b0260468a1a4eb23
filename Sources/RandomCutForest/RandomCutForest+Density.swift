extension RandomCutForest {
    /// How dense the sample is around a row, in all and towards each side. Learns nothing.
    ///
    /// With M the expected mass beside the point over the sample size, and for each dimension pᵢ the probability of
    /// being separated in it and dᵢ the expected extent when that happens:
    /// density = M / (q·M + Σ pᵢ·dᵢᴰ) (AWS's simple density, there called an interpolation). High where the data is
    /// dense, near 0 far from it; at most 1/q.
    ///
    /// O(trees · (sampleSize + dimensions · log sampleSize)) at worst, as masses are counted.
    ///
    /// - Parameters:
    ///   - row: `dimensions` finite values.
    ///   - scaling: q, above 0: what keeps the density of points that coincide finite.
    ///   - manifoldDimension: D, the dimension of what the data fills; by default that of the points.
    /// - Returns: The density, or nil before the forest is ready.
    public func density(
        _ row: [Float],
        scaling: Double = 0.001,
        manifoldDimension: Int? = nil
    ) throws(ForestError) -> Density? {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in try accept(row) }
        guard scaling > 0, scaling.isFinite else {
            throw ForestError(.invalidArgument, "scaling is \(scaling), must be above 0")
        }
        let power = manifoldDimension ?? trees.shape.dimensions
        guard power >= 1 else {
            throw ForestError(.invalidArgument, "manifoldDimension is \(power), must be at least 1")
        }
        guard isReady else { return nil }
        return Density(densityParts(), scaling, power, sampleSize: configuration.sampleSize)
    }

    private func densityParts() -> DensityParts {
        let dimensions = trees.shape.dimensions
        var sum = DensityParts(dimensions: dimensions)
        var parts = sum
        let (trees, walk, points, sampler, query, scratch) = (trees, walk, points, sampler, query, scratch)
        forEachTree { (lane) in
            trees.density(lane, query, walk, points, sampler, scratch, &parts)
            sum.add(parts, times: 1 / Double(trees.treeCount))
        }
        return sum
    }
}

extension Density {
    fileprivate init(_ parts: DensityParts, _ scaling: Double, _ power: Int, sampleSize: Int) {
        var mass = 0.0
        var factors = 0.0
        for dimension in parts.measure.high.indices {
            mass += parts.measure.high[dimension] + parts.measure.low[dimension]
            let probability = parts.probability.high[dimension] + parts.probability.low[dimension]
            let distance = parts.distance.high[dimension] + parts.distance.low[dimension]
            guard probability > 0, distance > 0 else { continue }
            factors += probability * Self.power(distance / probability, power)
        }
        let points = mass / Double(sampleSize)
        value = points > 0 ? points / (scaling * points + factors) : 0
        let share = mass > 0 ? value / mass : 0
        high = parts.measure.high.map { $0 * share }
        low = parts.measure.low.map { $0 * share }
        distanceHigh = parts.distance.high
        distanceLow = parts.distance.low
    }

    /// By repeated squaring: the same bits everywhere. Infinity where it is too large.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
