import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Connecting", .ownThread, .timeLimit(.minutes(2)))
struct ConnectivityTests {
    @Test("A broker that answers gives the cluster's id, the same to all clients", arguments: TestKafka.all)
    func answers(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: cluster.properties, group: "g")
        )
        let identifier = try consumer.checkConnectivity(within: .seconds(20))
        #expect(!identifier.isEmpty)
        #expect(try KafkaProducer(cluster.properties).checkConnectivity(within: .seconds(20)) == identifier)
        #expect(
            try KafkaAdmin(cluster.properties).describeCluster(timeout: .seconds(20)).clusterIdentifier
                == identifier
        )
    }

    @Test("No broker there is an error at the deadline, which names the address")
    func nobody() throws {
        let consumer = try KafkaConsumer(
            KafkaConsumerConfiguration(properties: KafkaProperties(brokers: "127.0.0.1:1"), group: "g")
        )
        let start = Date()
        let error = #expect(throws: KafkaError.self) {
            try consumer.checkConnectivity(within: .milliseconds(700))
        }
        #expect(error?.code == .noBrokerAnswers)
        #expect(error?.isRetriable == true)
        #expect(error?.message.contains("127.0.0.1:1") == true)
        #expect((0.6...5).contains(Date().timeIntervalSince(start)))
    }

    @Test("A server that accepts and never answers is an error at the deadline too")
    func silence() throws {
        let server = try SilentServer()
        let admin = try KafkaAdmin(KafkaProperties(brokers: "127.0.0.1:\(server.port)"))
        let start = Date()
        #expect(throws: KafkaError.self) { try admin.describeCluster(timeout: .seconds(1)) }
        #expect(throws: KafkaError.self) {
            try admin.watermarks(of: [KafkaTopicPartition("t", 0)], timeout: .seconds(1))
        }
        #expect(Date().timeIntervalSince(start) < 6)
    }

    @Test("A wrong host name is an error that names it")
    func name() throws {
        let producer = try KafkaProducer(KafkaProperties(brokers: "no-such-host.invalid:9092"))
        let error = #expect(throws: KafkaError.self) { try producer.checkConnectivity(within: .seconds(2)) }
        #expect(error?.code == .noBrokerAnswers)
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }
}

/// Listens and accepts (the kernel does), and says nothing.
private final class SilentServer {
    private let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(done)
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
