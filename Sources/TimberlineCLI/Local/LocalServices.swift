import AWSServices
import Configuration
import LocalGateway
import TypedValues

/// What `timberline local` finds at other addresses: clusters, services, and the keys it knows.
struct LocalServices {
    let endpoints: [String: Endpoint]
    /// Servers of MSK clusters by name.
    let clusters: [String: [String]]
    let models: [NamedModel]
    /// Those that requests must be signed with; none where any request is taken.
    let keys: [AWSCredentials]

    init(_ configuration: EffectiveConfiguration) throws {
        var endpoints: [String: Endpoint] = [:]
        for service in configuration[LocalSchema.services] {
            guard let endpoint = Endpoint(service.value) else {
                throw CommandFailure(
                    .invalidConfiguration,
                    "services.\(service.key): '\(service.value)' is no address of the form http://HOST:PORT"
                )
            }
            endpoints[service.key] = endpoint
        }
        self.endpoints = endpoints
        var clusters: [String: [String]] = [:]
        for cluster in configuration[LocalSchema.clusters] {
            let servers = cluster.value.split(separator: ",", omittingEmptySubsequences: false)
            guard servers.allSatisfy(Self.isServer) else {
                throw CommandFailure(
                    .invalidConfiguration,
                    "clusters.\(cluster.key): '\(cluster.value)' is not HOST:PORT, or several with commas"
                )
            }
            clusters[cluster.key] = servers.map(String.init)
        }
        self.clusters = clusters
        models = try configuration[LocalSchema.models].map { model in
            do throws(ValueError) {
                return try ValueType.namedModel.value(of: "\(model.key)=\(model.value)")
            } catch {
                throw CommandFailure(.invalidConfiguration, "models.\(model.key): \(error)")
            }
        }
        keys = configuration[LocalSchema.keys].map {
            AWSCredentials(accessKeyID: $0.key, secretAccessKey: $0.value)
        }
    }

    private static func isServer(_ text: Substring) -> Bool {
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return false }
        let port = UInt16(text[text.index(after: colon)...]) ?? 0
        return port > 0 && !text.contains(where: \.isWhitespace)
    }

    /// What functions and mappings sign with.
    var ownKey: AWSCredentials { keys.first ?? AWSCredentials(accessKeyID: "test", secretAccessKey: "test") }

    /// The clusters with their secrets, from the file or from Secrets Manager.
    func kafka(_ configuration: EffectiveConfiguration) -> KafkaClusters {
        let secrets: (any SecretReading)? =
            if let file = configuration[LocalSchema.secrets] {
                SecretFile(path: file)
            } else if let endpoint = endpoints["secretsmanager"] {
                SecretsManager(endpoint, credentials: ownKey, region: configuration[LocalSchema.region])
            } else {
                nil
            }
        return KafkaClusters(
            servers: clusters,
            properties: Self.kafkaProperties(configuration),
            secrets: secrets
        )
    }

    /// librdkafka's properties for all clusters.
    static func kafkaProperties(_ configuration: EffectiveConfiguration) -> [String: String] {
        Dictionary(configuration[RunSchema.properties].map { ($0.key, $0.value) }) { $1 }
    }
}
