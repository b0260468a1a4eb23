import AWSConnector
import DetectionPipeline
import LambdaRuntime
import LocalLambdaModel
import Telemetry

/// What a destination is told of records that the function did not take.
///
/// Source: AWS Lambda Developer Guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event
/// sources" and "Using a Kafka topic as an on-failure destination"; `RecordAgeExceeded` as streams have it.
struct FailureRecord {
    /// With the qualifier.
    var functionARN: String
    var source: KafkaEventSource
    /// Joined by commas.
    var bootstrapServers: String
    var batch: RecordBatch
    var error: any Error
    /// Invocations with these records.
    var invocationCount: Int
    /// Of the invocation; of records that were not given to the function one of its own.
    var requestID: String
    /// Milliseconds since 1970, UTC.
    var time: Int64

    /// How the payload goes along.
    enum Form {
        /// Not at all: SQS and SNS.
        case metadata
        /// As text within the JSON: S3.
        case text
        /// As JSON, the record for a message of its own: Kafka.
        case single
        /// As `single`, without the payload: it is too large for the topic.
        case singleMetadata
    }

    /// - Parameter event: the records as the function got them, or would have.
    func json(_ form: Form, event: [UInt8]) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            writeRequest(form, to: &json)
            writeResponse(to: &json)
            json.string("version", "1.0")
            json.string("timestamp", timestampText(milliseconds: time))
            writeBatch(form, payloadSize: event.count, to: &json)
            if case .text = form { json.string("payload", String(decoding: event, as: UTF8.self)) }
        }
        var bytes = Array(json.text.utf8)
        if case .single = form {
            bytes.removeLast()
            bytes += #","payload":"#.utf8
            bytes += event
            bytes += "}".utf8
        }
        return bytes
    }

    private func writeRequest(_ form: Form, to json: inout JSONWriter) {
        json.object("requestContext") { json in
            json.string("requestId", requestID)
            json.string("functionArn", functionARN)
            json.string("condition", condition(form))
            json.integer("approximateInvokeCount", invocationCount)
        }
    }

    /// The two pages have two names for the same.
    private func condition(_ form: Form) -> String {
        switch (error as? RecordRefusal, form) {
        case (.tooOld, _): "RecordAgeExceeded"
        case (.tooLarge, _): "MaximumPayloadSizeExceeded"
        case (nil, .metadata), (nil, .text): "RetryAttemptsExhausted"
        case (nil, .single), (nil, .singleMetadata): "RetriesExhausted"
        }
    }

    private func writeResponse(to json: inout JSONWriter) {
        guard let failure = error as? FunctionFailure else { return json.null("responseContext") }
        json.object("responseContext") { json in
            json.integer("statusCode", 200)
            json.string("executedVersion", failure.executedVersion)
            json.string("functionError", failure.isFunctionError ? "Unhandled" : nil)
        }
    }

    private func writeBatch(_ form: Form, payloadSize: Int, to json: inout JSONWriter) {
        json.object("KafkaBatchInfo") { json in
            json.integer("batchSize", batch.records.count)
            if case .msk(let arn) = source { json.string("eventSourceArn", arn) }
            json.string("bootstrapServers", bootstrapServers)
            json.integer("payloadSize", payloadSize)
            guard let first = batch.records.first, let last = batch.records.last else { return }
            switch form {
            case .single, .singleMetadata:
                json.object("recordInfo") { json in
                    json.string("offset", "\(first.offset)")
                    json.string("timestamp", timestampText(milliseconds: first.timestampMilliseconds))
                }
            case .metadata, .text:
                json.object("recordsInfo") { json in
                    json.object(batch.partitionKey) { json in
                        json.string("firstRecordOffset", "\(first.offset)")
                        json.string("lastRecordOffset", "\(last.offset)")
                        json.string(
                            "firstRecordTimestamp",
                            timestampText(milliseconds: first.timestampMilliseconds)
                        )
                        json.string(
                            "lastRecordTimestamp",
                            timestampText(milliseconds: last.timestampMilliseconds)
                        )
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func null(_ key: String) { string(key, nil) }
}
