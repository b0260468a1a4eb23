extension KafkaProperties {
    /// Checks names and values, and their fit with each other, without
    /// connecting anywhere.
    ///
    /// - Throws: `unknownProperty`, `invalidProperty` or `unsupportedByLibrary`,
    ///   naming the property.
    public func validate() throws(KafkaError) {
        _ = try ClientConfiguration(self)
        try refuseUnsoundAssignor()
    }

    /// Whether the login is by SCRAM with a librdkafka whose SCRAM Kafka 4 refuses.
    var usesUnsoundScram: Bool {
        let mechanism = values["sasl.mechanism"] ?? values["sasl.mechanisms"] ?? ""
        return mechanism.hasPrefix("SCRAM") && KafkaLibrary.version < KafkaLibrary.soundScram
    }

    func refuseUnsoundAssignor(version: KafkaLibraryVersion = KafkaLibrary.version) throws(KafkaError) {
        let assignors = values["partition.assignment.strategy"] ?? ""
        guard assignors.contains("cooperative-sticky"), version < KafkaLibrary.soundCooperativeSticky else {
            return
        }
        throw KafkaError(
            .unsupportedByLibrary,
            "partition.assignment.strategy: cooperative-sticky aborts or hangs the process on close with"
                + " librdkafka \(version)",
            remedy:
                "use range (the default here), or librdkafka \(KafkaLibrary.soundCooperativeSticky) or later"
        )
    }

    /// Refuses a property that the client sets by itself, unless it has the same value.
    func refuse(_ name: String, otherThan value: String, _ instead: String) throws(KafkaError) {
        guard let given = values[name], given != value else { return }
        throw KafkaError(
            .reservedProperty,
            "\(name): this client sets it to \(value)",
            remedy: instead
        )
    }
}
