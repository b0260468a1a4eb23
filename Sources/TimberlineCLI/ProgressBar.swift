import DetectionPipeline

/// Lines so far, lines a second and the time that remains, on a terminal only.
final class ProgressBar {
    private let errors: OutputStream
    private let isEnabled: Bool
    private let now: () -> Int64
    private let start: Int64
    private var lastShown: Int64
    private var isShown = false

    static let intervalMilliseconds: Int64 = 200

    init(host: Host) {
        errors = host.errors
        isEnabled = host.errors.isTerminal && host.environment["TERM"] != "dumb"
        now = host.now
        start = host.now()
        lastShown = start
    }

    func show(_ counts: RecordCounts, read: Int64, of total: Int64) {
        guard isEnabled else { return }
        let time = now()
        guard time - lastShown >= Self.intervalMilliseconds else { return }
        lastShown = time
        isShown = true
        let text = "\r\u{1b}[K" + Self.text(counts, read, total, seconds: Double(time - start) / 1_000)
        try? errors.write(text: text)
        try? errors.flush()
    }

    static func text(_ counts: RecordCounts, _ read: Int64, _ total: Int64, seconds: Double) -> String {
        let rate = NumberText.fixed(Double(counts.read) / max(seconds, 0.001), digits: 0)
        var text = "\(counts.read) lines, \(rate) lines/s, \(counts.anomalous) anomalies"
        guard total > 0, read > 0 else { return text }
        let share = min(1, Double(read) / Double(total))
        let width = 20
        let filled = Int(share * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let remaining = NumberText.quantity((seconds / share - seconds).rounded(), unit: "s")
        text = "\(bar) \(NumberText.fixed(share * 100, digits: 0)) %  \(text), \(remaining) left"
        return text
    }

    func clear() {
        guard isShown else { return }
        isShown = false
        try? errors.write(text: "\r\u{1b}[K")
        try? errors.flush()
    }
}
