import AnomalyDetection
import DetectionPipeline
import KafkaClient
import SiteSimulator

/// Compares what a demo found with what was simulated.
///
/// An incident counts as found when at least three of its first twenty lines were
/// anomalous (all, if it has fewer than three): one alone can be chance. A silence,
/// which has no lines, counts when the service's first lines after it were, for
/// their gap. An anomalous line of no incident counts as a false alarm.
final class DemoReport: ScoredRecordSink {
    private struct Finding {
        var lines = 0
        /// Of the incident's first `onset` lines.
        var onsetLines = 0
        /// Seconds from the incident's start to its first anomalous line.
        var delay: Double?
        var driver = ""
    }

    private let incidents: [SimulatedIncident]
    private let source: DemoSource
    private var findings: [Finding]
    private var otherCount = 0

    static let onset = 20
    static let neededLines = 3
    /// How long after a silence its end may be noticed.
    static let silenceGraceMilliseconds: Int64 = 60_000

    init(_ incidents: [SimulatedIncident], source: DemoSource) {
        self.incidents = incidents
        self.source = source
        findings = Array(repeating: Finding(), count: incidents.count)
    }

    func store(_ records: [ScoredRecord]) {
        for record in records {
            guard let (index, ordinal) = incident(of: record) else {
                otherCount += 1
                continue
            }
            findings[index].lines += 1
            if ordinal < Self.onset { findings[index].onsetLines += 1 }
            guard findings[index].delay == nil else { continue }
            let start = Double(incidents[index].startMilliseconds)
            findings[index].delay = record.time.map { max(0, Double($0) / 1e6 - start) / 1_000 }
            findings[index].driver = record.verdict.drivers.first.map(ScoredRecordText.driver) ?? ""
        }
    }

    private func incident(of record: ScoredRecord) -> (index: Int, ordinal: Int)? {
        let stream = record.identity.stream
        let partition = KafkaTopicPartition(stream.name, stream.partition)
        if let label = source.labels[partition]?[record.identity.offset] {
            return (label.incident, label.ordinal)
        }
        guard record.verdict.drivers.first?.feature == "gap", let time = record.time else { return nil }
        let index = incidents.firstIndex { incident in
            incident.kind == .silence && incident.service == record.verdict.entity
                && (incident.endMilliseconds..<incident.endMilliseconds + Self.silenceGraceMilliseconds)
                    .contains(time / 1_000_000)
        }
        return index.map { ($0, 0) }
    }

    private func isFound(_ index: Int) -> Bool {
        let needed = incidents[index].kind == .silence ? 1 : Self.neededLines
        return findings[index].onsetLines >= min(needed, max(1, source.labelledCounts[index] ?? 0))
    }

    func summary(_ progress: PipelineProgress, stored: Int) -> [String] {
        let counts = progress.counts
        var lines = [
            "",
            "\(source.producedCount) lines produced, \(counts.read) consumed and committed, \(progress.modelCount) models",
            "\(counts.anomalous) anomalies found, \(stored) stored; \(counts.failed) lines unparsed",
        ]
        guard !incidents.isEmpty else { return lines }
        let found = incidents.indices.filter(isFound).count
        lines.append("\(found) of \(incidents.count) incidents found:")
        for index in incidents.indices { lines.append("  " + line(index)) }
        let share = counts.scored > 0 ? Double(otherCount) / Double(counts.scored) * 100 : 0
        lines.append(
            "\(otherCount) anomalous lines of no incident (\(NumberText.short(share)) % of all scored)"
        )
        return lines
    }

    private func line(_ index: Int) -> String {
        let (incident, finding) = (incidents[index], findings[index])
        let lineCount = source.labelledCounts[index] ?? 0
        let title = "\(InstantText.rfc3339(incident.startMilliseconds * 1_000_000))  \(incident)"
        let share = "\(finding.onsetLines) of its first \(min(Self.onset, lineCount)) lines"
        guard isFound(index) else { return "✘ \(title): not found, \(share)" }
        let delay = finding.delay.map { " after \(NumberText.quantity($0.rounded(), unit: "s"))" } ?? ""
        let what = incident.kind == .silence ? "when it ended" : share
        return "✔ \(title): found\(delay), \(what), first by \(finding.driver)"
    }
}

/// Passes on at most a few anomalies of an entity in a minute, so that an incident
/// of thousands of lines can be read. All of them are stored.
final class BurstLimiter: ScoredRecordSink {
    private let sink: any ScoredRecordSink
    private var minutes: [String: (minute: Int64, count: Int)] = [:]

    static let perMinute = 2

    init(_ sink: any ScoredRecordSink) {
        self.sink = sink
    }

    func store(_ records: [ScoredRecord]) throws {
        try sink.store(records.filter { passes($0) })
    }

    private func passes(_ record: ScoredRecord) -> Bool {
        let minute = (record.time ?? 0) / 60_000_000_000
        var state = minutes[record.verdict.entity] ?? (minute, 0)
        if state.minute != minute { state = (minute, 0) }
        state.count += 1
        minutes[record.verdict.entity] = state
        return state.count <= Self.perMinute
    }
}
