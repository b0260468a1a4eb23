public import AWSServices
public import DetectionPipeline
import LambdaRuntime
import Telemetry

/// A Lambda function that is invoked with Kafka's event, as an event source mapping invokes it, and waited for.
///
/// Its answer may name failed records: those before the first of them are done. A function that fails, throttling and
/// lost answers bring the same records again; an event that Lambda refuses for what it holds is halved.
public final class LambdaTarget: ForwardTarget {
    public struct Settings: Sendable {
        /// A name, or a whole or partial ARN, with a version or an alias or without.
        public var functionName: String
        /// Of the MSK cluster that events are to name; nil for a Kafka of one's own.
        public var eventSourceARN: String?
        /// Joined by commas.
        public var bootstrapServers: String
        /// After how often a function that fails with the same records has them to blame: the record is searched for, and
        /// goes to the dead letters. Nil for never.
        public var allowedFailures: Int?

        public init(functionName: String, bootstrapServers: String) {
            self.functionName = functionName
            self.bootstrapServers = bootstrapServers
        }
    }

    public let limits: BatchLimits
    private let client: AWSClient
    private let settings: Settings
    private let timeout: Duration
    private let encoder: KafkaEventEncoder
    private let faults: Locked<FunctionFaults>
    private let sizes = Locked<[String: KafkaTopicSize]>([:])

    /// - Parameters:
    ///   - limits: those on bytes are of the event, and lowered to what Lambda takes.
    ///   - timeout: for one call.
    public init(_ client: AWSClient, _ settings: Settings, limits: BatchLimits, timeout: Duration) {
        self.client = client
        self.settings = settings
        self.timeout = timeout
        encoder = KafkaEventEncoder(
            eventSourceARN: settings.eventSourceARN,
            bootstrapServers: settings.bootstrapServers
        )
        faults = Locked(FunctionFaults(allowedFailures: settings.allowedFailures))
        var limits = limits
        limits.recordCount = min(limits.recordCount, Self.recordLimit)
        limits.byteCount = min(limits.byteCount, KafkaEventEncoder.sizeLimit - Self.frameSize(encoder))
        self.limits = limits
    }

    /// Source: "BatchSize" of CreateEventSourceMapping, AWS Lambda API Reference.
    private static let recordLimit = 10_000

    /// What an event has beside its records, with the longest name that a topic may have.
    private static func frameSize(_ encoder: KafkaEventEncoder) -> Int {
        let longest = String(repeating: "t", count: 249)
        return KafkaTopicSize(encoder, topic: longest).emptyByteCount(partition: .max)
    }

    public var name: String { "function \(settings.functionName)" }

    public func byteCount(of record: RecordBatch.Record, in batch: RecordBatch) -> Int {
        size(ofTopic: batch.stream.name)
            .byteCount(of: record.eventRecord, partition: batch.stream.partition)
    }

    private func size(ofTopic topic: String) -> KafkaTopicSize {
        sizes.withLock { sizes in
            if let size = sizes[topic] { return size }
            let size = KafkaTopicSize(encoder, topic: topic)
            sizes[topic] = size
            return size
        }
    }

    public func send(_ batch: RecordBatch) throws {
        guard let last = batch.records.last else { return }
        let event = encoder.encode([batch.eventPartition])
        guard event.count <= KafkaEventEncoder.sizeLimit else {
            throw FunctionFailure(
                reason:
                    "an event of \(event.count) bytes, where a function takes \(KafkaEventEncoder.sizeLimit)",
                failureKind: .poison
            )
        }
        let call = Lambda.Invoke(functionName: settings.functionName, payload: event, timeout: timeout)
        switch FunctionAnswer(try client.send(call), to: batch) {
        case .done:
            faults.withLock { $0.progressed(batch.stream, upTo: last.offset) }
        case .failed(0, let reason):
            let isBlamed = faults.withLock { $0.failed(batch) }
            throw FunctionFailure(reason: reason, failureKind: isBlamed ? .poison : .transient)
        case .failed(let count, let reason):
            faults.withLock { $0.progressed(batch.stream, upTo: batch.records[count - 1].offset) }
            let failure = FunctionFailure(reason: reason, failureKind: .transient)
            throw PartialSend(acknowledgedCount: count, cause: failure)
        }
    }
}
