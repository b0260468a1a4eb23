import AnomalyDetection
import DetectionPipeline

/// A scored record as one line for people:
///
///     2015-05-18T21:05:44Z  3.42  bytes 69.19 MB ↑ expected 8.9 kB (83 %)  access.log:12345  GET /big …
struct ScoredRecordText {
    var styles: TerminalStyles
    /// Characters of the log line shown.
    static let lineLimit = 160

    func line(_ record: ScoredRecord) -> String {
        let verdict = record.verdict
        var parts = [record.time.map(InstantText.rfc3339) ?? "-"]
        let score = NumberText.padded(verdict.score, digits: 2)
        parts.append(verdict.isAnomalous ? styles.strong(score) : score)
        if verdict.isEarly { parts.append(styles.faint("(early)")) }
        if !verdict.entity.isEmpty { parts.append(styles.accent(Self.printable(verdict.entity, limit: 60))) }
        if !verdict.drivers.isEmpty {
            parts.append(verdict.drivers.map(Self.driver).joined(separator: ", "))
        }
        parts.append(styles.faint(Self.place(record.identity)))
        if let line = record.line { parts.append(styles.faint(Self.printable(line, limit: Self.lineLimit))) }
        return parts.joined(separator: "  ")
    }

    /// `bytes 69.19 MB ↑ expected 8.9 kB (83 %)`.
    static func driver(_ driver: Driver) -> String {
        let arrow = driver.direction == .above ? "↑" : "↓"
        let share = NumberText.fixed(driver.share * 100, digits: 0)
        return "\(driver.feature) \(observed(driver)) \(arrow) expected \(expected(driver)) (\(share) %)"
    }

    private static func observed(_ driver: Driver) -> String {
        guard let observed = driver.observed else { return "missing" }
        if driver.unit == Feature.rateUnit { return observed > 0 ? "yes" : "no" }
        return NumberText.quantity(observed, unit: driver.unit)
    }

    private static func expected(_ driver: Driver) -> String {
        guard driver.unit == Feature.rateUnit else {
            return NumberText.quantity(driver.expected, unit: driver.unit)
        }
        return "in \(NumberText.short(driver.expected * 100)) %"
    }

    /// `access.log:12345`, `my-topic[3]@12345`.
    static func place(_ identity: RecordIdentity) -> String {
        let stream = identity.stream
        return stream.origin.hasPrefix("kafka:")
            ? "\(stream.name)[\(stream.partition)]@\(identity.offset)"
            : "\(stream.name.split(separator: "/").last ?? "file"):\(identity.offset)"
    }

    /// The beginning of a text, with nothing in it that moves a terminal's cursor.
    static func printable(_ text: String, limit: Int) -> String {
        var bytes = text.utf8.prefix(limit + 1)
        if bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) {
            // Plain ASCII, as most lines are: a byte is a character.
            guard bytes.count > limit else { return text }
            bytes.removeLast()
            return String(decoding: bytes, as: UTF8.self) + "…"
        }
        var result = ""
        for character in text.prefix(limit) {
            let isControl = character.unicodeScalars.contains {
                $0.value < 0x20 || (0x7f..<0xa0).contains($0.value)
            }
            result.append(isControl ? " " : character)
        }
        return text.dropFirst(limit).isEmpty ? result : result + "…"
    }
}

/// Colours and weights, or nothing where they are not wanted.
struct TerminalStyles {
    var isEnabled: Bool

    func strong(_ text: String) -> String { wrap(text, "1;31") }
    func accent(_ text: String) -> String { wrap(text, "36") }
    func faint(_ text: String) -> String { wrap(text, "2") }

    private func wrap(_ text: String, _ code: String) -> String {
        isEnabled ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
