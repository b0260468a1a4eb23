import Compression
import JSONText
import LambdaRuntime
import Testing

@Suite("Events")
struct LambdaEventTests {
    private func error(_ text: String) -> EventError? {
        #expect(throws: EventError.self, "\(text)") { try LambdaEvent(Array(text.utf8)) }
    }

    @Test("of no known source show their keys")
    func unknown() {
        #expect(
            error(#"{"detail-type":"x","detail":{"records":[]}}"#)?.message
                == "the event is of no source that is known; its keys are 'detail-type', 'detail'"
        )
        #expect(error("{}")?.message == "the event is of no source that is known; it has no keys")
        #expect(
            error(#"{"Records":[{"EventSource":"aws:sns","Sns":{}}]}"#)?.message
                == "no records of the source 'aws:sns' are known; its keys are 'Records'"
        )
        #expect(error(#"{"eventSource":"aws:mq","records":{"a":[]}}"#)?.code == .unknown)
        #expect(error(#"{"Records":[]}"#)?.code == .unknown)
        #expect(error(#"{"Records":{}}"#)?.code == .unknown)
        #expect(error(#"{"records":"x"}"#)?.code == .unknown)
        #expect(
            error("{" + (0..<50).map { #""k\#($0)":0"# }.joined(separator: ",") + "}")?.message.hasSuffix(
                "'k19', …"
            ) == true
        )
    }

