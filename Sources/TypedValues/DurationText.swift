/// Durations as people write them: `200ms`, `30s`, `5m`, `1h`, `7d`.
public enum DurationText {
    /// Reads a number with a fraction or without, and its unit. The unit is needed.
    ///
    /// Exact to the nanosecond, up to 292 years.
    public static func parse(_ text: String) throws(ValueError) -> Duration {
        .nanoseconds(Int64(try Quantity.parse(text, units: units, kind: kind)))
    }

    /// The duration in the largest unit that gives a whole number; it parses back to the same duration.
    ///
    /// Parts below a nanosecond are dropped, and durations past 292 years are held there.
    public static func text(of duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
        return nanoseconds == 0 ? "0s" : Quantity.text(of: Int(clamping: nanoseconds), units: units)
    }

    static let kind = Quantity.Kind(
        name: "a duration",
        examples: "200ms, 30s, 5m or 1h",
        smallest: "nanosecond",
        ignoresCase: false
    )

    static let units: [Quantity.Unit] = [
        .init("d", 86_400_000_000_000),
        .init("h", 3_600_000_000_000),
        .init("m", 60_000_000_000),
        .init("s", 1_000_000_000),
        .init("ms", 1_000_000),
        .init("us", 1_000),
        .init("ns", 1),
    ]
}
