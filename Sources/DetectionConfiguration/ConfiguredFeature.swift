public import AnomalyDetection
public import Configuration
import TypedValues

/// One entry of `detection.features`.
public struct ConfiguredFeature: Sendable {
    public enum Transform: String, CaseIterable, Sendable {
        /// The raw value, not normalised.
        case none
        /// The value in units of its own past noise.
        case normalize
        /// Its logarithm, normalised: for times and sizes.
        case log
        /// Its change since the record before, normalised: for counters.
        case difference
        /// Indicators of HTTP's 4xx and 5xx classes.
        case status
        /// The indicator of HTTP's 4xx class alone.
        case clientErrors = "4xx"
        /// The indicator of HTTP's 5xx class alone.
        case serverErrors = "5xx"
    }

    public var field: String
    public var transform: Transform
    public var weight: Double

    public init?(_ reader: inout RecordReader) {
        let field = reader.required("field", .string)
        transform = reader.value("transform", .choice, default: .normalize)
        weight = reader.value("weight", .number(in: 0...1_000), default: 1)
        guard let field else { return nil }
        self.field = field
    }

    var texts: [(key: String, text: String)] {
        [
            ("field", field), ("transform", transform.rawValue),
            ("weight", ValueType<Double>.number.text(of: weight)),
        ]
    }

    public var features: [Feature] {
        let source: Feature.Source =
            switch field {
            case "gap": .gap
            case "length": .length
            case "severity": .severity
            default: .field(field)
            }
        let feature = Feature(name: field, source: source, transform: .identity, weight: weight)
        switch transform {
        case .none: return [feature.with(\.isNormalized, false)]
        case .normalize: return [feature]
        case .log: return [feature.with(\.transform, .logarithm(scale: 0.001))]
        case .difference: return [feature.with(\.transform, .difference)]
        case .status: return Feature.statusClasses(of: field).map { $0.with(\.weight, $0.weight * weight) }
        case .clientErrors: return [Feature.clientErrors(of: field, weight: weight)]
        case .serverErrors: return [Feature.serverErrors(of: field, weight: weight)]
        }
    }
}

extension Feature {
    fileprivate func with<Value>(_ property: WritableKeyPath<Feature, Value>, _ value: Value) -> Feature {
        var copy = self
        copy[keyPath: property] = value
        return copy
    }
}
