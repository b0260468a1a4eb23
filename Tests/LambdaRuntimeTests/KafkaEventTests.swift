import JSONText
import LambdaRuntime
import Testing

@Suite("Kafka events")
struct KafkaEventTests {
    private func event(_ text: String) throws -> KafkaEvent {
        guard case .kafka(let event) = try LambdaEvent(Array(text.utf8)) else {
            throw EventError(.unknown, "not Kafka")
        }
        return event
    }

    @Test("read offsets beyond 2^53, dashes in topics, tombstones, empty values")
    func edges() throws {
        let event = try event(
            """
            {"records":{"my-app-logs-12":[
             {"topic":"my-app-logs","partition":12,"offset":9007199254740993,"timestamp":1767607200123,
              "timestampType":"LOG_APPEND_TIME","key":"a2V5","value":"bGluZQ==","headers":[]},
             {"offset":9223372036854775806,"partition":12,"topic":"my-app-logs","value":null,"timestamp":2},
             {"topic":"my-app-logs","partition":12,"offset":9223372036854775805,"value":"","key":null}]},
             "bootstrapServers":"a:9092,b:9092","eventSource":"SelfManagedKafka"}
            """
        )
        #expect(event.eventSourceARN == nil)
        #expect(event.bootstrapServers == "a:9092,b:9092")
        let partition = try #require(event.partitions.first)
        #expect(
            partition.key == "my-app-logs-12" && partition.topic == "my-app-logs" && partition.number == 12
        )
        #expect(partition.records.map(\.offset) == [9_007_199_254_740_993, .max - 1, .max - 2])
        #expect(partition.records.map(\.timestamp) == [1_767_607_200_123, 2, 0])
        #expect(partition.records[0].timestampType == "LOG_APPEND_TIME")
        #expect(partition.records[0].key.map { Array(partition.bytes[$0]) } == Array("key".utf8))
        #expect(partition.records[0].value.map { Array(partition.bytes[$0]) } == Array("line".utf8))
        #expect(partition.records[1].value == nil)
        #expect(partition.records[2].value?.isEmpty == true && partition.records[2].key == nil)
    }

    @Test("take a topic's end from the name where the records do not say it")
    func names() throws {
        let event = try event(
            #"{"eventSource":"aws:kafka","eventSourceArn":"arn:x","records":{"a-b-7":[{"offset":1,"value":"eA=="}]}}"#
        )
        #expect(event.eventSourceARN == "arn:x")
        #expect(event.partitions.map(\.topic) == ["a-b"] && event.partitions.map(\.number) == [7])
    }

    @Test("read headers' bytes, signed and unsigned, equal names, null")
    func headers() throws {
        let event = try event(
            #"{"records":{"t-0":[{"offset":1,"headers":[{"h":[-128,-61,-1,0,127,255]},{"h":[]},{"n":null},{"a":[1],"b":[2]}]}]}}"#
        )
        let headers = event.partitions[0].records[0].headers
        #expect(headers.map(\.name) == ["h", "h", "n", "a", "b"])
        #expect(headers.map(\.value) == [[0x80, 0xc3, 0xff, 0, 0x7f, 0xff], [], nil, [1], [2]])
        for byte in ["-129", "256", "1.5"] {
            #expect(throws: EventError.self) {
                try self.event(#"{"records":{"t-0":[{"offset":1,"headers":[{"h":[\#(byte)]}]}]}}"#)
            }
        }
    }

    @Test("keep a record whose base64 is malformed, as it came")
    func malformed() throws {
        let event = try event(
            #"{"records":{"t-0":[{"offset":1,"value":"b64?"},{"offset":2,"value":"eA=="}]}}"#
        )
        let partition = event.partitions[0]
        #expect(partition.records[0].defect == "value: malformed base64: byte 0x3f at 3")
        #expect(partition.records[0].value.map { Array(partition.bytes[$0]) } == Array("b64?".utf8))
        #expect(partition.records[1].defect == nil)
        #expect(partition.records[1].value.map { Array(partition.bytes[$0]) } == Array("x".utf8))
    }

    @Test("read what a schema registry adds")
    func schemas() throws {
        let event = try event(
            #"{"records":{"t-0":[{"offset":1,"keySchemaMetadata":null,"valueSchemaMetadata":{"schemaId":"12","dataFormat":"AVRO"}}]}}"#
        )
        #expect(event.partitions[0].records[0].keySchema == nil)
        let schema = event.partitions[0].records[0].valueSchema
        #expect(schema?.dataFormat == "AVRO" && schema?.id == "12")
    }

    @Test("refuse records without an offset, with one that no record has, and partitions that there are not")
    func refused() {
        for record in [
            #"{"value":"eA=="}"#, #"{"offset":-1}"#, #"{"offset":9223372036854775807}"#, #"{"offset":1e3}"#,
            #"{"offset":1,"partition":2147483648}"#, #"{"offset":1,"partition":-1}"#, "1",
        ] {
            #expect(throws: EventError.self, "\(record)") {
                try self.event(#"{"records":{"t-0":[\#(record)]}}"#)
            }
        }
    }
}
