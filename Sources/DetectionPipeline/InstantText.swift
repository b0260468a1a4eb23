import Telemetry

/// Instants as people and machines read them: RFC 3339, UTC, to the millisecond.
public enum InstantText {
    /// - Parameter nanoseconds: since 1970.
    public static func rfc3339(_ nanoseconds: Int64) -> String {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let text = timestampText(milliseconds: remainder < 0 ? quotient - 1 : quotient)
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text
    }

    /// The year, UTC, of an instant since 1970.
    public static func year(milliseconds: Int64) -> Int {
        Int(timestampText(milliseconds: milliseconds).prefix { $0 != "-" }) ?? 1970
    }
}
