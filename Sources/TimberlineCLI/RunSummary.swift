import AnomalyDetection
import DetectionPipeline

/// Counts drivers as records pass, and says at the end what a run did.
final class RunSummary: ScoredRecordSink {
    private let errors: OutputStream
    private let now: () -> Int64
    private let start: Int64
    private var drivers: [String: Int] = [:]

    init(host: Host) {
        errors = host.errors
        now = host.now
        start = host.now()
    }

    func store(_ records: [ScoredRecord]) {
        for record in records where record.verdict.isAnomalous {
            guard let driver = record.verdict.drivers.first else { continue }
            drivers["\(driver.feature) \(driver.direction == .above ? "↑" : "↓")", default: 0] += 1
        }
    }

    func print(_ progress: PipelineProgress) {
        let counts = progress.counts
        let seconds = max(0.001, Double(now() - start) / 1_000)
        var lines = [
            "\(counts.read) lines in \(NumberText.quantity(seconds, unit: "s"))"
                + " (\(NumberText.fixed(Double(counts.read) / seconds, digits: 0)) lines/s)"
        ]
        let formats = Set(progress.formats.values).sorted()
        if !formats.isEmpty { lines.append("format: " + formats.joined(separator: ", ")) }
        lines.append(
            "\(counts.failed) unparsed, \(counts.skipped) skipped, \(counts.learnt) for warm-up, "
                + "\(counts.early) scored early"
        )
        let share = counts.scored > 0 ? Double(counts.anomalous) / Double(counts.scored) * 100 : 0
        lines.append(
            "\(counts.anomalous) anomalies (\(NumberText.short(share)) % of \(counts.scored) scored)"
        )
        if !drivers.isEmpty {
            let ranked = drivers.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            lines.append(
                "top drivers: " + ranked.prefix(5).map { "\($0.key) \($0.value)×" }.joined(separator: ", ")
            )
        }
        if progress.droppedModelCount > 0 {
            lines.append("\(progress.droppedModelCount) models dropped: more entities than maximum-entities")
        }
        // A closed standard error is no reason to fail at the end.
        for line in lines { try? errors.write(line: line) }
        try? errors.flush()
    }
}
