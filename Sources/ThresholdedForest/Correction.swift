/// Why an anomaly by score was given the grade 0 after all.
public enum Correction: String, Sendable, Hashable, CaseIterable {
    /// All values of the point are nearer to what is subtracted from them than the precision.
    case noise
    /// The score comes from an earlier anomaly that is still in the shingle.
    case anomalyInShingle
    /// The trees hold points like it (with ``CorrectionParameters/adjustsAutomatically``).
    case conditionalForecast
    /// The values are near the expected ones: within the noise, or the gaps that the caller set.
    case forecast
    /// One of a run of anomalies that are like each other: the data has moved (with
    /// ``CorrectionParameters/adjustsAutomatically``).
    case dataDrift
    /// One of a run of anomalies whose first was reported (with ``CorrectionParameters/alertsOnce``).
    case alertOnce
}
