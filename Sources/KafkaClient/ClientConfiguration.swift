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
            throw KafkaError(
                .unknownProperty,
                "\(name): librdkafka \(KafkaLibrary.versionText) has no such property",
                remedy: PropertyHints.hint(for: name, known: knownNames())
            )
        default:
            // librdkafka's own text may repeat the value.
            let text = KafkaProperties.isSecret(name) ? "the value is refused" : string(reason)
            throw KafkaError(.invalidProperty, "\(name): \(text)")
        }
    }

    private func knownNames() -> [String] {
        var count = 0
        guard let dump = rd_kafka_conf_dump(pointer, &count) else { return [] }
        defer { rd_kafka_conf_dump_free(dump, count) }
        return stride(from: 0, to: count, by: 2).compactMap { dump[$0].map { String(cString: $0) } }
    }
}

/// The text in a buffer that C filled.
func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
