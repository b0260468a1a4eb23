/// How to reach a mapping's cluster.
public struct KafkaConnection: Sendable, Hashable, CustomStringConvertible {
    /// `HOST:PORT`, one or more.
    public var servers: [String]
    /// librdkafka's properties beside the servers: security protocol, mechanism, credentials, certificates. Secret.
    public var properties: [String: String]

    public init(servers: [String], properties: [String: String] = [:]) {
        self.servers = servers
        self.properties = properties
    }

    /// Without the properties, which may be secret.
    public var description: String { servers.joined(separator: ",") }
}

/// Finds the cluster of a mapping and its credentials.
public protocol KafkaConnectionResolving: Sendable {
    /// May block: secrets may come from an endpoint.
    ///
    /// - Throws: where the cluster is not known, or a secret cannot be read. Its message is for
    ///   `LastProcessingResult`.
    func connection(for mapping: EventSourceMappingConfiguration) throws(KafkaConnectionError)
        -> KafkaConnection
}

/// Why a mapping's cluster cannot be reached as it is configured.
public struct KafkaConnectionError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case unknownCluster, unreadableSecret, malformedSecret, unsupportedLogin
    }

    public var code: Code
    /// Names the cluster or the secret, never what is in it.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether trying again may help: the secret's file or endpoint may come back.
    public var isRetriable: Bool { code == .unreadableSecret }

    public var description: String { message }
}
