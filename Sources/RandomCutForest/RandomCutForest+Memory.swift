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
        let shape = BoxShape(dimensions: configuration.pointDimensions)
        var bytes = trees * treeBytes(configuration, shape)
        // A point's values, its count of uses, and its number.
        let places = trees * configuration.sampleSize + 1
        let pointBytes =
            4 * configuration.pointDimensions + PointNumbers.size(limit: places)
            + (configuration.keepsSequenceNumbers ? 8 : 0)
        bytes += Int(livePoints(configuration)) * pointBytes
        // A walk has two rows of lanes a level and is some 32 levels deep; the other functions have scratch memory of
        // 12 more bytes a level, two queries, and some points and boxes.
        let lanes = min(Walk.largestGroup, (trees + 7) / 8 * 8)
        bytes += 32 * (2 * 4 * lanes + MemoryLayout<MissingBranch>.stride)
        bytes += 12 * (configuration.sampleSize + 16)
        bytes += 4 * (2 * PointStore.padding + 10 * shape.width + configuration.pointDimensions)
        // Arrays from 128 kB on begin and end in pages of their own; the others leave some of the heap unused.
        let pairs = trees * (configuration.sampleSize + 1)
        let large = [2 * MemoryLayout<Node>.stride * pairs, 4 * shape.stride * pairs].filter { $0 >= 1 << 17 }
        return bytes + 10_240 + 4_096 * large.count
    }

    private static func treeBytes(_ configuration: Configuration, _ shape: BoxShape) -> Int {
        let sampleSize = configuration.sampleSize
        let pairs = sampleSize + 1
        let nodes = pairs * 2 * MemoryLayout<Node>.stride
        let boxes = pairs * 4 * shape.stride
        // Values and points of the slots; values and places of the groups' largest.
        let groups = (sampleSize + 15) / 16
        let pointSize = PointNumbers.size(limit: configuration.treeCount * sampleSize)
        let samples = (4 + pointSize) * sampleSize + 5 * groups
        // The sampler's target, size and largest slot, the normaliser, the free pair, and an entry of the plan.
        return nodes + boxes + samples + 28 + MemoryLayout<UpdatePlan.Entry>.stride + 8
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
