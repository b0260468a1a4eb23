extension KafkaProperties {
    /// Whether the value of this property must not be shown.
    public static func isSecret(_ name: String) -> Bool {
        secretNames.contains(name) || name.contains("password") || name.contains("secret")
    }

    private static let secretNames: Set<String> = [
        "sasl.jaas.config", "sasl.oauthbearer.config", "ssl.key.pem", "ssl_key", "ssl.keystore.key",
    ]

    /// The value for people: `***` for a secret.
    public func shownValue(of name: String) -> String? {
        values[name].map { Self.isSecret(name) ? "***" : $0 }
    }
}

extension KafkaProperties: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The properties sorted by name, secrets hidden.
    public var description: String {
        values.keys.sorted().map { "\($0)=\(shownValue(of: $0) ?? "")" }.joined(separator: " ")
    }

    public var debugDescription: String { description }

    public var customMirror: Mirror {
        let shown = values.keys.sorted().map { (label: $0, value: shownValue(of: $0) as Any) }
        return Mirror(self, children: shown.map { (label: Optional($0.label), value: $0.value) })
    }
}
