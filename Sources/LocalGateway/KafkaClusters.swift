import JSONText
public import LocalLambdaModel

/// The clusters that mappings read: Amazon MSK's by their names, others by their own addresses.
public struct KafkaClusters: KafkaConnectionResolving {
    /// Servers by the cluster's name in its ARN.
    private let servers: [String: [String]]
    /// librdkafka's properties for all clusters; they hold above what follows from the source access configurations.
    private let properties: [String: String]
    /// Nil where there are none.
    private let secrets: (any SecretReading)?

    public init(
        servers: [String: [String]],
        properties: [String: String] = [:],
        secrets: (any SecretReading)? = nil
    ) {
        self.servers = servers
        self.properties = properties
        self.secrets = secrets
    }

    public func isKnown(_ name: String) -> Bool { servers[name] != nil }

    public func connection(
        for mapping: EventSourceMappingConfiguration
    ) throws(KafkaConnectionError) -> KafkaConnection {
        var connection = KafkaConnection(servers: try servers(of: mapping.source))
        for access in mapping.sourceAccess { try apply(access, to: &connection) }
        connection.properties.merge(properties) { $1 }
        return connection
    }

    /// Why a mapping's cluster cannot be logged in to as it is configured; nil where it can be tried. May block.
    public func problem(of mapping: EventSourceMappingConfiguration) -> String? {
        do throws(KafkaConnectionError) {
            _ = try connection(for: mapping)
            return nil
        } catch {
            return error.message
        }
    }

    private func servers(of source: KafkaEventSource) throws(KafkaConnectionError) -> [String] {
        if case .selfManaged(let servers) = source { return servers }
        let name = source.clusterName ?? ""
        guard let servers = servers[name] else {
            throw KafkaConnectionError(
                .unknownCluster,
                "the cluster \(name) is not known: --cluster \(name)=HOST:PORT"
            )
        }
        return servers
    }

    private func apply(
        _ access: SourceAccessConfiguration,
        to connection: inout KafkaConnection
    ) throws(KafkaConnectionError) {
        switch access.type {
        case "SASL_SCRAM_512_AUTH": try logIn("SCRAM-SHA-512", access.uri, &connection)
        case "SASL_SCRAM_256_AUTH": try logIn("SCRAM-SHA-256", access.uri, &connection)
        case "BASIC_AUTH": try logIn("PLAIN", access.uri, &connection)
        case "CLIENT_CERTIFICATE_TLS_AUTH":
            let secret = try secret(access.uri)
            connection.properties["security.protocol"] = "SSL"
            connection.properties["ssl.certificate.pem"] = try member("certificate", of: secret, access.uri)
            connection.properties["ssl.key.pem"] = try member("privateKey", of: secret, access.uri)
            connection.properties["ssl.key.password"] = secret["privateKeyPassword"]?.string
        case "SERVER_ROOT_CA_CERTIFICATE":
            let text = try text(access.uri)
            // The secret is an object with the certificate, or the certificate itself.
            let object = try? JSONValue(Array(text.utf8))
            connection.properties["ssl.ca.pem"] = object?["certificate"]?.string ?? text
            if connection.properties["security.protocol"] == nil {
                connection.properties["security.protocol"] = "SSL"
            }
        // Parts of a network, which is this machine's here.
        case "VPC_SUBNET", "VPC_SECURITY_GROUP": break
        default:
            throw KafkaConnectionError(
                .unsupportedLogin,
                "the source access configuration \(access.type) is not supported"
            )
        }
    }

    private func logIn(
        _ mechanism: String,
        _ uri: String,
        _ connection: inout KafkaConnection
    ) throws(KafkaConnectionError) {
        let secret = try secret(uri)
        // Amazon's clusters and Lambda log in over TLS only; a cluster without it says so by a property.
        connection.properties["security.protocol"] = "SASL_SSL"
        connection.properties["sasl.mechanism"] = mechanism
        connection.properties["sasl.username"] = try member("username", of: secret, uri)
        connection.properties["sasl.password"] = try member("password", of: secret, uri)
    }

    private func text(_ uri: String) throws(KafkaConnectionError) -> String {
        guard let secrets else {
            throw KafkaConnectionError(
                .unreadableSecret,
                "the secret \(uri) cannot be read: give --secrets FILE or --service secretsmanager=URL"
            )
        }
        return try secrets.secret(uri)
    }

    private func secret(_ uri: String) throws(KafkaConnectionError) -> JSONValue {
        let text = try text(uri)
        guard let value = try? JSONValue(Array(text.utf8)), value.object != nil else {
            throw KafkaConnectionError(.malformedSecret, "the secret \(uri) is no JSON object")
        }
        return value
    }

    private func member(_ name: String, of secret: JSONValue, _ uri: String) throws(KafkaConnectionError)
        -> String
    {
        guard let text = secret[name]?.string else {
            throw KafkaConnectionError(.malformedSecret, "the secret \(uri) has no \(name)")
        }
        return text
    }
}
