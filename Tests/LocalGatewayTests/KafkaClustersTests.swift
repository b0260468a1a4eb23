import Foundation
import LocalGateway
import LocalLambdaModel
import Testing

@Suite("Kafka clusters of mappings")
struct KafkaClustersTests {
    /// Secrets by their IDs.
    private struct Secrets: SecretReading {
        var texts: [String: String]

        func secret(_ id: String) throws(KafkaConnectionError) -> String {
            guard let text = texts[id] else { throw KafkaConnectionError(.unreadableSecret, "no \(id)") }
            return text
        }
    }

    private func mapping(
        _ source: KafkaEventSource = .selfManaged(servers: ["a:1", "b:2"]),
        _ access: (String, String)...
    ) throws -> EventSourceMappingConfiguration {
        var mapping = EventSourceMappingConfiguration(
            id: EventSourceMappingID("1"),
            function: try #require(FunctionReference("f")),
            source: source,
            topic: "t",
            consumerGroup: "g",
            startingPosition: .latest,
            lastModifiedMilliseconds: 0
        )
        mapping.sourceAccess = access.map { SourceAccessConfiguration(type: $0.0, uri: $0.1) }
        return mapping
    }

    private func code(_ clusters: KafkaClusters, _ mapping: EventSourceMappingConfiguration)
        -> KafkaConnectionError.Code?
    {
        do throws(KafkaConnectionError) {
            _ = try clusters.connection(for: mapping)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("of Amazon MSK are found by their name, others bring their servers")
    func servers() throws {
        let clusters = KafkaClusters(servers: ["demo": ["127.0.0.1:9"]])
        let arn = "arn:aws:kafka:us-east-1:123456789012:cluster/demo/1-2"
        #expect(try clusters.connection(for: mapping(.msk(arn: arn))).servers == ["127.0.0.1:9"])
        #expect(try clusters.connection(for: mapping()).servers == ["a:1", "b:2"])
        let other = "arn:aws:kafka:us-east-1:123456789012:cluster/other/1-2"
        #expect(try code(clusters, mapping(.msk(arn: other))) == .unknownCluster)
    }

    @Test(
        "are logged in to by the secret of their source access configuration",
        arguments: [
            ("BASIC_AUTH", "PLAIN"), ("SASL_SCRAM_256_AUTH", "SCRAM-SHA-256"),
            ("SASL_SCRAM_512_AUTH", "SCRAM-SHA-512"),
        ]
    )
    func passwords(type: String, mechanism: String) throws {
        let secrets = Secrets(texts: ["s": #"{"username": "u", "password": "p"}"#])
        let mapping = try mapping(.selfManaged(servers: ["a:1"]), (type, "s"), ("VPC_SUBNET", "subnet-1"))
        let connection = try KafkaClusters(servers: [:], secrets: secrets).connection(for: mapping)
        #expect(
            connection.properties == [
                "security.protocol": "SASL_SSL", "sasl.mechanism": mechanism, "sasl.username": "u",
                "sasl.password": "p",
            ]
        )
        #expect(!"\(connection)".contains("p"), "secrets are not shown")
        let plain = KafkaClusters(
            servers: [:],
            properties: ["security.protocol": "SASL_PLAINTEXT"],
            secrets: secrets
        )
        #expect(try plain.connection(for: mapping).properties["security.protocol"] == "SASL_PLAINTEXT")
    }

    @Test("are reached by certificates")
    func certificates() throws {
        let secrets = Secrets(texts: [
            "mtls": #"{"certificate": "C", "privateKey": "K", "privateKeyPassword": "W"}"#, "ca": "CA",
        ])
        let mapping = try mapping(
            .selfManaged(servers: ["a:1"]),
            ("CLIENT_CERTIFICATE_TLS_AUTH", "mtls"),
            ("SERVER_ROOT_CA_CERTIFICATE", "ca")
        )
        #expect(
            try KafkaClusters(servers: [:], secrets: secrets).connection(for: mapping).properties == [
                "security.protocol": "SSL", "ssl.certificate.pem": "C", "ssl.key.pem": "K",
                "ssl.key.password": "W",
                "ssl.ca.pem": "CA",
            ]
        )
    }

    @Test("whose secret is missing, malformed or incomplete are refused by its name")
    func secrets() throws {
        let clusters = KafkaClusters(
            servers: [:],
            secrets: Secrets(texts: ["text": "x", "half": #"{"username": "u"}"#])
        )
        let source = KafkaEventSource.selfManaged(servers: ["a:1"])
        #expect(try code(clusters, mapping(source, ("BASIC_AUTH", "none"))) == .unreadableSecret)
        #expect(try code(clusters, mapping(source, ("BASIC_AUTH", "text"))) == .malformedSecret)
        #expect(try code(clusters, mapping(source, ("BASIC_AUTH", "half"))) == .malformedSecret)
        #expect(try code(clusters, mapping(source, ("IAM_AUTH", "half"))) == .unsupportedLogin)
        #expect(
            try code(KafkaClusters(servers: [:]), mapping(source, ("BASIC_AUTH", "s"))) == .unreadableSecret
        )
    }

    @Test("find their secrets in a file by ARN or by name, and a changed one without a restart")
    func file() throws {
        let path = NSTemporaryDirectory() + "timberline-secrets-\(UUID().uuidString)"
        defer { unlink(path) }
        let secrets = SecretFile(path: path)
        #expect(throws: KafkaConnectionError.self) { try secrets.secret("broker") }
        try Data(#"{"broker": {"username": "u"}, "x-abcdef": "raw"}"#.utf8).write(
            to: URL(fileURLWithPath: path)
        )
        let prefix = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
        #expect(try secrets.secret("broker") == #"{"username":"u"}"#)
        #expect(try secrets.secret(prefix + "broker-Ab12Cd") == #"{"username":"u"}"#)
        #expect(try secrets.secret(prefix + "broker") == #"{"username":"u"}"#)
        #expect(try secrets.secret(prefix + "x-abcdef") == "raw")
        #expect(throws: KafkaConnectionError.self) { try secrets.secret(prefix + "other-Ab12Cd") }
        try Data(#"{"broker": "new"}"#.utf8).write(to: URL(fileURLWithPath: path))
        #expect(try secrets.secret("broker") == "new")
    }
}
