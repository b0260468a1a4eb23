import AWSConnector
import DetectionPipeline
import LambdaRuntime
import LocalLambdaModel
import Telemetry

/// A function as what a partition's records are forwarded to: one invocation for each call.
final class FunctionTarget: ForwardTarget {
    private let encoder: KafkaEventEncoder
    private let size: KafkaTopicSize
    private let settings: Locked<MappingSettings>
    private let invoker: any FunctionInvoking
    /// Milliseconds since 1970, UTC.
    private let now: @Sendable () -> Int64
    /// Told how each invocation went, in the words of `LastProcessingResult`.
    private let onResult: @Sendable (ProcessingResult) -> Void

    init(
        _ settings: MappingSettings,
        encoder: KafkaEventEncoder,
        invoker: any FunctionInvoking,
        now: @escaping @Sendable () -> Int64,
        onResult: @escaping @Sendable (ProcessingResult) -> Void
    ) {
        self.encoder = encoder
        size = KafkaTopicSize(encoder, topic: settings.configuration.topic)
        self.settings = Locked(settings)
        self.invoker = invoker
        self.now = now
        self.onResult = onResult
    }

    /// Takes over other settings of the same topic: from the next record, or call, on.
    func update(_ settings: MappingSettings) {
        self.settings.withLock { $0 = settings }
    }

    private var current: MappingSettings { settings.withLock { $0 } }

    var name: String { "function \(current.configuration.function.name)" }

    // MARK: What a call holds

    var limits: BatchLimits {
        let configuration = current.configuration
        return BatchLimits(
            recordCount: configuration.batchSize,
            // Whatever the partition's number; and the first record has no comma.
            byteCount: Self.eventLimit - size.emptyByteCount(partition: .max) + 1,
            window: .milliseconds(configuration.batchingWindowMilliseconds)
        )
    }

    private static let eventLimit = InvocationRequest.synchronousPayloadLimit

    func wants(_ record: RecordBatch.Record, of batch: RecordBatch) -> Bool {
        current.filter.passes(record.value.map { batch.bytes[$0] })
    }

    func byteCount(of record: RecordBatch.Record, in batch: RecordBatch) -> Int {
        size.byteCount(of: record.eventRecord, partition: batch.stream.partition)
    }

    func refusal(of record: RecordBatch.Record, in batch: RecordBatch) -> (any Error)? {
        if isTooLarge(record, in: batch) { return RecordRefusal.tooLarge }
        let limit = current.configuration.maximumRecordAgeSeconds
        guard limit >= 0, record.timestampMilliseconds > 0 else { return nil }
        return now() - record.timestampMilliseconds > Int64(limit) * 1_000 ? RecordRefusal.tooOld : nil
    }

    private func isTooLarge(_ record: RecordBatch.Record, in batch: RecordBatch) -> Bool {
        // An event writes no byte as more than six.
        guard batch.byteCount(of: record) > Self.eventLimit / 8 else { return false }
        let partition = batch.stream.partition
        return size.emptyByteCount(partition: partition) + byteCount(of: record, in: batch) - 1
            > Self.eventLimit
    }

    // MARK: The call

    func send(_ batch: RecordBatch) throws {
        let settings = current
        let event = encoder.encode([batch.eventPartition])
        let result = invoker.invoke(InvocationRequest(settings.configuration.function, payload: event))
        do {
            try check(result, batch, settings.configuration)
            onResult(.ok)
        } catch {
            onResult(ProcessingResult(error))
            throw error
        }
    }

    private func check(
        _ result: InvocationResult,
        _ batch: RecordBatch,
        _ configuration: EventSourceMappingConfiguration
    ) throws {
        switch result.outcome {
        case .refused(let refusal): throw FunctionNotRun(refusal: refusal)
        case .functionError(let error):
            let text = String(decoding: error.prefix(Self.shownErrorLimit), as: UTF8.self)
            throw failure(result, batch, configuration, "the function failed: \(text)", isFunctionError: true)
        case .success(let answer):
            guard configuration.reportsBatchItemFailures else { return }
            switch BatchItemFailures(answer, for: batch) {
            case .none: return
            case .first(let index):
                let reason = "the function reports offset \(batch.records[index].offset) as failed"
                var cause = failure(result, batch, configuration, reason, isFunctionError: false)
                // What is behind the records that are done comes again together.
                if index > 0 { cause.failureKind = .transient }
                throw PartialSend(acknowledgedCount: index, cause: cause)
            case .unusable(let reason):
                throw failure(
                    result,
                    batch,
                    configuration,
                    "the function's answer: \(reason)",
                    isFunctionError: false
                )
            }
        }
    }

    /// Characters of a function's error in a log line.
    private static let shownErrorLimit = 500

    private func failure(
        _ result: InvocationResult,
        _ batch: RecordBatch,
        _ configuration: EventSourceMappingConfiguration,
        _ reason: String,
        isFunctionError: Bool
    ) -> FunctionFailure {
        let isHalved = configuration.bisectsBatchOnFunctionError && batch.records.count > 1
        return FunctionFailure(
            requestID: result.requestID,
            executedVersion: result.executedVersion,
            isFunctionError: isFunctionError,
            failureKind: isHalved ? .poison : .transient,
            description: reason
        )
    }
}
