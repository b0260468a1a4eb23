import AWSServices
import AnomalyDetection
import DetectionPipeline

/// A scored record as an item of the table, and back.
///
/// | attribute | type | meaning |
/// |---|---|---|
/// | `pk`, `sk`, `tpk` | S | see ``AnomalyKeys`` |
/// | `rcf_score`, `threshold` | N | with all digits of the Double |
/// | `time` | S | the record's own time, RFC 3339 |
/// | `time_ns` | N | the same, nanoseconds since 1970 |
/// | `service`, `entity` | S | |
/// | `anomalous`, `early` | BOOL | |
/// | `origin`, `topic` | S | where the record was; with the next three its identity |
/// | `partition`, `offset`, `record_time` | N | |
/// | `features` | L of M | the drivers: `feature`, `observed`, `expected`, `direction`, `share`, `unit` |
/// | `log_line` | S | bounded; left out where that is configured |
/// | `log_line_truncated` | BOOL | there where the line is only the beginning |
/// | `ttl` | N | when DynamoDB may remove it, seconds since 1970; there where it is configured |
enum AnomalyItem {
    static func item(_ record: ScoredRecord, _ keys: AnomalyKeys, settings: DynamoDBSink.Settings)
        -> DynamoDB.Item
    {
        let (verdict, identity) = (record.verdict, record.identity)
        let time = AnomalyKeys.time(record)
        var item: DynamoDB.Item = [
            "pk": .string(keys.pk), "sk": .string(keys.sk), "tpk": .string(keys.tpk),
            "rcf_score": .number(verdict.score), "threshold": .number(verdict.threshold),
            "time": .string(AnomalyTime(nanoseconds: time).text),
            "service": .string(AnomalyKeys.service(record)), "entity": .string(verdict.entity),
            "anomalous": .boolean(verdict.isAnomalous), "early": .boolean(verdict.isEarly),
            "origin": .string(identity.stream.origin), "topic": .string(identity.stream.name),
            "partition": .integer(Int64(identity.stream.partition)), "offset": .integer(identity.offset),
            "record_time": .integer(identity.timestampMilliseconds),
            "features": .list(verdict.drivers.map { .map(driver($0)) }),
        ]
        if let time = record.time { item["time_ns"] = .integer(time) }
        if settings.keepsLine, let line = record.line {
            item["log_line"] = .string(line)
            if record.isLineTruncated { item["log_line_truncated"] = .boolean(true) }
        }
        if let age = settings.timeToLive {
            item["ttl"] = .integer(time / 1_000_000_000 + age.components.seconds)
        }
        return item
    }

    /// Nil for an item that is no scored record.
    static func record(_ item: DynamoDB.Item) -> ScoredRecord? {
        guard let score = item.double("rcf_score"), let threshold = item.double("threshold"),
            let origin = item.string("origin"), let topic = item.string("topic"),
            let partition = item.integer("partition").flatMap({ Int32(exactly: $0) }),
            let offset = item.integer("offset"), let recordTime = item.integer("record_time")
        else { return nil }
        let stream = RecordStream(origin: origin, name: topic, partition: partition)
        return ScoredRecord(
            identity: RecordIdentity(stream: stream, offset: offset, timestampMilliseconds: recordTime),
            time: item.integer("time_ns"),
            verdict: Verdict(
                score: score,
                threshold: threshold,
                isEarly: item.boolean("early") ?? false,
                entity: item.string("entity") ?? "",
                drivers: (item.list("features") ?? []).compactMap(driver)
            ),
            line: item.string("log_line"),
            isLineTruncated: item.boolean("log_line_truncated") ?? false
        )
    }

    private static func driver(_ driver: Driver) -> DynamoDB.Item {
        var item: DynamoDB.Item = [
            "feature": .string(driver.feature), "expected": .number(driver.expected),
            "direction": .string(driver.direction.rawValue), "share": .number(driver.share),
            "unit": .string(driver.unit),
        ]
        if let observed = driver.observed { item["observed"] = .number(observed) }
        return item
    }

    private static func driver(_ value: DynamoDB.Value) -> Driver? {
        guard case .map(let item) = value, let feature = item.string("feature"),
            let direction = item.string("direction").flatMap(Driver.Direction.init),
            let share = item.double("share")
        else { return nil }
        return Driver(
            feature: feature,
            observed: item.double("observed"),
            expected: item.double("expected") ?? 0,
            direction: direction,
            share: share,
            unit: item.string("unit") ?? ""
        )
    }
}

extension DynamoDB.Item {
    func string(_ name: String) -> String? { if case .string(let text) = self[name] { text } else { nil } }
    func boolean(_ name: String) -> Bool? { if case .boolean(let value) = self[name] { value } else { nil } }
    func list(_ name: String) -> [DynamoDB.Value]? {
        if case .list(let values) = self[name] { values } else { nil }
    }

    func double(_ name: String) -> Double? {
        if case .number(let digits) = self[name] { Double(digits) } else { nil }
    }

    func integer(_ name: String) -> Int64? {
        if case .number(let digits) = self[name] { Int64(digits) } else { nil }
    }
}
