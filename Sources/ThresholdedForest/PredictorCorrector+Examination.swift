import RandomCutForest

extension PredictorCorrector {
    /// Looks for the anomaly in the point, without what an earlier one left there.
    func examine(
        _ point: [Float],
        _ candidate: Candidate,
        _ transformer: PointTransformer,
        _ forest: RandomCutForest,
        _ judgement: inout Judgement
    ) throws(ForestError) {
        let distance = distance(candidate)
        let corrected = corrected(point, distance, transformer)
        if isNoise(corrected, transformer) { return judgement.takeBack(.noise) }
        guard let attribution = try forest.attribution(point: corrected) else { return }
        let newest = min(distance, shingleSize)
        let relativeIndex = attribution.mostUnusualRow(rowSize: rowSize, newest: newest)
        let tolerance = Tolerance(of: point, relativeIndex, transformer, parameters)
        judgement.finding = Finding(attribution: attribution, relativeIndex: relativeIndex)
        if parameters.adjustsAutomatically, try isKnown(corrected, tolerance, forest) {
            return judgement.takeBack(.conditionalForecast)
        }
        let expected = try forest.expectedPoint(point: corrected, attribution: attribution, newest: newest)
        guard let expected else { return }
        judgement.finding?.expected = expected
        if let lastAnomaly, distance < shingleSize {
            guard let ideal = try forest.attribution(point: expected.point) else { return }
            guard differs(attribution, ideal, distance, lastAnomaly, candidate.threshold) else {
                return judgement.takeBack(.anomalyInShingle)
            }
            judgement.correctedScore = ideal.score
        }
        if tolerance.holds(expected.point) {
            judgement.correctedScore = candidate.score
            judgement.takeBack(.forecast)
        }
    }

    /// The point without what the last anomaly did to it: the rows that they share are as expected then, and what the
    /// anomaly did to the transform is undone.
    func corrected(_ point: [Float], _ distance: Int, _ transformer: PointTransformer) -> [Float] {
        guard let lastAnomaly, distance < 2 * shingleSize else { return point }
        var corrected = point
        let size = rowSize
        if let expected = lastAnomaly.expected {
            let shared = max(0, point.count - distance * size)
            for index in 0..<shared { corrected[index] = expected[distance * size + index] }
            if distance <= shingleSize, transformer.parameters.transform.isDifferenced {
                // The step back from the anomaly is as large as the step to it.
                for dimension in 0..<size {
                    corrected[shared + dimension] +=
                        lastAnomaly.row[dimension] - expected[point.count - size + dimension]
                }
            }
        }
        if let change = lastAnomaly.shiftChange {
            let faded = exponential(-Double(distance) * transformer.parameters.decay)
            for index in point.count - min(distance, shingleSize) * size..<point.count {
                let scale = transformer.scale(index % size)
                if scale > 0 { corrected[index] += Float(change[index % size] * faded / scale) }
            }
        }
        return corrected
    }

    /// Whether no value is further than the precision from what is subtracted.
    func isNoise(_ point: [Float], _ transformer: PointTransformer) -> Bool {
        point.indices.allSatisfy { index in
            let dimension = index % rowSize
            let precision = parameters.precision * (1 + abs(transformer.shift(dimension)))
            return abs(Double(point[index])) * transformer.scale(dimension) <= precision
        }
    }

    /// Whether so many trees hold a near point with like values in the unusual row.
    private func isKnown(
        _ corrected: [Float],
        _ tolerance: Tolerance,
        _ forest: RandomCutForest
    ) throws(ForestError) -> Bool {
        guard let neighbors = try forest.neighbors(point: corrected), !neighbors.isEmpty else { return false }
        let mean = neighbors.reduce(0) { $0 + $1.distance } / Double(neighbors.count)
        var trees = 0
        for neighbor in neighbors where neighbor.distance < 1.1 * mean && tolerance.holds(neighbor.point) {
            trees += neighbor.treeCount
        }
        return Double(trees) >= CorrectionParameters.supportingShare * Double(forest.configuration.treeCount)
    }

    /// Whether the rows since the last anomaly are unusual by themselves.
    func differs(
        _ attribution: Attribution,
        _ ideal: Attribution,
        _ distance: Int,
        _ last: LastAnomaly,
        _ threshold: Double
    ) -> Bool {
        let count = attribution.high.count
        var difference = 0.0
        for index in count - distance * rowSize..<count {
            difference += abs(attribution.high[index] - ideal.high[index])
            difference += abs(attribution.low[index] - ideal.low[index])
        }
        let extended = difference * Double(shingleSize) / Double(distance)
        return difference > CorrectionParameters.differentialShare * last.score
            && extended > CorrectionParameters.differentialFactor * threshold
    }
}
