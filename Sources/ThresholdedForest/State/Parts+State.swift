import BinaryCoding

extension PointTransformer {
    func write(to writer: inout ByteWriter) {
        writer.write(isStarted)
        writer.write(lastRow) { $0.write($1) }
        for known in statistics {
            for series in [known.values, known.steps, known.deviations, known.stepDeviations] {
                series.write(to: &writer)
            }
        }
    }

    mutating func restore(from reader: inout ByteReader) throws(BinaryCodingError) {
        isStarted = try reader.readBool()
        let size = rowSize
        lastRow = try reader.readOptional { (reader) throws(BinaryCodingError) in
            try reader.readNumbers(size...size)
        }
        for dimension in statistics.indices {
            try statistics[dimension].values.restore(from: &reader)
            try statistics[dimension].steps.restore(from: &reader)
            try statistics[dimension].deviations.restore(from: &reader)
            try statistics[dimension].stepDeviations.restore(from: &reader)
        }
    }
}

extension ScoreThresholder {
    func write(to writer: inout ByteWriter) {
        for series in [scores, differences, shortfalls] { series.write(to: &writer) }
    }

    mutating func restore(from reader: inout ByteReader) throws(BinaryCodingError) {
        try scores.restore(from: &reader)
        try differences.restore(from: &reader)
        try shortfalls.restore(from: &reader)
    }
}

extension PredictorCorrector {
    func write(to writer: inout ByteWriter) {
        writer.write(lastScore)
        writer.write(lastThreshold)
        writer.write(Int64(run.length))
        for series in run.actual + run.expected { series.write(to: &writer) }
        writer.write(lastAnomaly) { writer, last in
            writer.write(Int64(last.index))
            writer.write(last.score)
            writer.write(last.row)
            writer.write(last.expected) { $0.write($1) }
            writer.write(last.shift)
            writer.write(last.shiftChange) { $0.write($1) }
        }
    }

    /// - Parameter rowCount: Rows processed: the last anomaly is one of them.
    mutating func restore(from reader: inout ByteReader, rowCount: Int) throws(BinaryCodingError) {
        lastScore = try reader.readFinite()
        lastThreshold = try reader.readFinite()
        let length = try reader.readTally()
        let discount = parameters.runDecay
        var series: [DiscountedDeviation] = []
        for _ in 0..<2 * rowSize { series.append(try .init(discount: discount, from: &reader)) }
        run = AnomalyRun(
            length: length,
            actual: Array(series[..<rowSize]),
            expected: Array(series[rowSize...])
        )
        let (size, pointSize) = (rowSize, rowSize * shingleSize)
        lastAnomaly = try reader.readOptional { (reader) throws(BinaryCodingError) in
            let index = try reader.readTally()
            guard index < rowCount else { throw reader.damaged("the last anomaly is row \(index)") }
            return LastAnomaly(
                index: index,
                score: try reader.readFinite(),
                row: try reader.readFloats(size),
                expected: try reader.readOptional { (reader) throws(BinaryCodingError) in
                    try reader.readFloats(pointSize)
                },
                shift: try reader.readNumbers(size...size),
                shiftChange: try reader.readOptional { (reader) throws(BinaryCodingError) in
                    try reader.readNumbers(size...size)
                }
            )
        }
    }
}

extension RowHistory {
    func write(to writer: inout ByteWriter) {
        writer.write(UInt64(rows.count))
        for relativeIndex in -rows.count..<0 {
            guard let row = row(relativeIndex) else { continue }
            writer.write(row.time)
            writer.write(row.values)
        }
    }

    mutating func restore(rowSize: Int, from reader: inout ByteReader) throws(BinaryCodingError) {
        let count = try reader.readCount(ofSize: 16)
        guard count <= capacity else { throw reader.damaged("\(count) rows of \(capacity)") }
        for _ in 0..<count {
            let time = try reader.readFinite()
            append(try reader.readNumbers(rowSize...rowSize), at: time)
        }
    }
}

extension FirstRows {
    func write(to writer: inout ByteWriter) {
        writer.write(UInt64(rows.count))
        for (row, time) in zip(rows, times) {
            writer.write(time)
            writer.write(row)
        }
    }

    /// - Parameter limit: One more row would not be held back.
    mutating func restore(rowSize: Int, limit: Int, from reader: inout ByteReader) throws(BinaryCodingError) {
        let count = try reader.readCount(ofSize: 16)
        guard count <= limit else { throw reader.damaged("\(count) first rows") }
        for _ in 0..<count {
            let time = try reader.readFinite()
            append(try reader.readValues(rowSize...rowSize), at: time)
        }
    }
}
