import AnomalyDetection

/// Which scored records an action is for.
public enum RecordSelection: Sendable, Hashable {
    /// Those above the threshold of their moment.
    case anomalies
    /// Those with at least this score, whatever the threshold was.
    case minimumScore(Double)
    /// Every record that was scored.
    case all

    public func contains(_ record: ScoredRecord) -> Bool {
        switch self {
        case .anomalies: record.verdict.isAnomalous
        case .minimumScore(let score): record.verdict.score >= score
        case .all: true
        }
    }

    /// The least score of a record that it takes although it is no anomaly.
    public var leastScore: Double {
        switch self {
        case .anomalies: .infinity
        case .minimumScore(let score): score
        case .all: -.infinity
        }
    }
}
