import DetectionPipeline
import SiteSimulator

/// The lines that a demo sends: a simulated site's, or a file's.
final class DemoLines {
    /// One line, with what it is about where that is known.
    struct Line {
        var bytes: [UInt8]
        var service: String
        /// Index of the incident that shows in the line.
        var incident: Int?
    }

    let title: String
    private(set) var simulator: SiteSimulator?
    private var file: FileRecordSource?
    private var waiting: ArraySlice<Line> = []

    init(_ simulator: SiteSimulator, minutes: Int) {
        self.simulator = simulator
        title = "\(minutes) minutes of a simulated site, with \(simulator.incidents.count) incidents"
    }

    init(file path: String) throws(InputError) {
        file = try FileRecordSource(paths: [path], runIdentity: "demo")
        title = "the lines of \(path)"
    }

    /// The next lines, at most `count`; none at the end.
    func next(_ count: Int) throws -> [Line] {
        var lines: [Line] = []
        while lines.count < count, let line = try nextLine() { lines.append(line) }
        return lines
    }

    private func nextLine() throws -> Line? {
        if simulator != nil {
            var bytes: [UInt8] = []
            guard let line = simulator?.next(into: &bytes) else { return nil }
            bytes.removeLast()
            return Line(bytes: bytes, service: line.service, incident: line.incident)
        }
        while waiting.isEmpty {
            guard let file else { return nil }
            switch try file.next() {
            case .batches(let batches): waiting = Self.lines(of: batches)[...]
            case .idle, .assigned, .revoked, .lost: continue
            case .end: return nil
            }
        }
        return waiting.popFirst()
    }

    private static func lines(of batches: [RecordBatch]) -> [Line] {
        batches.flatMap { batch in
            batch.records.compactMap { record in
                record.value.map { Line(bytes: Array(batch.bytes[$0]), service: "", incident: nil) }
            }
        }
    }
}
