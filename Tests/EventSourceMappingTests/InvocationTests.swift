import AWSConnector
import DetectionPipeline
import Foundation
import JSONText
import LambdaRuntime
import LocalLambdaModel
import Telemetry
import Testing

@testable import EventSourceMapping

/// A batch of a partition, as a mapping has it.
func someBatch(_ offsets: Range<Int64> = 10..<14, size: Int = 5, partition: Int32 = 2) -> RecordBatch {
    var batch = RecordBatch(
        stream: RecordStream(origin: "kafka:c/my-topic", name: "my-topic", partition: partition)
    )
    for offset in offsets {
        let start = batch.bytes.count
        batch.bytes += Array(repeating: 0x61, count: size)
        batch.records.append(
            .init(
                offset: offset,
                nextOffset: offset + 1,
                timestampMilliseconds: 1_767_607_200_000 + offset,
                value: start..<start + size
            )
        )
    }
    return batch
}

func someMapping(_ change: (inout EventSourceMappingConfiguration) -> Void = { _ in }) throws
    -> MappingSettings
{
    var mapping = EventSourceMappingConfiguration(
        id: EventSourceMappingID("6f3c8e8a-0000-4000-8000-000000000001"),
        function: FunctionReference(try #require(FunctionName("scorer"))),
        source: .selfManaged(servers: ["b1:9092", "b2:9092"]),
        topic: "my-topic",
        consumerGroup: "group",
        startingPosition: .trimHorizon,
        lastModifiedMilliseconds: 0
    )
    change(&mapping)
    return try MappingSettings(mapping)
}

@Suite("An invocation of a mapping")
struct InvocationTests {
    private func target(
        _ function: FakeFunction = FakeFunction(),
        now: Int64 = 1_767_607_260_000,
        _ change: (inout EventSourceMappingConfiguration) -> Void = { _ in }
    ) throws -> FunctionTarget {
        FunctionTarget(
            try someMapping(change),
            encoder: KafkaEventEncoder(eventSourceARN: nil, bootstrapServers: "b1:9092,b2:9092"),
            invoker: function,
            now: { now },
            onResult: { _ in }
        )
    }

    @Test(
        "says of an answer which records are done",
        arguments: [
            ("", BatchItemFailures.none),
            ("null", .none),
            ("{}", .none),
            (#"{"batchItemFailures": []}"#, .none),
            (#"{"batchItemFailures": null}"#, .none),
            (#"{"statusCode": 200}"#, .none),
            (
                #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2", "offset": 12}}]}"#,
                .first(index: 2)
            ),
            (
                #"{"batchItemFailures": [{"itemIdentifier": {"topic-partition": "my-topic-2", "offset": 10}}]}"#,
                .first(index: 0)
            ),
            (
                #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2", "offset": 13}}, {"itemIdentifier": {"partition": "my-topic-2", "topic-partition": "my-topic-2", "offset": 11}}]}"#,
                .first(index: 1)
            ),
        ]
    )
    func answers(_ answer: String, _ expected: BatchItemFailures) {
        #expect(BatchItemFailures(Array(answer.utf8), for: someBatch()) == expected)
    }

    @Test(
        "takes an answer that names no record of the event as a failure of all",
        arguments: [
            #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2", "offset": 14}}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-3", "offset": 12}}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2", "offset": "12"}}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2", "offset": null}}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2"}}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": {"offset": 12}}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": "my-topic-2"}]}"#,
            #"{"batchItemFailures": [{"itemIdentifier": ""}]}"#,
            #"{"batchItemFailures": [{}]}"#,
            #"{"batchItemFailures": [null]}"#,
            #"{"batchItemFailures": "all"}"#,
            #"{"batchItemFailures": ["#,
            "5", "all well",
        ]
    )
    func unusable(_ answer: String) {
        guard case .unusable = BatchItemFailures(Array(answer.utf8), for: someBatch()) else {
            Issue.record("taken as \(BatchItemFailures(Array(answer.utf8), for: someBatch()))")
            return
        }
    }

    @Test("does not look at the answer unless the mapping asks for reports")
    func noReports() throws {
        let answer = Array(
            #"{"batchItemFailures": [{"itemIdentifier": {"partition": "my-topic-2", "offset": 12}}]}"#.utf8
        )
        let function = FakeFunction { _, _ in .success(answer) }
        try target(function).send(someBatch())
        let reporting = try target(function) { $0.reportsBatchItemFailures = true }
        let error = try #require(throws: PartialSend.self) { try reporting.send(someBatch()) }
        #expect(error.acknowledgedCount == 2)
        #expect((error.cause as? EventSourceMapping.FunctionFailure)?.isFunctionError == false)
    }

    @Test(
        "that fails is made again; halved first where the mapping asks for it and there is more than one record",
        arguments: [
            (false, 4, FailureKind.transient), (true, 4, .poison), (true, 1, .transient),
        ]
    )
    func failures(_ isBisected: Bool, _ count: Int64, _ kind: FailureKind) throws {
        let failing = try target(FakeFunction { _, _ in FakeFunction.error }) {
            $0.bisectsBatchOnFunctionError = isBisected
        }
        let error = try #require(throws: EventSourceMapping.FunctionFailure.self) {
            try failing.send(someBatch(0..<count))
        }
        #expect(error.failureKind == kind && error.isFunctionError && error.requestID == "request-0")
    }

    @Test("that was not made is made again, and does not count")
    func refused() throws {
        let throttled = try target(FakeFunction(limit: 0))
        let error = try #require(throws: FunctionNotRun.self) { try throttled.send(someBatch()) }
        #expect(error.isThrottling && error.failureKind == .transient)
        #expect(!((error as any Error) is any CountedError))
    }

    @Test("has no record older than the mapping's limit, and none that no event can hold")
    func refusals() throws {
        let batch = someBatch()
        func refusal(_ now: Int64, _ limit: Int) throws -> RecordRefusal? {
            try target(now: now) { $0.maximumRecordAgeSeconds = limit }
                .refusal(of: batch.records[0], in: batch) as? RecordRefusal
        }
        let time = batch.records[0].timestampMilliseconds
        #expect(try refusal(time + 60_000, 60) == nil)
        #expect(try refusal(time + 60_001, 60) == .tooOld)
        #expect(try refusal(time + 60_001, -1) == nil)
        let plain = try target()
        let empty = 6 << 20
        // The largest that fits, by the event's own size, and one that has a group of base64 more.
        let envelope = FakeSize.envelope(of: someBatch(10..<11, size: 0), in: "b1:9092,b2:9092")
        let fitting = (empty - envelope) / 4 * 3
        for (size, expected) in [(fitting, nil), (fitting + 1, RecordRefusal.tooLarge)] {
            let large = someBatch(10..<11, size: size)
            #expect(plain.refusal(of: large.records[0], in: large) as? RecordRefusal == expected)
        }
    }

    @Test("is as large as was counted", arguments: [0, 9, 10, 12_345] as [Int32])
    func sizes(_ partition: Int32) throws {
        let encoder = KafkaEventEncoder(eventSourceARN: "arn:aws:kafka:x", bootstrapServers: "b:1")
        let size = KafkaTopicSize(encoder, topic: "my-topic")
        var batch = someBatch(8..<12, partition: partition)
        batch.records[1].headers = [.init(name: "h", value: [0, 200, 7]), .init(name: "n", value: nil)]
        batch.records[2].value = nil
        batch.records[3].isAppendTime = true
        let counted = batch.records.reduce(size.emptyByteCount(partition: partition) - 1) {
            $0 + size.byteCount(of: $1.eventRecord, partition: partition)
        }
        #expect(counted == encoder.encode([batch.eventPartition]).count)
    }

    @Test("limits follow the mapping's settings while it runs")
    func limits() throws {
        let running = try target { $0.batchSize = 100 }
        #expect(running.limits.recordCount == 100 && running.limits.window == .milliseconds(500))
        running.update(
            try someMapping {
                $0.batchSize = 500
                $0.batchingWindowSeconds = 300
                $0.filterPatterns = [#"{"value": ["b"]}"#]
            }
        )
        #expect(running.limits.recordCount == 500 && running.limits.window == .seconds(300))
        let batch = someBatch()
        #expect(!running.wants(batch.records[0], of: batch))
    }
}

/// Sizes by writing.
enum FakeSize {
    static func envelope(of batch: RecordBatch, in servers: String) -> Int {
        KafkaEventEncoder(eventSourceARN: nil, bootstrapServers: servers).encode([batch.eventPartition]).count
    }
}
