extension RandomCutForest {
    /// The bytes that a forest of this configuration takes once it is full and has run for a while.
    ///
    /// To be asked before the forest is made. True within 10 % on data without many duplicates; duplicates make it less.
    /// Everything is allocated at the start; what is never used is never touched, and not counted.
    ///
    /// Only the number of points is not known exactly. A tree keeps a point of age a with probability
    /// 1 - exp(-θe^(-λa)), where θ follows from the sample size; so with T trees the number of points that
    /// some tree keeps is Ein(Tθ)/λ, with Ein(x) = ∫ (1 - e^(-u))/u du from 0 to x.
    public static func memoryBytes(for configuration: Configuration) throws(ForestError) -> Int {
        try configuration.validate()
        let trees = configuration.treeCount
        let samples = configuration.sampleSize
        let dimensions = configuration.pointDimensions
        let shape = BoxShape(dimensions: dimensions)
        let pairs = trees * (samples + 1)
        var bytes = pairs * (2 * 8 + 4 * shape.stride + (shape.isNarrow ? 0 : 4))
        let groups = (samples + 15) / 16
        bytes += trees * (8 * samples + 5 * groups + 96)
        bytes += Int(livePoints(configuration)) * (4 * dimensions + 4)
        // Walks: rows of two arrays for some thirty levels, and pages begun.
        bytes += 2 * 32 * 4 * min(64, (trees + 7) / 8 * 8) + 4 * (samples + 16) + 16384
        return bytes + 16 * shape.width + 1024
    }

    private static func livePoints(_ configuration: Configuration) -> Double {
        let most = Double(configuration.treeCount * configuration.sampleSize)
        let decay = configuration.timeDecay
        // A uniform sample of everything: in the long run no two trees share a point.
        guard decay > 0 else { return most }
        let wanted = decay * Double(configuration.sampleSize)
        var (low, high) = (0.0, 1.0)
        while entireExponentialIntegral(high) < wanted, high < 1e12 { high *= 2 }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if entireExponentialIntegral(middle) < wanted { low = middle } else { high = middle }
        }
        return min(most, entireExponentialIntegral(Double(configuration.treeCount) * low) / decay)
    }

    /// Ein(x): the midpoint rule up to 20, from there on the logarithm and Euler's constant.
    private static func entireExponentialIntegral(_ x: Double) -> Double {
        guard x < 20 else { return 0.5772156649015329 + naturalLogarithm(x) }
        let steps = 200
        var sum = 0.0
        for step in 0..<steps {
            let u = (Double(step) + 0.5) * x / Double(steps)
            sum += u > 0 ? (1 - exponential(-u)) / u : 1
        }
        return sum * x / Double(steps)
    }
}
