import Glibc
import KafkaClient

extension KafkaAdmin {
    /// The partitions of these topics, as soon as a broker shows them all: of a topic that was made a moment ago,
    /// be it by another instance, brokers learn one after the other.
    ///
    /// - Returns: partition numbers by topic; topics that do not show within the time are absent.
    func findTopics(
        _ names: [String],
        within limit: Duration = .seconds(3)
    ) throws(KafkaError) -> [String: [Int32]] {
        let start = ContinuousClock.now
        while true {
            // Asked for all topics: a question for one may make it.
            let known = try describeCluster().topics.filter { names.contains($0.key) && !$0.value.isEmpty }
            if names.allSatisfy({ known[$0] != nil }) || start.duration(to: .now) >= limit { return known }
            usleep(100_000)
        }
    }
}
