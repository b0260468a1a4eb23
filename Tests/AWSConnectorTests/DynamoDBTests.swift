import AWSServices
import AWSTestSupport
import AnomalyDetection
import DetectionPipeline
import Foundation
import KafkaTestSupport
import Telemetry
import Testing

@testable import AWSConnector

@Suite(
    "Anomalies in a DynamoDB table",
    .ownThread,
    .enabled(if: MotoServer.isAvailable, "\(MotoServer.absence)")
)
struct DynamoDBTests {
    let moto: MotoServer
    /// A table of this test's own.
    let table = "anomalies-\(UUID().uuidString)"

    init() throws {
        moto = try MotoServer.shared()
    }

    /// - Parameter projection: of the index by time.
    func makeTable(projection: String = "ALL") throws {
        let _: Bool = try moto.boto(
            """
            client("dynamodb").create_table(TableName="\(table)", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "tpk")],
                GlobalSecondaryIndexes=[{"IndexName": "by-time", "Projection": {"ProjectionType": "\(projection)"},
                    "KeySchema": [{"AttributeName": "tpk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}]}])
            print("true")
            """
        )
    }

    func sink(_ change: (inout DynamoDBSink.Settings) -> Void = { _ in }, logger: Logger = .silent)
        -> DynamoDBSink
    {
        var settings = DynamoDBSink.Settings(tableName: table)
        change(&settings)
        return DynamoDBSink(moto.client(), settings, logger: logger)
    }

    /// All items, as boto3 reads them; numbers as their digits.
    func items() throws -> [[String: String]] {
        try moto.boto(
            """
            pages = client("dynamodb").get_paginator("scan").paginate(TableName="\(table)")
            print(json.dumps([{name: json.dumps(value, sort_keys=True) for name, value in item.items()}
                for page in pages for item in page["Items"]]))
            """
        )
    }

    @Test(
        "an item has the design's keys, the score with all its digits, and the line; once, however often it is stored"
    )
    func item() throws {
        try makeTable()
        let record = Records.record(1, score: 3.0000000000000004)
        let log = MemorySink()
        let sink = sink({ $0.timeToLive = .seconds(86_400) }, logger: Logger(sink: log))
        try sink.check()
        try sink.store([record])
        try sink.store([record, record])
        let items = try items()
        #expect(items.count == 1)
        let item = try #require(items.first)
        #expect(item["pk"] == #"{"S": "A#checkout#2026013122#0"}"#)
        #expect(
            item["sk"]?.hasPrefix(#"{"S": "2026-01-31T22:59:01.123Z#app-logs#1#00000000000000000001#"#)
                == true
        )
        #expect(item["tpk"] == #"{"S": "T#202601312259#0"}"#)
        #expect(item["rcf_score"] == #"{"N": "3.0000000000000004"}"#)
        #expect(item["threshold"] == #"{"N": "3.0"}"#)
        #expect(item["time"] == #"{"S": "2026-01-31T22:59:01.123Z"}"#)
        #expect(item["ttl"] == #"{"N": "\#(Records.start / 1_000_000_000 + 1 + 86_400)"}"#)
        #expect(item["log_line"]?.contains("user") == true)
        #expect(item["log_line_truncated"] == #"{"BOOL": true}"#)
        #expect(item["features"]?.contains(#""expected": {"N": "0.30000000000000004"}"#) == true)
        #expect(log.lines.count == 2)
        #expect(log.lines.allSatisfy { $0.contains("Log successfully written to DynamoDB") })
    }

    @Test("the line can be left out, and items without an age stay")
    func withoutLine() throws {
        try makeTable()
        try sink { $0.keepsLine = false }.store([Records.record(3)])
        let item = try #require(try items().first)
        #expect(item["log_line"] == nil && item["ttl"] == nil)
    }

    private func read(
        _ condition: AnomalyTableReader.Condition,
        shards: Int = 1,
        now: Int64 = 0
    ) throws -> [ScoredRecord] {
        var found: [ScoredRecord] = []
        let reader = AnomalyTableReader(moto.client(), tableName: table, shardCount: shards)
        try reader.forEach(condition, now: now) { found.append($0) }
        return found
    }

    @Test(
        "what was stored is read as it was, newest first: of one service or of all",
        arguments: ["ALL", "KEYS_ONLY"]
    )
    func reading(_ projection: String) throws {
        try makeTable(projection: projection)
        // Over an hour's border, two services, four shards; some that are no anomalies.
        var records = (0..<60).map { index in
            Records.record(
                index * 3,
                score: index % 10 == 0 ? 1 : nil,
                entity: index % 4 == 0 ? "pay" : "checkout"
            )
        }
        records[5].verdict.entity = ""
        try sink { $0.shardCount = 4 }.store(records)
        let anomalies = records.filter(\.verdict.isAnomalous)
        let end = Records.start + 3_600_000_000_000
        var all = AnomalyTableReader.Condition(service: nil, since: Records.start, until: end)
        #expect(try read(all, shards: 4) == anomalies.reversed())
        all.includesNormal = true
        #expect(try read(all, shards: 4) == records.reversed())
        var one = AnomalyTableReader.Condition(service: "checkout", since: Records.start, until: end)
        let checkout = anomalies.filter { $0.verdict.entity == "checkout" }
        #expect(try read(one, shards: 4) == checkout.reversed())
        one.limit = 7
        #expect(try read(one, shards: 4) == Array(checkout.suffix(7).reversed()))
        one.limit = .max
        one.minimumScore = 12
        #expect(try read(one, shards: 4) == checkout.filter { $0.verdict.score >= 12 }.reversed())
        // To the nanosecond, the first included and the last not.
        one = .init(service: "checkout", since: checkout[3].time ?? 0, until: checkout[9].time ?? 0)
        #expect(try read(one, shards: 4) == Array(checkout[3..<9].reversed()))
        #expect(
            try read(.init(service: "app-logs", since: Records.start, until: end), shards: 4) == [records[5]]
        )
        #expect(try read(.init(service: "nobody", since: Records.start, until: end), shards: 4) == [])
    }

    @Test("what its age says may be removed is not read, though it be there still")
    func expired() throws {
        try makeTable()
        try sink { $0.timeToLive = .seconds(600) }.store([Records.record(0)])
        let condition = AnomalyTableReader.Condition(
            service: "checkout",
            since: Records.start,
            until: Records.start + 60_000_000_000
        )
        let seconds = Records.start / 1_000_000_000
        #expect(try read(condition, now: seconds + 599).count == 1)
        #expect(try read(condition, now: seconds + 600).isEmpty)
    }

    @Test("a table that is not there, or has other keys, is found out before anything is stored")
    func check() throws {
        func code(_ name: String) -> AWSError.Code? {
            do throws(AWSError) {
                try DynamoDBSink(moto.client(), .init(tableName: name)).check()
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code("nowhere") == .notFound)
        let other = "other-\(UUID().uuidString)"
        let _: Bool = try moto.boto(
            """
            client("dynamodb").create_table(TableName="\(other)", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
            print("true")
            """
        )
        #expect(code(other) == .refused)
    }
}
