import LogRecords

/// Scores the records of one stream, in order: lines to rows, rows to the models
/// of their entities, models to verdicts.
///
/// Lines are extracted in parallel, and models run in parallel, each model seeing
/// its records in order: the result is the same for any number of threads and any
/// cut of the stream into batches. A model takes all its records of a batch one after the other,
/// so that it stays in the processor's cache. One owner; not thread-safe.
public final class StreamDetector {
    public let plan: FeaturePlan
    public let format: LineFormat
    /// As configured: what was found in the stream's first lines is nil here.
    public internal(set) var settings: StreamSettings
    let workers: Workers
    private var extractors: [RowExtractor]
    var entities: EntityTable

    /// A detector whose format and features are settled.
    ///
    /// - Parameters:
    ///   - settings: as configured, of which `decoder` and `plan` follow.
    ///   - threads: how many threads a batch may use.
    public init(decoder: LineDecoder, plan: FeaturePlan, settings: StreamSettings, threads: Int = 1) {
        self.plan = plan
        self.settings = settings
        format = decoder.format
        workers = Workers(threads)
        let extractor = RowExtractor(decoder: decoder, plan: plan)
        extractors = Array(repeating: extractor, count: workers.count)
        entities = EntityTable(
            limit: settings.detector.maximumEntities,
            makeDetector: Self.maker(plan, settings)
        )
    }

    /// A detector whose format and features are all configured.
    public convenience init(
        decoder: LineDecoder,
        plan: FeaturePlan,
        settings: DetectorSettings,
        threads: Int = 1
    ) {
        let settings = StreamSettings(
            format: decoder.format,
            features: plan.features,
            entityField: plan.entityField,
            detector: settings
        )
        self.init(decoder: decoder, plan: plan, settings: settings, threads: threads)
    }

    /// Models in memory.
    public var entityCount: Int { entities.count }
    /// Models dropped because there were more entities than `maximumEntities`.
    public var droppedEntityCount: Int { entities.droppedCount }

    /// Scores and learns the lines that `ranges` cut out of `bytes`; one outcome
    /// for each, in order.
    ///
    /// Throws only what no line can cause: settings that no forest can be made of.
    ///
    /// - Precondition: the settings say `forests`; else see ``read(_:lines:)``.
    public func process(
        _ bytes: UnsafeBufferPointer<UInt8>,
        lines ranges: [Range<Int>]
    ) throws -> [LineOutcome] {
        let (table, detectors) = try rows(of: bytes, lines: ranges)
        return judge(table, detectors)
    }

    /// The lines as rows, and the detectors that have rows among them.
    func rows(
        of bytes: UnsafeBufferPointer<UInt8>,
        lines ranges: [Range<Int>]
    ) throws -> (table: RowTable, detectors: [EntityDetector]) {
        var table = RowTable(rowCount: ranges.count, featureCount: plan.features.count)
        var names = Array(repeating: [UInt8](), count: workers.count)
        extract(bytes, ranges, into: &table, names: &names)
        return (table, try assign(table, names))
    }

    /// Forgets each entity's last record, for use between history and the stream.
    public func forgetPrevious() {
        entities.forgetPrevious()
    }

    /// What the lines so far teach about later ones.
    var decoderState: LogParser.State {
        get { extractors[0].decoderState }
        set { for index in extractors.indices { extractors[index].decoderState = newValue } }
    }

    /// Extracts the parts of the batch in parallel, each as if the part before it
    /// taught its decoder nothing new; a part for which that was wrong (a header
    /// came, or a new year) is extracted again.
    func extract(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ ranges: [Range<Int>],
        into table: inout RowTable,
        names: inout [[UInt8]]
    ) {
        let workers = workers
        let assumed = extractors[0].decoderState
        table.withBuffers { table in
            extractors.withUnsafeMutableBufferPointer { extractors in
                names.withUnsafeMutableBufferPointer { names in
                    nonisolated(unsafe) let (extractors, names, table, bytes) = (
                        extractors, names, table, bytes
                    )
                    // Part k touches only extractor k, names k and the rows of its range.
                    workers.run { part in
                        extractors[part].extract(
                            bytes,
                            ranges,
                            workers.range(part, of: ranges.count),
                            into: table,
                            entities: &names[part]
                        )
                    }
                    for part in 1..<max(1, workers.count) {
                        let state = extractors[part - 1].decoderState
                        guard state != assumed else { continue }
                        names[part] = []
                        extractors[part].decoderState = state
                        extractors[part].extract(
                            bytes,
                            ranges,
                            workers.range(part, of: ranges.count),
                            into: table,
                            entities: &names[part]
                        )
                    }
                }
            }
        }
        decoderState = extractors[workers.count - 1].decoderState
    }

    /// The detectors that have rows in this batch, those with the most first.
    private func assign(_ table: RowTable, _ names: [[UInt8]]) throws -> [EntityDetector] {
        var present: [EntityDetector] = []
        for part in 0..<workers.count {
            try names[part].withUnsafeBufferPointer { names in
                for index in workers.range(part, of: table.rows.count) {
                    guard case .extracted = table.rows[index].outcome else { continue }
                    let name = UnsafeBufferPointer(rebasing: names[table.rows[index].entity])
                    let detector = try entities.detector(of: name)
                    if detector.rows.isEmpty { present.append(detector) }
                    detector.rows.append(index)
                }
            }
        }
        return workers.count > 1 ? present.sorted { $0.rows.count > $1.rows.count } : present
    }

    private func judge(_ table: RowTable, _ present: [EntityDetector]) -> [LineOutcome] {
        var outcomes = table.outcomes
        outcomes.withUnsafeMutableBufferPointer { outcomes in
            nonisolated(unsafe) let (outcomes, present) = (outcomes, present)
            // A task touches only its detector, and only the outcomes of that detector's rows.
            workers.share(present.count) { task in
                let detector = present[task]
                detector.prepareForRows()
                for index in detector.rows {
                    let outcome = table.withValues(of: index) { values in
                        detector.judge(values, timestamp: table.rows[index].timestamp)
                    }
                    // What stands there says `skipped` and holds nothing that would have to be released.
                    outcomes.initializeElement(at: index, to: outcome)
                }
                detector.rows.removeAll(keepingCapacity: true)
            }
        }
        return outcomes
    }
}
