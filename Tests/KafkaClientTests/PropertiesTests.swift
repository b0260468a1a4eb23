import Foundation
import Testing

@testable import KafkaClient

@Suite("Properties")
struct PropertiesTests {
    private func failure(_ body: () throws(KafkaError) -> Void) -> KafkaError? {
        do throws(KafkaError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("Any property of librdkafka's is taken")
    func known() throws {
        try KafkaProperties([
            "bootstrap.servers": "localhost:1", "fetch.wait.max.ms": "10", "ssl.cipher.suites": "ALL",
            "queued.max.messages.kbytes": "4096",
        ]).validate()
    }

    @Test(
        "An unknown property is named, with what may have been meant",
        arguments: [
            ("fetch.wait.max.msec", "did you mean fetch.wait.max.ms?"),
            ("bootstrap.server", "did you mean bootstrap.servers?"),
            (
                "sasl.jaas.config",
                "that is the Java client's name; librdkafka has sasl.username and sasl.password"
            ),
            ("something.else.entirely", nil),
        ] as [(String, String?)]
    )
    func unknown(name: String, remedy: String?) {
        let error = failure { () throws(KafkaError) in try KafkaProperties([name: "1"]).validate() }
        #expect(error?.code == .unknownProperty)
        #expect(error?.message.hasPrefix("\(name): ") == true)
        #expect(error?.remedy == remedy)
    }

    @Test("A value that is refused names its property")
    func invalid() {
        let error = failure { () throws(KafkaError) in
            try KafkaProperties(["fetch.wait.max.ms": "soon"]).validate()
        }
        #expect(error?.code == .invalidProperty)
        #expect(error?.message.contains("fetch.wait.max.ms") == true)
    }

    @Test("Secrets are never printed, however the properties are")
    func secrets() {
        let properties = KafkaProperties([
            "sasl.password": "hunter2", "ssl.key.password": "hunter2", "ssl.key.pem": "hunter2",
            "sasl.oauthbearer.client.secret": "hunter2", "sasl.jaas.config": "hunter2",
            "sasl.username": "bob",
        ])
        var dumped = ""
        dump(properties, to: &dumped)
        let configuration = KafkaConsumerConfiguration(properties: properties, group: "g")
        for text in ["\(properties)", String(reflecting: properties), dumped, "\(configuration)"] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("bob"))
        }
        let error = failure { () throws(KafkaError) in
            _ = try KafkaAdmin(["security.protocol": "ssl", "ssl.key.pem": "hunter2"])
        }
        #expect(error != nil)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("The unsound assignor is refused where it is unsound, and only there")
    func assignor() throws {
        let properties = KafkaProperties(["partition.assignment.strategy": "cooperative-sticky"])
        let error = failure { () throws(KafkaError) in
            try properties.refuseUnsoundAssignor(version: KafkaLibraryVersion(2, 0, 2))
        }
        #expect(error?.code == .unsupportedByLibrary)
        #expect(error?.message.contains("librdkafka 2.0.2") == true)
        try properties.refuseUnsoundAssignor(version: KafkaLibraryVersion(2, 6, 1))
        try KafkaProperties(["partition.assignment.strategy": "roundrobin"])
            .refuseUnsoundAssignor(version: KafkaLibraryVersion(2, 0, 2))
    }

    @Test(
        "What the consumer decides by itself cannot be set otherwise",
        arguments: [
            ("enable.auto.commit", "true"), ("auto.offset.reset", "latest"), ("group.id", "another"),
            ("enable.partition.eof", "false"),
        ]
    )
    func reserved(name: String, value: String) {
        let configuration = KafkaConsumerConfiguration(
            properties: [name: value],
            group: "g",
            startingPosition: .earliest
        )
        let error = failure { () throws(KafkaError) in _ = try KafkaConsumer(configuration) }
        #expect(error?.code == .reservedProperty)
        #expect(error?.message.contains(name) == true)
    }

    @Test("The same value as the consumer's own is no mistake")
    func reservedButEqual() throws {
        _ = try KafkaConsumer(
            KafkaConsumerConfiguration(
                properties: ["enable.auto.commit": "false", "group.id": "g"],
                group: "g"
            )
        )
    }

    @Test("A version compares by its numbers")
    func versions() {
        #expect(KafkaLibraryVersion(2, 10, 0) > KafkaLibraryVersion(2, 6, 1))
        #expect(KafkaLibraryVersion(encoded: 0x0200_02ff) == KafkaLibraryVersion(2, 0, 2))
        #expect(KafkaLibrary.version >= KafkaLibraryVersion(1, 9, 0))
        #expect(KafkaLibrary.versionText.hasPrefix("\(KafkaLibrary.version)"))
    }

    @Test(
        "The librdkafka that was asked for is the one at work",
        .enabled(if: Self.expectedLibrary != nil, "slow: make test-slow names a version")
    )
    func expectedVersion() {
        #expect(KafkaLibrary.versionText == Self.expectedLibrary)
    }

    private static let expectedLibrary = ProcessInfo.processInfo.environment["TIMBERLINE_EXPECT_LIBRDKAFKA"]

    @Test("Durations become milliseconds, rounded up and bounded")
    func durations() {
        #expect(Duration.microseconds(1).librdkafkaMilliseconds == 1)
        #expect(Duration.seconds(2).librdkafkaMilliseconds == 2000)
        #expect(Duration.seconds(-2).librdkafkaMilliseconds == 0)
        #expect(Duration.seconds(1 << 50).librdkafkaMilliseconds == .max)
    }
}
