import DetectionPipeline
import FoundationEssentials
import TypedValues

/// A point in time as people write it: absolute, or so long ago.
enum InstantValue: Sendable, Equatable {
    /// Nanoseconds since 1970.
    case at(Int64)
    case ago(Duration)

    /// Nanoseconds since 1970.
    /// - Parameter now: milliseconds since 1970.
    func nanoseconds(now: Int64) -> Int64 {
        switch self {
        case .at(let nanoseconds): return nanoseconds
        case .ago(let duration):
            let (seconds, attoseconds) = duration.components
            return now * 1_000_000 - seconds * 1_000_000_000 - attoseconds / 1_000_000_000
        }
    }
}

extension ValueType where Value == InstantValue {
    static var instant: ValueType {
        ValueType(placeholder: "TIME") { text throws(ValueError) in
            if let duration = try? ValueType<Duration>.duration.value(of: text) { return .ago(duration) }
            for style in [
                Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true),
            ] {
                if let date = try? style.parse(text) {
                    return .at(Int64((date.timeIntervalSince1970 * 1_000).rounded()) * 1_000_000)
                }
            }
            if let date = try? Date.ISO8601FormatStyle().year().month().day().parse(text) {
                return .at(Int64(date.timeIntervalSince1970) * 1_000_000_000)
            }
            throw ValueError(text, "is neither a time such as 2026-01-31T12:00:00Z nor a duration such as 2h")
        } write: {
            switch $0 {
            case .at(let nanoseconds): InstantText.rfc3339(nanoseconds)
            case .ago(let duration): ValueType<Duration>.duration.text(of: duration)
            }
        }
    }
}
