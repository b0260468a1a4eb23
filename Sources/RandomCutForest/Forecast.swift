/// The rows that a forest expects to come next.
public struct Forecast: Sendable, Hashable {
    /// One step into the future.
    public struct Step: Sendable, Hashable {
        /// By dimension of a row, the median over the trees.
        public var median: [Float]
        /// The lower and upper ends of the interval, quantiles over the trees.
        public var lower: [Float]
        public var upper: [Float]

        public init(median: [Float], lower: [Float], upper: [Float]) {
            self.median = median
            self.lower = lower
            self.upper = upper
        }
    }

    /// The next row first.
    public var steps: [Step]

    public init(steps: [Step]) {
        self.steps = steps
    }
}
