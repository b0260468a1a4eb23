import CLibrdkafka
import Telemetry

/// Owns a client of librdkafka's (`rd_kafka_t`) and what its callbacks reach.
///
/// `@unchecked Sendable` holds because librdkafka allows calls on one client
/// from any thread, `pointer` never changes, and it is destroyed only once
/// nobody holds this object.
final class ClientHandle: @unchecked Sendable {
    enum Kind {
        case producer
        case consumer
    }

    let pointer: OpaquePointer
    let context: ClientContext
    private let kind: Kind

    init(
        _ kind: Kind,
        _ properties: KafkaProperties,
        logger: Logger
    ) throws(KafkaError) {
        try properties.refuseUnsoundAssignor()
        context = ClientContext(
            properties: properties,
            logger: logger,
            tokenProvider: properties.tokenProvider
        )
        self.kind = kind
        let configuration = try ClientConfiguration(properties.withFeatureProbe())
        // Unretained: this object keeps the context until the client is destroyed.
        rd_kafka_conf_set_opaque(configuration.pointer, Unmanaged.passUnretained(context).toOpaque())
        installCallbacks(configuration.pointer, kind)
        let usesTokens = properties.usesOAuth
        if usesTokens { installTokenCallback(configuration.pointer, properties.tokenProvider) }
        pointer = try makeClient(kind, configuration)
        if usesTokens {
            // On librdkafka's thread, so that a connection needs no poll of ours.
            try check(rd_kafka_sasl_background_callbacks_enable(pointer), "SASL in the background")
        }
    }

    deinit {
        rd_kafka_destroy_flags(pointer, kind == .consumer ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0)
    }
}

private func makeClient(
    _ kind: ClientHandle.Kind,
    _ configuration: ClientConfiguration
) throws(KafkaError) -> OpaquePointer {
    var reason = [CChar](repeating: 0, count: 512)
    let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
    guard let client = rd_kafka_new(type, configuration.pointer, &reason, reason.count) else {
        throw KafkaError(.invalidProperty, "the client cannot be made: \(string(reason))")
    }
    _ = configuration.release()
    return client
}

extension KafkaProperties {
    var usesOAuth: Bool {
        (values["sasl.mechanism"] ?? values["sasl.mechanisms"])?.uppercased() == "OAUTHBEARER"
    }

    /// Where SCRAM may fail by librdkafka's own defect, lets it tell which
    /// requests the broker knows, so that the error can name the cause.
    fileprivate func withFeatureProbe() -> KafkaProperties {
        guard usesUnsoundScram else { return self }
        return merging(["debug": values["debug"].map { $0 + ",feature" } ?? "feature"])
    }
}
