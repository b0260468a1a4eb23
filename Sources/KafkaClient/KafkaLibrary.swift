import CLibrdkafka

/// The librdkafka that this process runs with, which may be newer than the one
/// it was built with.
public enum KafkaLibrary {
    /// Its version as text: `2.0.2`.
    public static var versionText: String { String(cString: rd_kafka_version_str()) }

    /// Its version as numbers, for comparison.
    public static var version: KafkaLibraryVersion { KafkaLibraryVersion(encoded: rd_kafka_version()) }

    /// The first version whose `cooperative-sticky` assignor is sound: before
    /// 2.3.0 it aborts the process on close (librdkafka #4312), before 2.4.0 it
    /// can hang there (#4527), before 2.6.1 it can loop for ever (#4800).
    public static let soundCooperativeSticky = KafkaLibraryVersion(2, 6, 1)

    /// The first version with `fetch.queue.backoff.ms`. Every version looks only once a second whether a full queue
    /// has room again, unless it is told otherwise.
    public static let fetchQueueBackoff = KafkaLibraryVersion(2, 2, 0)

    /// The first version whose SCRAM works with Kafka 4 (librdkafka #4895).
    public static let soundScram = KafkaLibraryVersion(2, 6, 1)
}
