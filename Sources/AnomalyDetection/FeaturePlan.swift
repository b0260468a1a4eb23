import LogRecords

/// The features of a stream's models, and which field names the entity.
public struct FeaturePlan: Sendable, Hashable {
    public var features: [Feature]
    /// Path of the field whose values have a model each; nil for one model.
    public var entityField: String?

    /// - Precondition: `features` is not empty.
    public init(features: [Feature], entityField: String? = nil) {
        precondition(!features.isEmpty, "a plan has at least one feature")
        self.features = features
        self.entityField = entityField
    }

    /// What a stream of this format is watched for by default.
    ///
    /// - Parameters:
    ///   - format: as found or set.
    ///   - lines: the stream's first lines; they tell which numeric fields there
    ///     are and what they mean.
    public static func standardFeatures(
        for format: LineFormat,
        lines: [[UInt8]],
        decoder: LineDecoder
    ) -> [Feature] {
        guard case .log(let format) = format else { return structured(decoder.records(in: lines)) }
        switch format.body {
        case .access: return accessLog(decoder.records(in: lines))
        case .text: return text
        case .json, .logfmt, .delimited, .haproxy, .keyValue: return structured(decoder.records(in: lines))
        }
    }

    /// Numbers by position are compared across lines of different kinds, so they
    /// count little until lines are told apart by template.
    static let messageNumberWeight = 0.1
    static let messageNumberCount = 4

    /// Plain text: pace, length, severity, numbers.
    static let text: [Feature] =
        [.gap, .length, .severity]
        + (0..<messageNumberCount).map { position in
            Feature(
                name: "number \(position + 1)",
                source: .messageNumber(position),
                transform: .logarithm(scale: 1),
                weight: messageNumberWeight
            )
        }

    private static func accessLog(_ sample: [ParsedRecord]) -> [Feature] {
        let extras = SampledFields(sample, except: ["status", "bytes"]).measuredFeatures()
        return Feature.statusClasses(of: "status") + [.size("bytes", unit: "B")] + extras
    }

    private static func structured(_ sample: [ParsedRecord]) -> [Feature] {
        let features = SampledFields(sample).features()
        return features.isEmpty ? text : features
    }
}

extension Feature {
    /// The unit of indicators: observed 1 or 0, expected how often it is 1.
    public static let rateUnit = "share"

    /// Time since the record before, on a logarithm from 1 ms.
    public static let gap = Feature(name: "gap", source: .gap, transform: .logarithm(scale: 0.001), unit: "s")

    /// Length of the line, on a logarithm.
    static let length = Feature(name: "length", source: .length, transform: .logarithm(scale: 1), unit: "B")

    static let severity = Feature(name: "severity", source: .severity, transform: .identity)

    /// A time taken, on a logarithm from `scale` of its own unit.
    public static func duration(_ field: String, unit: String, scale: Double) -> Feature {
        Feature(name: field, source: .field(field), transform: .logarithm(scale: scale), unit: unit)
    }

    /// A number of bytes, on a logarithm.
    public static func size(_ field: String, unit: String) -> Feature {
        Feature(name: field, source: .field(field), transform: .logarithm(scale: 1), unit: unit)
    }

    /// An indicator each for clients' and servers' errors. The former are mostly
    /// the clients' own doing and common, so one counts a quarter.
    public static func statusClasses(of field: String) -> [Feature] {
        [clientErrors(of: field, weight: 0.25), serverErrors(of: field)]
    }

    /// Whether a status is 400 to 499.
    public static func clientErrors(of field: String, weight: Double = 1) -> Feature {
        statusClass("4xx", from: 400, of: field, weight: weight)
    }

    /// Whether a status is 500 to 599.
    public static func serverErrors(of field: String, weight: Double = 1) -> Feature {
        statusClass("5xx", from: 500, of: field, weight: weight)
    }

    private static func statusClass(
        _ name: String,
        from lower: Double,
        of field: String,
        weight: Double
    ) -> Feature {
        Feature(
            name: "\(field) \(name)",
            source: .field(field),
            transform: .indicator(lower: lower, upper: lower + 100),
            weight: weight,
            unit: rateUnit
        )
    }
}
