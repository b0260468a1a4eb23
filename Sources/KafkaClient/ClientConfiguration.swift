import CLibrdkafka

/// Owns an `rd_kafka_conf_t` until a client takes it over.
///
/// Properties set to it have passed librdkafka's checks.
final class ClientConfiguration {
    private(set) var pointer: OpaquePointer?

    init(_ properties: KafkaProperties) throws(KafkaError) {
        pointer = rd_kafka_conf_new()
        for name in properties.values.keys.sorted() {
            try set(name, properties.values[name] ?? "")
        }
    }

    deinit {
        if let pointer { rd_kafka_conf_destroy(pointer) }
    }

    /// Gives the pointer away; the new owner destroys it.
    func release() -> OpaquePointer? {
        defer { pointer = nil }
        return pointer
    }

    private func set(_ name: String, _ value: String) throws(KafkaError) {
        var reason = [CChar](repeating: 0, count: 512)
        switch rd_kafka_conf_set(pointer, name, value, &reason, reason.count) {
        case RD_KAFKA_CONF_OK:
            return
        case RD_KAFKA_CONF_UNKNOWN:
            throw unknown(name, PropertyHints.hint(for: name, known: knownNames()))
        default:
            if let hint = PropertyHints.javaHint(for: name) { throw unknown(name, hint) }
            // librdkafka's own text may repeat the value.
            let text = KafkaProperties.isSecret(name) ? "the value is refused" : string(reason)
            throw KafkaError(.invalidProperty, "\(name): \(text)")
        }
    }

    private func unknown(_ name: String, _ hint: String?) -> KafkaError {
        KafkaError(
            .unknownProperty,
            "\(name): librdkafka \(KafkaLibrary.versionText) has no such property",
            remedy: hint
        )
    }

    /// The names of librdkafka's properties, of clients and of topics. Its dump
    /// leaves out aliases; those that people use are added.
    private func knownNames() -> [String] {
        var count = 0
        guard let dump = rd_kafka_conf_dump(pointer, &count) else { return [] }
        defer { rd_kafka_conf_dump_free(dump, count) }
        let topic = rd_kafka_topic_conf_new()
        defer { rd_kafka_topic_conf_destroy(topic) }
        var topicCount = 0
        guard let topicDump = rd_kafka_topic_conf_dump(topic, &topicCount) else { return [] }
        defer { rd_kafka_conf_dump_free(topicDump, topicCount) }
        let names = [(dump, count), (topicDump, topicCount)].flatMap { dump, count in
            stride(from: 0, to: count, by: 2).compactMap { dump[$0].map { String(cString: $0) } }
        }
        return names + [
            "bootstrap.servers", "sasl.mechanism", "acks", "compression.type", "delivery.timeout.ms",
        ]
    }
}

/// The text in a buffer that C filled.
func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
