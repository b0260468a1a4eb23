/// Which topics a consumer reads.
public enum KafkaSubscription: Sendable, Hashable {
    /// These topics.
    case topics([String])
    /// All topics, present and to come, whose whole name matches this regular
    /// expression (POSIX extended).
    case pattern(String)

    /// What librdkafka takes: a name that starts with `^` is a pattern.
    var librdkafkaNames: [String] {
        switch self {
        case .topics(let names): return names
        case .pattern(let pattern):
            let start = pattern.hasPrefix("^") ? pattern : "^" + pattern
            return [start.hasSuffix("$") ? start : start + "$"]
        }
    }
}
