/// One input of the model: where it comes from and how it becomes a coordinate.
public struct Feature: Sendable, Hashable {
    /// The part of a record that a feature is read from.
    public enum Source: Sendable, Hashable {
        /// A parsed field, by its path: `request_time`, `upstream.bytes`.
        case field(String)
        /// Seconds since the entity's record before.
        case gap
        /// Length of the line in bytes.
        case length
        /// Severity: 0 up to info, then 1 for warning, 2 for error, 3 beyond.
        case severity
        /// The number at this position among the numbers found in the message.
        case messageNumber(Int)
    }

    /// Name in verdicts; unique within a plan.
    public var name: String
    public var source: Source
    public var transform: FeatureTransform
    /// Whether the coordinate is expressed in units of its own past noise.
    public var isNormalized: Bool
    /// Factor on the coordinate: how much the feature counts beside the others.
    public var weight: Double
    /// Least standard deviation that normalisation assumes, in coordinate units:
    /// smaller movements than this are not worth an alarm.
    public var noiseFloor: Double
    /// Unit of the raw value, for people: `s`, `B`, or empty.
    public var unit: String

    public init(
        name: String,
        source: Source,
        transform: FeatureTransform,
        isNormalized: Bool = true,
        weight: Double = 1,
        noiseFloor: Double = Feature.defaultNoiseFloor,
        unit: String = ""
    ) {
        self.name = name
        self.source = source
        self.transform = transform
        self.isNormalized = isNormalized
        self.weight = weight
        self.noiseFloor = noiseFloor
        self.unit = unit
    }

    /// A tenth: on a logarithm a movement of 10 %, on an indicator a rate of 1 %.
    public static let defaultNoiseFloor = 0.1
}
