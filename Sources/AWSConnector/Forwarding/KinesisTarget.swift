public import AWSServices
public import DetectionPipeline
import Telemetry

/// A Kinesis data stream.
///
/// Of a call that the stream took only in part, what it has not taken comes again before any later record of the same
/// partition key; what it has is remembered and not sent again, as long as the process lives.
public final class KinesisTarget: ForwardTarget {
    public struct Settings: Sendable {
        /// A name, or a whole ARN.
        public var stream: String
        public var partitionKey: KinesisPartitionKey = .key
        public var order: KinesisOrder = .strict
        public var form: ForwardedRecord = .record

        public init(stream: String) {
            self.stream = stream
        }
    }

    public let limits: BatchLimits
    private let client: AWSClient
    private let settings: Settings
    /// Timestamps by offsets of records that the stream has, behind one that it has not. Never more than a batch's.
    private let ahead = Locked<[RecordStream: [Int64: Int64]]>([:])

    public init(_ client: AWSClient, _ settings: Settings, limits: BatchLimits) {
        self.client = client
        self.settings = settings
        self.limits = limits
    }

    public var name: String { "stream \(settings.stream)" }

    public func send(_ batch: RecordBatch) throws {
        let records = batch.records.map { record in
            Kinesis.Record(
                data: settings.form.bytes(record, of: batch),
                partitionKey: settings.partitionKey.text(record, of: batch)
            )
        }
        // Found before anything is sent: else those beside it would be sent again.
        if let large = records.first(where: { $0.byteCount > Kinesis.recordByteLimit }) {
            throw AWSError(
                .refused,
                "kinesis PutRecords: a record of \(large.byteCount) bytes, where \(Kinesis.recordByteLimit) are the most"
            )
        }
        let known = ahead.withLock { $0[batch.stream] ?? [:] }
        let isDone = batch.records.map { known[$0.offset] == $0.timestampMilliseconds }
        var plan = KinesisPlan(records, isDone: isDone, order: settings.order)
        while let call = plan.next() {
            do throws(AWSError) {
                let put = Kinesis.PutRecords(stream: settings.stream, records: call.map { records[$0] })
                plan.ended(call, failures: try client.send(put).failures)
            } catch {
                plan.stopped(by: error)
            }
        }
        remember(plan, batch)
        guard let error = plan.error else { return }
        throw PartialSend(acknowledgedCount: plan.finishedCount, cause: error)
    }

    private func remember(_ plan: KinesisPlan, _ batch: RecordBatch) {
        ahead.withLock { ahead in
            var kept = ahead[batch.stream] ?? [:]
            for (position, record) in batch.records.enumerated() {
                let isAhead = position > plan.finishedCount && plan.isDone[position]
                kept[record.offset] = isAhead ? record.timestampMilliseconds : nil
            }
            ahead[batch.stream] = kept.isEmpty ? nil : kept
        }
    }
}
