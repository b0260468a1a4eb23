import BinaryCoding
import RandomCutForest

extension ThresholdedRandomCutForest.Configuration {
    /// All but the forest's, which its own state holds.
    func write(to writer: inout ByteWriter) {
        transform.write(to: &writer)
        threshold.write(to: &writer)
        correction.write(to: &writer)
        writer.write(UInt8(truncatingIfNeeded: MissingValues.allCases.firstIndex(of: missingValues) ?? 0))
    }

    init(
        forest: RandomCutForest.Configuration,
        from reader: inout ByteReader
    ) throws(BinaryCodingError) {
        self.init(forest)
        transform = try .init(rowSize: forest.dimensions, from: &reader)
        threshold = try .init(from: &reader)
        correction = try .init(rowSize: forest.dimensions, from: &reader)
        missingValues = try reader.readElement(of: MissingValues.allCases)
    }
}

extension PointTransformer.Parameters {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(UInt8(truncatingIfNeeded: Transform.allCases.firstIndex(of: transform) ?? 0))
        writer.write(weights)
        writer.write(decay)
        switch scale {
        case .deviationPlus: writer.write(false)
        case .deviation: writer.write(true)
        }
        writer.write(scale.smallest)
        writer.write(clip)
        writer.write(Int64(startRows))
    }

    fileprivate init(rowSize: Int, from reader: inout ByteReader) throws(BinaryCodingError) {
        let transform = try reader.readElement(of: Transform.allCases)
        let weights = try reader.readNumbers(0...rowSize)
        self.init(transform, decay: try reader.readFinite())
        self.weights = weights
        let isDeviation = try reader.readBool()
        let least = try reader.readFinite()
        scale = isDeviation ? .deviation(atLeast: least) : .deviationPlus(least)
        clip = try reader.readFinite()
        startRows = try reader.readTally()
    }
}

extension ScoreThresholder.Parameters {
    fileprivate func write(to writer: inout ByteWriter) {
        for number in [
            zFactor, absoluteThreshold, initialThreshold, usualMean, scoreDifferencing, scoreDecay,
            anomalyRate,
        ] { writer.write(number) }
        writer.write(Int64(minimumScores))
        for flag in [adjustsAutomatically, isTransformed, scoresOverlap] { writer.write(flag) }
    }

    fileprivate init(from reader: inout ByteReader) throws(BinaryCodingError) {
        self.init(scoreDecay: 0)
        zFactor = try reader.readFinite()
        absoluteThreshold = try reader.readFinite()
        initialThreshold = try reader.readFinite()
        usualMean = try reader.readFinite()
        scoreDifferencing = try reader.readFinite()
        scoreDecay = try reader.readFinite()
        anomalyRate = try reader.readFinite()
        minimumScores = try reader.readTally()
        adjustsAutomatically = try reader.readBool()
        isTransformed = try reader.readBool()
        scoresOverlap = try reader.readBool()
    }
}

extension CorrectionParameters {
    fileprivate func write(to writer: inout ByteWriter) {
        for number in [noiseFactor, precision, runDecay] { writer.write(number) }
        writer.write(nearExpected.flatMap { [$0.above, $0.below, $0.aboveRatio, $0.belowRatio] })
        writer.write(adjustsAutomatically)
        writer.write(alertsOnce)
    }

    fileprivate init(rowSize: Int, from reader: inout ByteReader) throws(BinaryCodingError) {
        self.init(runDecay: 0)
        noiseFactor = try reader.readFinite()
        precision = try reader.readFinite()
        runDecay = try reader.readFinite()
        let gaps = try reader.readNumbers(0...4 * rowSize)
        guard gaps.count % 4 == 0 else { throw reader.damaged("\(gaps.count) gaps") }
        nearExpected = stride(from: 0, to: gaps.count, by: 4).map { first in
            NearExpected(
                above: gaps[first],
                below: gaps[first + 1],
                aboveRatio: gaps[first + 2],
                belowRatio: gaps[first + 3]
            )
        }
        adjustsAutomatically = try reader.readBool()
        alertsOnce = try reader.readBool()
    }
}
