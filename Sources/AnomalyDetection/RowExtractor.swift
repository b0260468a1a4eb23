import LogRecords

/// Turns lines into rows of raw feature values. Holds no history, so that parts of
/// a batch can be extracted on several threads, each with an extractor of its own.
struct RowExtractor {
    private var decoder: LineDecoder
    private var record = ParsedRecord()
    /// The features that are fields, and those that are not.
    private var fields: [(feature: Int, reference: FieldReference)] = []
    private var others: [(feature: Int, source: Feature.Source)] = []
    private var entityReference: FieldReference?
    /// The numbers found in a message, as many as the plan asks for.
    private var messageNumbers: [Double] = []
    private let messageNumberLimit: Int

    init(decoder: LineDecoder, plan: FeaturePlan) {
        self.decoder = decoder
        entityReference = plan.entityField.map { FieldReference($0) }
        var numberCount = 0
        for (index, feature) in plan.features.enumerated() {
            switch feature.source {
            case .field(let path): fields.append((index, FieldReference(path)))
            case .messageNumber(let position):
                numberCount = max(numberCount, position + 1)
                others.append((index, feature.source))
            case .gap, .length, .severity: others.append((index, feature.source))
            }
        }
        messageNumberLimit = numberCount
    }

    /// What the lines so far teach about later ones.
    var decoderState: LogParser.State {
        get { decoder.state }
        set { decoder.state = newValue }
    }

    /// Extracts the lines that `ranges[part]` cut out of `bytes` into their rows.
    mutating func extract(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ ranges: [Range<Int>],
        _ part: Range<Int>,
        into table: RowTable.Buffers,
        entities: inout [UInt8]
    ) {
        for index in part {
            table.rows[index] = extract(
                UnsafeBufferPointer(rebasing: bytes[ranges[index]]),
                into: table.values(of: index),
                entities: &entities
            )
        }
    }

    /// Extracts one line.
    ///
    /// - Parameters:
    ///   - values: gets one raw value per feature, NaN where missing; gaps are left
    ///     to the detector.
    ///   - entities: gets the bytes of the entity's name appended.
    private mutating func extract(
        _ line: UnsafeBufferPointer<UInt8>,
        into values: UnsafeMutableBufferPointer<Double>,
        entities: inout [UInt8]
    ) -> ExtractedRow {
        switch decoder.decode(line, into: &record) {
        case .skipped: return ExtractedRow(outcome: .skipped)
        case .failed(let reason): return ExtractedRow(outcome: .failed(reason))
        case .record: break
        }
        for index in fields.indices {
            values[fields[index].feature] = record.number(&fields[index].reference) ?? .nan
        }
        if messageNumberLimit > 0 {
            messageNumbers.removeAll(keepingCapacity: true)
            record.appendNumbers(to: &messageNumbers, limit: messageNumberLimit)
        }
        for (feature, source) in others {
            values[feature] = value(of: source, lineLength: line.count)
        }
        let start = entities.count
        if var reference = entityReference {
            if let position = record.index(of: &reference) {
                record.appendBytes(at: position, to: &entities)
            }
            entityReference = reference
        }
        return ExtractedRow(
            outcome: .extracted,
            timestamp: record.timestamp,
            entity: start..<entities.count
        )
    }

    private func value(of source: Feature.Source, lineLength: Int) -> Double {
        switch source {
        case .field, .gap: .nan
        case .length: Double(lineLength)
        case .severity: record.level.map(Self.severity) ?? 0
        case .messageNumber(let position): position < messageNumbers.count ? messageNumbers[position] : .nan
        }
    }

    /// Ordinary levels are alike; each step above them counts.
    private static func severity(_ level: LogLevel) -> Double {
        switch level {
        case .trace, .debug, .info, .notice: 0
        case .warning: 1
        case .error: 2
        case .critical, .alert, .emergency: 3
        }
    }
}

/// What an extractor says of one line, beside its values.
struct ExtractedRow {
    enum Outcome {
        case extracted
        /// Blank, a header, a comment: nothing to score, and no error.
        case skipped
        /// The line does not fit the format; the reason names the place.
        case failed(String)
    }

    var outcome: Outcome
    /// Nanoseconds since 1970.
    var timestamp: Int64?
    /// Where the entity's name stands in the extractor's `entities`.
    var entity = 0..<0
}
