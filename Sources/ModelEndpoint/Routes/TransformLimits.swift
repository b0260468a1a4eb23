import Telemetry

/// What a batch transform may ask of the endpoint: the answer of `/execution-parameters`.
public struct TransformLimits: Sendable, Hashable {
    public enum BatchStrategy: String, Sendable, Hashable, CaseIterable {
        case multipleRecords = "MULTI_RECORD"
        case singleRecord = "SINGLE_RECORD"
    }

    /// Requests at once.
    public var concurrentTransforms: Int
    public var batchStrategy: BatchStrategy
    /// Of a request's body, in units of 2^20 bytes.
    public var payloadMegabytes: Int

    public init(
        concurrentTransforms: Int = 1,
        batchStrategy: BatchStrategy = .multipleRecords,
        payloadMegabytes: Int = 6
    ) {
        self.concurrentTransforms = concurrentTransforms
        self.batchStrategy = batchStrategy
        self.payloadMegabytes = payloadMegabytes
    }

    /// These limits, and in their place those that SageMaker gives a container in its environment.
    ///
    /// What is there and no such limit is passed over: a container must start by whatever SageMaker sets.
    public func overridden(by environment: [String: String]) -> TransformLimits {
        func positive(_ name: String) -> Int? {
            environment[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        }
        var limits = self
        limits.concurrentTransforms = positive("SAGEMAKER_MAX_CONCURRENT_TRANSFORMS") ?? concurrentTransforms
        limits.payloadMegabytes = positive("SAGEMAKER_MAX_PAYLOAD_IN_MB") ?? payloadMegabytes
        if let strategy = environment["SAGEMAKER_BATCH_STRATEGY"].flatMap(BatchStrategy.init) {
            limits.batchStrategy = strategy
        }
        return limits
    }

    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.integer("MaxConcurrentTransforms", concurrentTransforms)
            json.string("BatchStrategy", batchStrategy.rawValue)
            json.integer("MaxPayloadInMB", payloadMegabytes)
        }
        return json.text
    }
}
