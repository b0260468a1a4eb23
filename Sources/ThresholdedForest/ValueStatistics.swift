/// What a transform knows of one value of the rows.
struct ValueStatistics: Sendable, Hashable {
    var values: DiscountedDeviation
    /// Of the steps from one row to the next; the first row steps by 0.
    var steps: DiscountedDeviation
    /// Of the deviation of the values: its mean is the smoothed deviation.
    var deviations: DiscountedDeviation
    /// Of the deviation of the steps, ten times as slow: its mean is the noise.
    var stepDeviations: DiscountedDeviation

    init(decay: Double) {
        values = DiscountedDeviation(discount: decay)
        steps = values
        deviations = values
        stepDeviations = DiscountedDeviation(discount: 0.1 * decay)
    }

    /// What the value moves by from row to row, usually.
    var noise: Double { stepDeviations.mean }

    /// - Parameter step: Nil where the row before is unknown.
    mutating func update(value: Double, step: Double?) {
        values.update(value)
        if let step = step ?? (steps.count == 0 ? 0 : nil) { steps.update(step) }
        deviations.update(values.deviation)
        stepDeviations.update(steps.deviation)
    }

    /// The statistics of a whole column, with its last deviation as the smoothed one.
    init(column: some Sequence<Double>, decay: Double) {
        self.init(decay: decay)
        var last: Double?
        for value in column {
            values.update(value)
            steps.update(last.map { value - $0 } ?? 0)
            last = value
        }
        deviations.update(values.deviation)
    }
}
