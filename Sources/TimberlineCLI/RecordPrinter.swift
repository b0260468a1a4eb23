import AnomalyDetection
import DetectionPipeline

/// Prints scored records, one a line. A batch is out when it returns, so that an
/// anomaly on a live pipe shows at once. After a failure the next try goes on where it stopped.
final class RecordPrinter: ScoredRecordSink {
    private let format: OutputFormat
    private let output: OutputStream
    private let text: ScoredRecordText
    /// Records that are on their way out since a try that failed.
    private var begun: Set<RecordIdentity> = []

    init(format: OutputFormat, host: Host) {
        self.format = format
        output = host.output
        text = ScoredRecordText(styles: host.styles)
    }

    /// What is printed is printed.
    var isIdempotent: Bool { false }

    func store(_ records: [ScoredRecord]) throws {
        try output.flush()
        var count = 0
        do {
            for record in records {
                count += 1
                if !begun.contains(record.identity) { try print(record) }
            }
            try output.flush()
            begun.removeAll()
        } catch {
            begun.formUnion(records.prefix(count).map(\.identity))
            throw error
        }
    }

    func print(_ record: ScoredRecord) throws {
        try output.write(line: format == .json ? ScoredRecordJSON.line(record) : text.line(record))
    }

    func finish() throws {
        try output.flush()
    }
}

/// Keeps the records with the highest scores. Scores of a model that had not yet
/// seen a full sample are rough, so they come after all others.
final class TopRecords: ScoredRecordSink {
    private let count: Int
    private var records: [ScoredRecord] = []

    init(count: Int) {
        self.count = count
    }

    func store(_ more: [ScoredRecord]) {
        records += more
        // Amortised: sorted once for every `count` records.
        if records.count >= 2 * count + 1_000 { reduce() }
    }

    private func reduce() {
        // Stable, so that of equal scores the earlier record stays.
        let ranked = records.enumerated().sorted { first, second in
            let (one, other) = (first.element.verdict, second.element.verdict)
            if one.isEarly != other.isEarly { return other.isEarly }
            if one.score != other.score { return one.score > other.score }
            return first.offset < second.offset
        }
        records = ranked.prefix(count).map(\.element)
    }

    /// Prints them, the highest score first.
    func print(with printer: RecordPrinter) throws {
        reduce()
        for record in records { try printer.print(record) }
    }
}
