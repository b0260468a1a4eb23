import AnomalyDetection
import DetectionPipeline
import LogRecords
import ModelEndpoint

/// Rows to train on, from files that are read as one: lines of numbers with commas between, with or without names in
/// the first line, or the lines of a log, of which each gives the raw values of its features.
///
/// A log's rows are those that `run --scorer sagemaker` sends.
final class TrainingFile {
    /// What the lines are.
    enum Kind: String, CaseIterable, Sendable {
        /// Features where the first lines are, else a log.
        case auto
        case features, log
    }

    /// Lines of a log that gave no row: headers, comments, and such as could not be parsed.
    private(set) var skippedCount = 0

    private let source: FileRecordSource
    private let kind: Kind
    private let settings: PipelineSettings
    /// Lines of the file in hand.
    private var lineCount = 0
    private var fileName = ""

    /// Opens each file once, so that one that is missing is known before any work.
    ///
    /// - Parameter settings: how lines of a log are read.
    init(paths: [String], kind: Kind, settings: PipelineSettings, runIdentity: String) throws(InputError) {
        source = try FileRecordSource(paths: paths, runIdentity: runIdentity)
        self.kind = kind
        self.settings = settings
    }

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each batch; what was read stays read.
    ///   - begin: called once, before the first row, with the names of its values.
    ///   - learn: called for each row, in order.
    func read(
        until shouldStop: () -> Bool,
        begin: ([String]) throws -> Void,
        learn: ([Double]) throws -> Void
    ) throws {
        var held: [RecordBatch] = []
        while held.reduce(0, { $0 + $1.records.count }) < PipelineSettings.sampleCount,
            let batch = try nextBatch(until: shouldStop)
        {
            held.append(batch)
        }
        let reader = try reader(of: sample(held))
        try begin(reader.featureNames)
        for batch in held { try read(batch, reader, learn) }
        while let batch = try nextBatch(until: shouldStop) { try read(batch, reader, learn) }
    }

    private func nextBatch(until shouldStop: () -> Bool) throws -> RecordBatch? {
        while !shouldStop() {
            switch try source.next() {
            case .batches(let batches): if let batch = batches.first { return batch }
            case .end: return nil
            case .idle, .assigned, .revoked, .lost: continue
            }
        }
        return nil
    }

    /// The first lines, blank ones left out.
    private func sample(_ batches: [RecordBatch]) -> [[UInt8]] {
        let lines = batches.lazy.flatMap { batch in
            batch.records.lazy.compactMap { $0.defect == nil ? $0.value : nil }.map { Array(batch.bytes[$0]) }
        }
        return Array(lines.filter { !Self.isBlank($0) }.prefix(PipelineSettings.sampleCount))
    }

    // MARK: What the lines are

    private enum Reader {
        /// The header is a line of names, with which each file may begin.
        case numbers(names: [String], header: [UInt8]?)
        case log(StreamDetector)

        var featureNames: [String] {
            switch self {
            case .numbers(let names, _): names
            case .log(let detector): detector.plan.features.map(\.name)
            }
        }
    }

    private func reader(of sample: [[UInt8]]) throws -> Reader {
        if kind != .log, let names = namesOfNumbers(sample) { return names }
        if kind == .features {
            throw TrainingError("the first lines are no rows of numbers with commas between")
        }
        return .log(try detector(sample))
    }

    /// Nil where the lines are not all rows of as many numbers, but for names in the first.
    private func namesOfNumbers(_ sample: [[UInt8]]) -> Reader? {
        guard let first = sample.first else { return nil }
        let rows = sample.map { TrainingRows.csvRow($0) }
        guard rows.dropFirst().allSatisfy({ $0?.count == (rows[1] ?? []).count }) else { return nil }
        if let row = rows[0] {
            guard rows.count == 1 || rows[1]?.count == row.count else { return nil }
            return .numbers(names: row.indices.map { "value_\($0)" }, header: nil)
        }
        let names = String(decoding: first, as: UTF8.self).split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        .map { String($0.filter { $0 != "\"" && $0 != "\r" }) }
        guard rows.count > 1, rows[1]?.count == names.count else { return nil }
        return .numbers(names: names, header: first)
    }

    private func detector(_ sample: [[UInt8]]) throws -> StreamDetector {
        let format = settings.format ?? .log(LogFormat.detect(lines: sample))
        let decoder = try LineDecoder(format, referenceYear: settings.referenceYear)
        var features =
            settings.features ?? FeaturePlan.standardFeatures(for: format, lines: sample, decoder: decoder)
        // Rows are raw values: two features of one field would be the same value twice.
        var sources: Set<Feature.Source> = []
        features = features.filter { sources.insert($0.source).inserted }.map { feature in
            guard settings.features == nil, case .field(let path) = feature.source else { return feature }
            var named = feature
            named.name = path
            return named
        }
        return StreamDetector(
            decoder: decoder,
            plan: FeaturePlan(features: features),
            settings: StreamSettings(scoring: .external("train")),
            threads: settings.threads
        )
    }

    // MARK: Rows

    private func read(_ batch: RecordBatch, _ reader: Reader, _ learn: ([Double]) throws -> Void) throws {
        switch reader {
        case .numbers(let names, let header):
            if batch.stream.name != fileName { (fileName, lineCount) = (batch.stream.name, 0) }
            for record in batch.records {
                lineCount += 1
                let line = record.defect == nil ? Array(batch.bytes[record.value ?? 0..<0]) : []
                if record.defect == nil, Self.isBlank(line) || line == header { continue }
                guard let row = TrainingRows.csvRow(line), row.count == names.count else {
                    throw TrainingError(
                        "line \(lineCount) of \(fileName) is no row of \(names.count) finite numbers"
                    )
                }
                try learn(row)
            }
        case .log(let detector):
            let lines = batch.records.map { $0.defect == nil ? $0.value ?? 0..<0 : 0..<0 }
            let rows = try batch.bytes.withUnsafeBufferPointer { try detector.read($0, lines: lines).rows }
            skippedCount += batch.records.count - rows.count
            for row in rows { try learn(row) }
        }
    }

    private static func isBlank(_ line: [UInt8]) -> Bool {
        line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    }
}
