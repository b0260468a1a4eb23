/// How near the expected values the values of one row must be to be no anomaly, in the units of the rows.
struct Tolerance {
    private let first: Int
    private let scales: [Double]
    /// The row's values, without what was subtracted from them.
    private let values: [Double]
    private let above: [Double]
    private let below: [Double]

    /// - Parameters:
    ///   - point: A transformed point, whose row at `relativeIndex` is looked at.
    init(
        of point: [Float],
        _ relativeIndex: Int,
        _ transformer: PointTransformer,
        _ parameters: CorrectionParameters
    ) {
        let size = transformer.rowSize
        let first = point.count + (relativeIndex - 1) * size
        self.first = first
        let isDifferenced = transformer.parameters.transform.isDifferenced
        var (scales, values, above, below): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for dimension in 0..<size {
            let (scale, shift) = (transformer.scale(dimension), transformer.shift(dimension))
            let value = scale * Double(point[first + dimension])
            let path = Self.meanStep(point, from: first + dimension, by: size, isDifferenced: isDifferenced)
            let rounding = shift == 0 ? 0 : parameters.precision * (scale + abs(shift))
            let noise = parameters.noiseFactor * transformer.noise(dimension)
            let least = max(scale * path, noise) + rounding + parameters.precision
            let gaps = parameters.nearExpected.isEmpty ? NearExpected() : parameters.nearExpected[dimension]
            let magnitude = abs(value + shift)
            scales.append(scale)
            values.append(value)
            above.append(max(gaps.above, gaps.aboveRatio * magnitude, least))
            below.append(max(gaps.below, gaps.belowRatio * magnitude, least))
        }
        (self.scales, self.values, self.above, self.below) = (scales, values, above, below)
    }

    /// Whether none of the row's values is further than allowed from those of another point.
    func holds(_ other: [Float]) -> Bool {
        values.indices.allSatisfy { dimension in
            let (value, expected) = (values[dimension], scales[dimension] * Double(other[first + dimension]))
            return value >= expected - below[dimension] && value <= expected + above[dimension]
        }
    }

    /// How far a value moves from row to row, from a place in the point to its end; 0 at the end.
    static func meanStep(_ point: [Float], from first: Int, by size: Int, isDifferenced: Bool) -> Double {
        var (sum, count) = (0.0, 0)
        var index = first
        while index + size < point.count {
            sum +=
                isDifferenced
                ? abs(Double(point[index])) : abs(Double(point[index]) - Double(point[index + size]))
            count += 1
            index += size
        }
        return count == 0 ? 0 : sum / Double(count)
    }
}
