import AWSConnector
import AWSServices
import AWSTestSupport
import DetectionPipeline
import HTTPServer
import JSONText
import KafkaTestSupport
import Retries
import Telemetry
import Testing

/// A function as many are written: Powertools for AWS Lambda reads the event, and words the answer.
@Suite("Forwarding to a function with Powertools", .ownThread)
struct PowertoolsTests {
    private static let function = """
        import json, sys
        from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
        from aws_lambda_powertools.utilities.data_classes import KafkaEvent
        event, bad, seen = json.loads(sys.stdin.read()), json.loads(sys.argv[1]), []
        def handle(record):
            if record.offset in bad: raise ValueError("bad")
            seen.append([record.topic, record.partition, record.offset, record.timestamp_type,
                record.decoded_key.decode() if record.key else None, record.decoded_value.decode(),
                {name: value.decode() for name, value in record.decoded_headers.items()}])
        class Context: aws_request_id = "r"
        processor = BatchProcessor(event_type=EventType.Kafka, raise_on_entire_batch_failure=False)
        answer = process_partial_response(event=event, record_handler=handle, processor=processor, context=Context())
        print(json.dumps(answer))
        print(json.dumps({"seen": seen, "servers": KafkaEvent(event).decoded_bootstrap_servers}))
        """

    @Test(
        "its data classes read our event, and the records that its batch processor reports come again",
        .enabled(if: PythonPeers.havePowertools, Comment(rawValue: PythonPeers.absenceOfPowertools))
    )
    func batchProcessor() throws {
        let runs = Locked<[JSONValue]>([])
        // At the first call two records fail.
        let bad = Locked("[4, 6]")
        let stub = try AWSStub { call in
            let failing = bad.withLock { bad in
                defer { bad = "[]" }
                return bad
            }
            guard let run = try? PythonPeers.run(Self.function, [failing], input: call.body), run.status == 0
            else { return .fault(500, "ServiceException", "the function did not run") }
            let lines = run.output.split(separator: "\n")
            guard lines.count == 2, let result = try? JSONValue(Array(lines[1].utf8)) else {
                return .fault(500, "ServiceException", "the function says \(lines)")
            }
            runs.withLock { $0.append(result) }
            return .json(String(lines[0]))
        }
        var settings = AWSStub.quickSettings
        settings.retries.maximumAttempts = 1
        let target = LambdaTarget(
            stub.client(settings),
            .init(functionName: "f", bootstrapServers: "b-1:9092,b-2:9092"),
            limits: BatchLimits(recordCount: 8, byteCount: .max),
            timeout: .seconds(60)
        )
        var batch = ForwardedBatches.batch(0..<8, key: { $0 == 5 ? Array("k".utf8) : nil })
        for position in batch.records.indices {
            batch.records[position].headers = [.init(name: "trace", value: Array("t\(position)".utf8))]
        }
        try Forwarder(BatchSource([batch]), to: target).run()
        let seen = runs.withLock { runs in runs.map { $0["seen"]?.array ?? [] } }
        func offsets(_ run: [JSONValue]) -> [Int64] { run.compactMap { $0.array?[2].integer } }
        #expect(seen.map(offsets) == [[0, 1, 2, 3, 5, 7], [4, 5, 6, 7]])
        let record = try #require(seen.first?.dropFirst(4).first?.array)
        #expect(record[0].string == "app-logs" && record[1].integer == 2 && record[3].string == "CREATE_TIME")
        #expect(record[4].string == "k" && record[5].string == "line 5" && record[6]["trace"]?.string == "t5")
        let servers = runs.withLock { $0.first?["servers"]?.array?.compactMap(\.string) }
        #expect(servers == ["b-1:9092", "b-2:9092"])
    }
}
