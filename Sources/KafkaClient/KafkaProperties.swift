/// librdkafka's configuration properties, by name.
///
/// Every property that librdkafka knows can be set; an unknown name is an error
/// that says which and what may have been meant. The values of secrets are
/// never printed.
public struct KafkaProperties: Sendable {
    /// The values by name.
    public private(set) var values: [String: String]
    /// Makes the tokens of SASL OAUTHBEARER; nil for librdkafka's own methods.
    public var tokenProvider: KafkaTokenProvider?

    public init(_ values: [String: String] = [:]) {
        self.values = values
    }

    /// The properties of a client of these brokers (`host:port,host:port`).
    public init(brokers: String) {
        self.init(["bootstrap.servers": brokers])
    }

    public subscript(_ name: String) -> String? {
        get { values[name] }
        set { values[name] = newValue }
    }

    /// These properties, with those of `other` in their place where both have one.
    public func merging(_ other: KafkaProperties) -> KafkaProperties {
        var merged = self
        merged.values.merge(other.values) { _, new in new }
        merged.tokenProvider = other.tokenProvider ?? tokenProvider
        return merged
    }

    /// These properties, with `other`'s only where there is none yet.
    public func withDefaults(_ other: [String: String]) -> KafkaProperties {
        var merged = self
        merged.values.merge(other) { mine, _ in mine }
        return merged
    }
}

extension KafkaProperties: Equatable {
    /// By the values; of two token providers nobody can tell whether they are the same.
    public static func == (left: Self, right: Self) -> Bool { left.values == right.values }
}

extension KafkaProperties: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(Dictionary(elements) { _, last in last })
    }
}
