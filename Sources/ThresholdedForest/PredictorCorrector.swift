import RandomCutForest

/// Takes back anomalies by score that are none: echoes of an earlier one in the shingle, noise, what was expected.
///
/// The rules are those of AWS's thresholded forest (random-cut-forest-by-aws 4.3). A row without a grade costs
/// O(1); one with a grade takes one or two attributions and an imputation.
struct PredictorCorrector: Sendable, Hashable {
    let parameters: CorrectionParameters
    let rowSize: Int
    let shingleSize: Int
    var run: AnomalyRun
    var lastAnomaly: LastAnomaly?
    /// Score and threshold of the last row that had a score; 0 before the first.
    var lastScore = 0.0
    var lastThreshold = 0.0

    init(_ parameters: CorrectionParameters, rowSize: Int, shingleSize: Int) throws(ForestError) {
        try parameters.validate(rowSize: rowSize)
        self.parameters = parameters
        self.rowSize = rowSize
        self.shingleSize = shingleSize
        run = AnomalyRun(rowSize: rowSize, decay: parameters.runDecay)
    }

    /// Judges a row that has a score, and remembers what later rows are judged by.
    ///
    /// - Parameters:
    ///   - transformer: As it was when the row was transformed.
    ///   - forest: Before it learned the row.
    mutating func judge(
        _ candidate: Candidate,
        _ transformer: PointTransformer,
        _ forest: RandomCutForest
    ) throws(ForestError) -> Judgement {
        var judgement = Judgement(candidate)
        if candidate.grade > 0, let point = try forest.point(endingWith: candidate.row) {
            let goesOn = goesOn(candidate)
            try examine(point, candidate, transformer, forest, &judgement)
            if goesOn { judgeRun(candidate, transformer, &judgement) }
            remember(point, candidate, transformer, judgement)
        }
        run.count(judgement)
        lastScore = candidate.score
        lastThreshold = candidate.threshold
        return judgement
    }

    /// Whether a score rises, or falls so little that it belongs to what the last row began.
    private func goesOn(_ candidate: Candidate) -> Bool {
        guard lastScore > 0 else { return false }
        if candidate.score > lastScore { return true }
        let length = Double(run.length) / (2 * Double(max(10, shingleSize)))
        let allowed = max(candidate.threshold, lastThreshold) * (1 + max(0.2, length))
        return lastScore - lastThreshold > candidate.score - allowed
    }

    private mutating func judgeRun(
        _ candidate: Candidate,
        _ transformer: PointTransformer,
        _ judgement: inout Judgement
    ) {
        if parameters.adjustsAutomatically {
            let expected = judgement.finding?.expected?.point.suffix(rowSize)
            run.learn(candidate.row, expected: expected)
            if judgement.grade > 0, run.length > CorrectionParameters.runAllowed {
                let noise = (0..<rowSize).map { dimension in
                    parameters.noiseFactor * transformer.noise(dimension) / transformer.scale(dimension)
                }
                if run.holds(candidate.row, expected: expected, noise: noise) {
                    judgement.takeBack(.dataDrift)
                }
            }
        }
        if parameters.alertsOnce, judgement.grade > 0, run.length > 0, distance(candidate) < shingleSize {
            judgement.takeBack(.alertOnce)
        }
    }

    private mutating func remember(
        _ point: [Float],
        _ candidate: Candidate,
        _ transformer: PointTransformer,
        _ judgement: Judgement
    ) {
        guard judgement.grade > 0 else { return }
        lastAnomaly = LastAnomaly(
            index: candidate.index,
            score: candidate.score,
            row: candidate.row,
            expected: judgement.finding?.expected?.point,
            shift: (0..<rowSize).map(transformer.shift),
            shiftChange: nil
        )
    }

    /// Notes how the anomaly moved the mean, once the transformer has learned it.
    mutating func noteShift(of index: Int, _ transformer: PointTransformer) {
        guard let last = lastAnomaly, last.index == index, transformer.parameters.transform.followsMean else {
            return
        }
        lastAnomaly?.shiftChange = (0..<rowSize).map { transformer.shift($0) - last.shift[$0] }
    }

    /// Rows since the last anomaly; very many if there was none.
    func distance(_ candidate: Candidate) -> Int {
        lastAnomaly.map { candidate.index - $0.index } ?? .max
    }
}
