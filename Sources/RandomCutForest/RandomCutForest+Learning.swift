extension RandomCutForest {
    /// Learns a row as if it had come `samplingWeight` times as likely: how long points stay in the samples grows with it.
    ///
    /// The weight is that of weighted reservoir sampling (Efraimidis and Spirakis 2006): while a tree's sample is full, the
    /// chance that the point is taken, and its chance to stay, are those of a point of this weight among the others' 1.
    ///
    /// - Parameter samplingWeight: Above 0, from 2⁻³⁰ to 2³⁰.
    public func update(
        _ row: UnsafeBufferPointer<Float>,
        samplingWeight: Double
    ) throws(ForestError) {
        guard 0x1p-30...0x1p30 ~= samplingWeight else {
            throw ForestError(.invalidArgument, "samplingWeight is \(samplingWeight), must be 2^-30 to 2^30")
        }
        self.samplingWeight = samplingWeight
        defer { self.samplingWeight = 1 }
        try update(row)
    }

    /// Learns a row with a sampling weight.
    public func update(_ row: [Float], samplingWeight: Double) throws(ForestError) {
        try row.withUnsafeBufferPointer { (row) throws(ForestError) in
            try update(row, samplingWeight: samplingWeight)
        }
    }

    /// Changes the rate at which older points lose weight, from the next row on.
    ///
    /// What was learned before keeps the weight that it has now: only its further decay changes. O(1).
    ///
    /// - Parameter timeDecay: 0 to 1, in weight lost per update: a point's weight falls by e^(-timeDecay).
    public func setTimeDecay(_ timeDecay: Double) throws(ForestError) {
        guard 0...1 ~= timeDecay else {
            throw ForestError(.invalidArgument, "timeDecay is \(timeDecay), must be 0 to 1")
        }
        self.timeDecay = timeDecay
        sampler.state.pointee.ratio = exponential(timeDecay)
    }

    /// From now on updates only move the shingle on: no point is learned, none ages, and none is counted.
    public func pauseLearning() { isLearning = false }

    /// Learns updates again.
    public func resumeLearning() { isLearning = true }
}
