import Foundation
import KafkaClient
import KafkaTestSupport
import Testing

@Suite("Administration", .ownThread, .timeLimit(.minutes(2)))
struct AdminTests {
    @Test("A topic is created, described, grown and deleted", arguments: TestKafka.real)
    func topics(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let admin = try KafkaAdmin(cluster.properties)
        let name = cluster.uniqueName("admin")
        try admin.createTopic(
            .init(name, partitions: 2, replicationFactor: 1, settings: ["cleanup.policy": "compact"])
        )
        let again = #expect(throws: KafkaError.self) { try admin.createTopic(.init(name)) }
        #expect(again?.code == .topicAlreadyExists)
        let wrong = #expect(throws: KafkaError.self) {
            try admin.createTopic(.init(name + "-wrong", settings: ["no.such.setting": "1"]))
        }
        #expect(wrong?.description.contains("no.such.setting") == true)
        #expect(
            try admin.partitions(of: name) == [KafkaTopicPartition(name, 0), KafkaTopicPartition(name, 1)]
        )
        let settings = try admin.settings(ofTopic: name)
        #expect(settings["cleanup.policy"] == "compact" && settings["retention.ms"] != nil)
        let unknown = #expect(throws: KafkaError.self) { try admin.settings(ofTopic: name + "-none") }
        #expect(unknown?.code == .unknownTopicOrPartition)
        try admin.growTopic(name, toPartitions: 3)
        try Self.wait { try admin.partitions(of: name).count == 3 }
        #expect(try admin.describeCluster().topics[name] == [0, 1, 2])
        try admin.deleteTopic(name)
        try Self.wait { try admin.describeCluster().topics[name] == nil }
        let gone = #expect(throws: KafkaError.self) { try admin.partitions(of: name) }
        #expect(gone?.code == .unknownTopicOrPartition)
    }

    @Test("Watermarks are the first offset and the one after the last", arguments: TestKafka.all)
    func watermarks(kafka: TestKafka) throws {
        let cluster = try kafka.open()
        let topic = try cluster.makeTopic(partitions: 2)
        try cluster.produce(["a", "b", "c"], to: topic, partition: 1)
        let admin = try KafkaAdmin(cluster.properties)
        let partitions = [KafkaTopicPartition(topic, 0), KafkaTopicPartition(topic, 1)]
        #expect(try admin.watermarks(of: partitions) == [partitions[0]: 0..<0, partitions[1]: 0..<3])
    }

    @Test("A broker that has gone holds no question beyond its deadline")
    func outage() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let admin = try KafkaAdmin(cluster.properties)
        let partitions = try admin.partitions(of: topic)
        _ = try admin.watermarks(of: partitions)
        try cluster.stopMock()
        let start = Date()
        #expect(throws: KafkaError.self) { try admin.watermarks(of: partitions, timeout: .seconds(1)) }
        #expect(Date().timeIntervalSince(start) < 5)
    }

    static func wait(_ done: () throws -> Bool) throws {
        let end = Date().addingTimeInterval(20)
        while try !done() {
            try #require(Date() < end)
            Thread.sleep(forTimeInterval: 0.1)
        }
    }
}