    @Test("that are no JSON object say where")
    func malformed() {
        #expect(
            error("")?.message == "the event is malformed: invalid JSON at byte 0: the text ends too early"
        )
        #expect(
            error("[1]")?.message
                == "the event is malformed: invalid JSON at byte 0: expected object, found array"
        )
        #expect(error(#"{"records":[]}x"#)?.code == .malformed)
    }

    @Test("of Kinesis: each shard's records in order, with their sequence numbers")
    func kinesis() throws {
        func record(_ shard: String, _ number: String, _ data: String) -> String {
            #"{"eventID":"\#(shard):\#(number)","kinesis":{"sequenceNumber":"\#(number)","data":"\#(data)","partitionKey":"p","#
                + #""approximateArrivalTimestamp":1545084650.987},"eventSource":"aws:kinesis","eventSourceARN":"arn:s"}"#
        }
        let text =
            #"{"Records":[\#(record("s1", "10", "YQ==")),\#(record("s2", "7", "Yg==")),\#(record("s1", "11", "?"))],"shardId":"s1"}"#
        guard case .kinesis(let event) = try LambdaEvent(Array(text.utf8)) else {
            Issue.record("not Kinesis")
            return
        }
        #expect(event.shards.map(\.id) == ["s1", "s2"])
        #expect(event.shards[0].records.map(\.sequenceNumber) == ["10", "11"])
        #expect(event.shards[0].records[0].arrival == 1_545_084_650_987)
        #expect(event.shards[0].bytes == Array("a?".utf8))
        #expect(
            event.shards[0].records[1].defect
                == "data: malformed base64: its length, 1, is no multiple of four"
        )
        for number in ["", "-1", "12a"] {
            #expect(throws: EventError.self) {
                try LambdaEvent(Array(#"{"Records":[\#(record("s", number, "YQ=="))]}"#.utf8))
            }
        }
    }

    @Test("of SQS: bodies as they are, the id, the group of a FIFO queue")
    func sqs() throws {
        let text = #"""
            {"Records":[{"messageId":"m1","body":"a\n\"b\" \u00fc","attributes":{"SentTimestamp":"1545082649183"},
             "eventSource":"aws:sqs","eventSourceARN":"arn:q"},
             {"eventSource":"aws:sqs","messageId":"m2","body":"","attributes":{"MessageGroupId":"g","SequenceNumber":"188"}}]}
            """#
        guard case .sqs(let event) = try LambdaEvent(Array(text.utf8)) else {
            Issue.record("not SQS")
            return
        }
        #expect(event.messages.map(\.id) == ["m1", "m2"])
        #expect(Array(event.bytes[event.messages[0].body]) == Array("a\n\"b\" \u{fc}".utf8))
        #expect(event.messages[0].sent == 1_545_082_649_183 && event.messages[0].groupID == nil)
        #expect(event.messages[1].body.isEmpty)
        #expect(event.messages[1].groupID == "g" && event.messages[1].sequenceNumber == "188")
        #expect(throws: EventError.self) {
            try LambdaEvent(Array(#"{"Records":[{"eventSource":"aws:sqs","body":"x"}]}"#.utf8))
        }
    }

    @Test("of S3: keys decoded")
    func s3() throws {
        func event(_ key: String) throws -> S3Event.Object? {
            let text = #"""
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"eu-west-1","eventName":"ObjectCreated:Put",
                 "s3":{"bucket":{"name":"b","arn":"x"},"object":{"key":"\#(key)","size":12,"eTag":"e","versionId":"v","sequencer":"0A"}}}]}
                """#
            guard case .s3(let event) = try LambdaEvent(Array(text.utf8)) else { return nil }
            return event.objects.first
        }
        let object = try #require(try event("logs/a+b%2Bc%C3%BC.gz"))
        #expect(object.key == "logs/a b+cü.gz")
        #expect(object.bucket == "b" && object.size == 12 && object.versionID == "v" && object.isCreated)
        for key in ["%", "%4", "%zz", "%ff", "%+1", ""] {
            #expect(throws: EventError.self, "\(key)") { try event(key) }
        }
    }

    private func compressed(_ text: String) throws -> [UInt8] {
        let compressor = try Compressor(format: .gzip)
        var bytes: [UInt8] = []
        try Array(text.utf8).withUnsafeBufferPointer { try compressor.feed($0) { bytes += $0 } }
        try compressor.finish { bytes += $0 }
        return bytes
    }

    private static let logs =
        #"{"messageType":"DATA_MESSAGE","logGroup":"g","logStream":"s","logEvents":[{"id":"371","timestamp":5,"message":"one"},"#
        + #"{"id":"372","timestamp":6,"message":"two"}]}"#

    @Test("of CloudWatch Logs: decompressed, also out of a Kinesis record")
    func logs() throws {
        let data = try compressed(Self.logs)
        let base64 = String(decoding: Base64.encode(data), as: UTF8.self)
        guard
            case .cloudWatchLogs(let event) = try LambdaEvent(
                Array(#"{"awslogs":{"data":"\#(base64)"}}"#.utf8)
            )
        else {
            Issue.record("not CloudWatch Logs")
            return
        }
        #expect(event.logGroup == "g" && event.logStream == "s" && event.messageType == "DATA_MESSAGE")
        #expect(event.events.map(\.id) == ["371", "372"] && event.events.map(\.timestamp) == [5, 6])
        #expect(
            event.events.map { String(decoding: event.bytes[$0.message], as: UTF8.self) } == ["one", "two"]
        )
        #expect(CloudWatchLogsEvent(compressed: data) == event)
        #expect(CloudWatchLogsEvent(compressed: Array("a line".utf8)) == nil)
        #expect(CloudWatchLogsEvent(compressed: Array(data.dropLast(9))) == nil)
        #expect(CloudWatchLogsEvent(compressed: try compressed(#"{"other":1}"#)) == nil)
    }

    @Test(
        "of CloudWatch Logs that are damaged are kept as they came",
        arguments: ["b64?", "YWJj", "H4sIAAAA"]
    )
    func damagedLogs(data: String) throws {
        guard
            case .cloudWatchLogs(let event) = try LambdaEvent(Array(#"{"awslogs":{"data":"\#(data)"}}"#.utf8))
        else {
            Issue.record("not CloudWatch Logs")
            return
        }
        #expect(event.defect?.hasPrefix("awslogs.data: ") == true)
        #expect(event.bytes == Array(data.utf8) && event.events.isEmpty)
    }

    @Test("direct: plain, base64, any JSON, and what to take a word for")
    func direct() throws {
        let text = #"""
            {"records":[{"value":"GET / 200"},{"value":"R0VUIC8gMjAw"},{"value":{"a": 1}},{"value":null},{"value":"abcd"},
             {"value":"R0VU","encoding":"plain"},{"value":"/w==","encoding":"base64"},{"value":"?","encoding":"base64"},
             {"value":""},{"value":12.5}]}
            """#
        guard case .direct(let event) = try LambdaEvent(Array(text.utf8)) else {
            Issue.record("not direct")
            return
        }
        let expected: [[UInt8]?] = [
            Array("GET / 200".utf8), Array("GET / 200".utf8), Array(#"{"a": 1}"#.utf8), nil,
            Array("abcd".utf8),
            Array("R0VU".utf8), [0xff], Array("?".utf8), [], Array("12.5".utf8),
        ]
        #expect(event.records.map(\.value) == expected)
        #expect(event.records.map { $0.defect != nil } == expected.indices.map { $0 == 7 })
        #expect(throws: EventError.self) { try LambdaEvent(Array(#"{"records":[{}]}"#.utf8)) }
    }

    @Test("answers of batches have each source's own form")
    func responses() throws {
        #expect(try JSONValue(BatchResponse().json) == .object(["batchItemFailures": .array([])]))
        let response = BatchResponse(failures: [.kafka(partition: "a\"b-1", offset: .max), .identifier("49")])
        #expect(
            String(decoding: response.json, as: UTF8.self)
                == #"{"batchItemFailures":[{"itemIdentifier":{"partition":"a\"b-1","offset":9223372036854775807}},{"itemIdentifier":"49"}]}"#
        )
    }
}
