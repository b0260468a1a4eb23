import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Secure listeners", .ownThread, .timeLimit(.minutes(2)))
struct SecurityTests {
    static let versions: [TestKafka] = [.real("3.9.2"), .real("4.3.1")]

    private func login(_ cluster: TestCluster, _ mechanism: String, password: String? = nil) throws
        -> KafkaProperties
    {
        let file = try #require(cluster.real?.description)
        let user = try #require(file.users?.first)
        return try [
            "bootstrap.servers": #require(file.login),
            "security.protocol": "SASL_SSL",
            "ssl.ca.location": #require(file.tls) + "/ca.pem",
            "sasl.mechanism": mechanism,
            "sasl.username": user.key,
            "sasl.password": password ?? user.value,
        ]
    }

    private func mutualTLS(_ cluster: TestCluster) throws -> KafkaProperties {
        let file = try #require(cluster.real?.description)
        let tls = try #require(file.tls)
        return try [
            "bootstrap.servers": #require(file.mutualTLS),
            "security.protocol": "SSL",
            "ssl.ca.location": tls + "/ca.pem",
            "ssl.certificate.location": tls + "/client.pem",
            "ssl.key.location": tls + "/client.key",
        ]
    }

    /// Produces and consumes with these properties.
    private func roundTrip(
        _ cluster: TestCluster,
        _ properties: KafkaProperties
    ) throws {
        let topic = try cluster.makeTopic("secure")
        let producer = try KafkaProducer(properties)
        try producer.checkConnectivity(within: .seconds(20))
        var batch = KafkaProducerBatch(topic: topic)
        batch.append(value: "hidden".utf8)
        #expect(producer.produce(batch).allSatisfy { $0.error == nil })
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(
                properties: properties,
                group: cluster.uniqueName("group"),
                startingPosition: .earliest
            )
        )
        try consumer.checkConnectivity(within: .seconds(20))
        try consumer.subscribe(.topics([topic]))
        #expect(try consumer.records(1).texts == ["hidden"])
        try consumer.close()
    }

    @Test("PLAIN over TLS", arguments: versions)
    func plain(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        try roundTrip(cluster, try login(cluster, "PLAIN"))
    }

    @Test("Mutual TLS", arguments: versions)
    func certificates(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        try roundTrip(cluster, try mutualTLS(cluster))
    }

    @Test("SCRAM, or on Kafka 4 with an old librdkafka the reason why not", arguments: versions, [256, 512])
    func scram(kafka: TestKafka, bits: Int) throws {
        let cluster = try kafka.open()
        let properties = try login(cluster, "SCRAM-SHA-\(bits)")
        guard kafka == .real("4.3.1"), KafkaLibrary.version < KafkaLibrary.soundScram else {
            return try roundTrip(cluster, properties)
        }
        let consumer = try KafkaConsumer(KafkaConsumerConfiguration(properties: properties, group: "g"))
        let error = #expect(throws: KafkaError.self) { try consumer.checkConnectivity(within: .seconds(20)) }
        #expect(error?.code == .scramRefused)
        #expect(error?.message.contains("wrong nonce") == true)
        #expect(error?.message.contains("Kafka 4") == true)
        #expect(error?.remedy?.contains("librdkafka 2.6.1") == true)
    }

    @Test(
        "A wrong password is refused at once, and not shown",
        arguments: versions,
        ["PLAIN", "SCRAM-SHA-256"]
    )
    func wrongPassword(kafka: TestKafka, mechanism: String) throws {
        let cluster = try kafka.open()
        let properties = try login(cluster, mechanism, password: "wrong-one")
        let start = Date()
        let error = #expect(throws: KafkaError.self) {
            try KafkaAdmin(properties).checkConnectivity(within: .seconds(30))
        }
        #expect(Date().timeIntervalSince(start) < 15)
        #expect(error.map { [.authentication, .scramRefused].contains($0.code) } == true)
        #expect(error?.remedy != nil)
        #expect(error?.description.contains("wrong-one") == false)
    }

    @Test("Tokens come from the provider, again when the first runs out", arguments: versions)
    func tokens(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        var properties = try login(cluster, "OAUTHBEARER")
        properties["sasl.username"] = nil
        properties["sasl.password"] = nil
        let asked = Counted()
        properties.tokenProvider = {
            asked.add()
            return unsecuredToken(subject: "alice", seconds: 5)
        }
        try roundTrip(cluster, properties)
        let before = asked.count
        let admin = try KafkaAdmin(properties)
        try admin.checkConnectivity(within: .seconds(20))
        try AdminTests.wait { asked.count >= before + 2 }
    }

    @Test("A provider that fails is the error at the start", arguments: versions)
    func noToken(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        var properties = try login(cluster, "OAUTHBEARER")
        properties["sasl.username"] = nil
        properties["sasl.password"] = nil
        struct NoCredentials: Error {}
        properties.tokenProvider = { throw NoCredentials() }
        let admin = try KafkaAdmin(properties)
        let error = #expect(throws: KafkaError.self) { try admin.checkConnectivity(within: .seconds(10)) }
        #expect(error?.message.contains("NoCredentials") == true)
    }

    @Test("A missing client certificate is refused at once", arguments: versions)
    func noCertificate(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        var properties = try mutualTLS(cluster)
        properties["ssl.certificate.location"] = nil
        properties["ssl.key.location"] = nil
        let error = #expect(throws: KafkaError.self) {
            try KafkaAdmin(properties).checkConnectivity(within: .seconds(30))
        }
        #expect(error?.code == .certificateRefused)
        #expect(error?.remedy?.contains("client's certificate") == true)
    }

    @Test(
        "An authority that did not sign the broker's certificate is a TLS error at once",
        arguments: versions
    )
    func wrongAuthority(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        var properties = try login(cluster, "PLAIN")
        let tls = try #require(cluster.real?.description.tls)
        properties["ssl.ca.location"] = tls + "/client.pem"
        let error = #expect(throws: KafkaError.self) {
            try KafkaAdmin(properties).checkConnectivity(within: .seconds(30))
        }
        #expect(error?.code == .tls)
    }
}

private final class Counted: @unchecked Sendable {
    // Sendable because the number is reached under the lock only.
    private let lock = NSLock()
    private var number = 0

    func add() { lock.withLock { number += 1 } }
    var count: Int { lock.withLock { number } }
}

/// An unsigned JSON Web Token, as Kafka's test validator takes it.
private func unsecuredToken(subject: String, seconds: Double) -> KafkaOAuthToken {
    func encoded(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
    let now = Date().timeIntervalSince1970
    let claims = #"{"sub":"\#(subject)","iat":\#(Int(now)),"exp":\#(Int(now + seconds + 60))}"#
    return KafkaOAuthToken(
        value: encoded(#"{"alg":"none"}"#) + "." + encoded(claims) + ".",
        expiryMilliseconds: Int64((now + seconds) * 1000),
        principal: subject
    )
}
