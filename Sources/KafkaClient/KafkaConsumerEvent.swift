/// What a poll of a consumer brings, in the order in which it happened.
public enum KafkaConsumerEvent: Sendable {
    /// Records of one partition.
    case records(KafkaBatch)
    /// These partitions are now this consumer's. Fetching starts with the next
    /// poll, or with `completeRebalance(startingAt:)`.
    case assigned([KafkaTopicPartition])
    /// These partitions will be given up with the next poll (or by
    /// `completeRebalance`): finish what is in hand and commit before it.
    case revoked([KafkaTopicPartition])
    /// These partitions belong to another member already: drop what is in hand;
    /// a commit would be refused.
    case lost([KafkaTopicPartition])
    /// All records of the partition up to this offset have been delivered; only
    /// with `reportsPartitionEnd`.
    case reachedEnd(KafkaTopicPartition, offset: Int64)
    /// Something went wrong. Unless it is fatal, the client goes on by itself.
    case failed(KafkaError)
}
