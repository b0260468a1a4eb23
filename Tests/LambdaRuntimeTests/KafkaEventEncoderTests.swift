import Foundation
import JSONText
import KafkaTestSupport
import LambdaRuntime
import Testing

@Suite("Written Kafka events")
struct KafkaEventEncoderTests {
    private func reading(_ bytes: [UInt8]) throws -> KafkaEvent {
        guard case .kafka(let event) = try LambdaEvent(bytes) else {
            throw EventError(.unknown, "not Kafka")
        }
        return event
    }

    @Test("are exactly these bytes")
    func bytes() {
        let partition = KafkaEvent.Partition(
            topic: "app-logs",
            number: 3,
            bytes: Array("keyvalue".utf8),
            records: [
                KafkaEvent.Record(
                    offset: 7,
                    timestamp: 1_767_607_200_123,
                    key: 0..<3,
                    value: 3..<8,
                    headers: [
                        .init(name: "h\"", value: [0xc3, 0xa9, 0, 0x80]), .init(name: "n", value: nil),
                    ]
                ),
                KafkaEvent.Record(offset: 8, timestamp: -1, timestampType: "LOG_APPEND_TIME"),
            ]
        )
        var event = KafkaEvent(eventSourceARN: nil, bootstrapServers: "a:1,b:2", partitions: [partition])
        let records = #"""
            "records":{"app-logs-3":[{"topic":"app-logs","partition":3,"offset":7,"timestamp":1767607200123,\#
            "timestampType":"CREATE_TIME","key":"a2V5","value":"dmFsdWU=","headers":[{"h\"":[-61,-87,0,-128]},{"n":null}]},\#
            {"topic":"app-logs","partition":3,"offset":8,"timestamp":-1,"timestampType":"LOG_APPEND_TIME",\#
            "value":null,"headers":[]}]}}
            """#
        #expect(
            String(decoding: event.json, as: UTF8.self)
                == #"{"eventSource":"SelfManagedKafka","bootstrapServers":"a:1,b:2","# + records
        )
        event.eventSourceARN = "arn:aws:kafka:x"
        #expect(
            String(decoding: event.json, as: UTF8.self)
                == #"{"eventSource":"aws:kafka","eventSourceArn":"arn:aws:kafka:x","bootstrapServers":"a:1,b:2","#
                + records
        )
    }

    @Test("read back as the same values, and are as large as was said before", arguments: 0..<20)
    func roundTrip(seed: UInt64) throws {
        var chance = Chance(seed)
        let event = chance.event()
        let json = event.json
        #expect(try reading(json) == event)

        let encoder = KafkaEventEncoder(
            eventSourceARN: event.eventSourceARN,
            bootstrapServers: event.bootstrapServers
        )
        #expect(encoder.size(of: event.partitions) == json.count)
        for partition in event.partitions {
            let size = KafkaTopicSize(encoder, topic: partition.topic)
            let counted = partition.records.reduce(size.emptyByteCount(partition: partition.number)) {
                $0 + size.byteCount(of: $1, partition: partition.number)
            }
            // The first record has no comma before it.
            let comma = partition.records.isEmpty ? 0 : 1
            #expect(counted - comma == encoder.encode([partition]).count)
        }
    }

    @Test(
        "read by Python's json, hold what was meant",
        .enabled(if: Self.hasPython, "python3 is not installed")
    )
    func python() throws {
        var chance = Chance(99)
        let event = chance.event()
        let program = """
            import base64, json, sys
            event = json.load(sys.stdin)
            print(event["eventSource"], event.get("eventSourceArn"), event["bootstrapServers"])
            for key, records in event["records"].items():
                for r in records:
                    assert key == f"{r['topic']}-{r['partition']}"
                    text = lambda name: base64.b64decode(r[name], validate=True).hex() if r.get(name) is not None else "-"
                    headers = [(n, bytes(b % 256 for b in v).hex() if v is not None else "-") for h in r["headers"] for n, v in h.items()]
                    print(key, r["offset"], r["timestamp"], r["timestampType"], text("key"), text("value"), *[f"{n}={v}" for n, v in headers])
            """
        let run = try Command.run(
            "python3",
            ["-X", "utf8", "-c", program],
            input: String(decoding: event.json, as: UTF8.self)
        )
        #expect(run.errors == "")
        var expected = "\(event.eventSourceARN == nil ? "SelfManagedKafka" : "aws:kafka")"
        expected += " \(event.eventSourceARN ?? "None") \(event.bootstrapServers)\n"
        for partition in event.partitions {
            func hex(_ range: Range<Int>?) -> String { range.map { hex(Array(partition.bytes[$0])) } ?? "-" }
            func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
            for record in partition.records {
                let headers = record.headers.map { " \($0.name)=\($0.value.map(hex) ?? "-")" }.joined()
                expected += "\(partition.key) \(record.offset) \(record.timestamp) \(record.timestampType)"
                expected += " \(hex(record.key)) \(hex(record.value))\(headers)\n"
            }
        }
        #expect(run.output == expected)
    }

    private static let hasPython = (try? Command.run("python3", ["--version"]).status) == 0

    @Test(
        "of the fixtures' values read back as the fixtures do",
        .enabled(if: Fixtures.isPresent, Comment(rawValue: Fixtures.absence)),
        arguments: ["msk", "selfmanaged", "edge", "schema-registry", "empty-records"]
    )
    func fixtures(name: String) throws {
        let event = try reading(Fixtures.bytes("kafka-\(name).json"))
        #expect(try reading(event.json) == event)
    }
}

/// Events by a seed.
private struct Chance {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    private mutating func number(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private mutating func bytes(_ limit: Int) -> [UInt8] {
        (0..<number(limit + 1)).map { _ in UInt8(number(256)) }
    }

    mutating func event() -> KafkaEvent {
        let partitions = (0..<number(4)).map { index in
            var partition = KafkaEvent.Partition(
                topic: ["a-b", "ü.x", "t_1"][number(3)],
                number: Int32(index * 7)
            )
            for _ in 0..<number(20) { partition.records.append(record(&partition.bytes)) }
            return partition
        }
        return KafkaEvent(
            eventSourceARN: number(2) == 0 ? nil : "arn:aws:kafka:eu-west-1:1:cluster/c/1",
            bootstrapServers: "b-1:9092,b-2:9092",
            partitions: partitions
        )
    }

    private mutating func record(_ bytes: inout [UInt8]) -> KafkaEvent.Record {
        var record = KafkaEvent.Record(
            offset: Int64(number(1 << 30)) << Int64(number(33)),
            timestamp: [0, -1, 1_767_607_200_123][number(3)],
            timestampType: number(2) == 0 ? "CREATE_TIME" : "LOG_APPEND_TIME"
        )
        if number(3) > 0 { record.key = append(&bytes) }
        if number(5) > 0 { record.value = append(&bytes) }
        record.headers = (0..<number(3)).map { _ in
            KafkaEvent.Header(
                name: ["trace", "é", "x"][number(3)],
                value: number(4) > 0 ? self.bytes(9) : nil
            )
        }
        return record
    }

    private mutating func append(_ bytes: inout [UInt8]) -> Range<Int> {
        let start = bytes.count
        bytes += self.bytes(40)
        return start..<bytes.count
    }
}
