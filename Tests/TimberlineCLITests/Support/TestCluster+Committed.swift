import Glibc
import KafkaClient
import KafkaTestSupport

extension TestCluster {
    /// How far a group has committed a partition; nil for not at all.
    func committed(_ topic: String, group: String, partition: Int32 = 0) throws -> Int64? {
        let consumer = try KafkaConsumer(KafkaConsumerConfiguration(properties: properties, group: group))
        let partition = KafkaTopicPartition(topic, partition)
        // The group's coordinator may just be being found.
        for _ in 0..<50 {
            do throws(KafkaError) {
                return try consumer.committed([partition])[partition]
            } catch {
                guard error.isRetriable else { throw error }
                usleep(100_000)
            }
        }
        return try consumer.committed([partition])[partition]
    }

    /// How many records of the first partitions a group has committed together.
    func committedCount(_ topic: String, group: String, partitions: Int32) throws -> Int {
        try (0..<partitions).reduce(0) { try $0 + Int(committed(topic, group: group, partition: $1) ?? 0) }
    }
}
