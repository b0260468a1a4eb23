public import KafkaClient
public import Telemetry

/// A producer that is made at its first use, and anew when it was given up.
public final class ReplaceableProducer: Sendable {
    private let properties: KafkaProperties
    private let logger: Logger
    private let current = Locked<KafkaProducer?>(nil)

    public init(_ properties: KafkaProperties, logger: Logger) {
        self.properties = properties
        self.logger = logger
    }

    public func open() throws(KafkaError) -> KafkaProducer {
        try current.withLock { current throws(KafkaError) in
            if let current { return current }
            let new = try KafkaProducer(properties, logger: logger)
            current = new
            return new
        }
    }

    /// Gives a producer up, unless it is already.
    func discard(_ producer: KafkaProducer) {
        current.withLock { if $0 === producer { $0 = nil } }
    }
}
