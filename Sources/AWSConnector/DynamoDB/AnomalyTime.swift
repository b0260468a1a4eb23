import Telemetry

/// An instant as the table's keys have it, UTC.
struct AnomalyTime {
    /// `2026-01-31T23:59:59.123Z`
    let text: String

    init(nanoseconds: Int64) {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        text = timestampText(milliseconds: remainder < 0 ? quotient - 1 : quotient)
    }

    /// `2026013123`
    var hour: String { digits(of: 13) }
    /// `202601312359`
    var minute: String { digits(of: 16) }

    private func digits(of length: Int) -> String {
        String(decoding: text.utf8.prefix(length).filter { (0x30...0x39).contains($0) }, as: UTF8.self)
    }
}
