import AnomalyDetection
import DetectionPipeline

/// Scored records to store, one a second from 2026-01-31T22:59:00Z on.
enum Records {
    static let start: Int64 = 1_769_900_340_000_000_000

    static func record(
        _ index: Int,
        topic: String = "app-logs",
        score: Double? = nil,
        entity: String = "checkout"
    )
        -> ScoredRecord
    {
        let stream = RecordStream(origin: "kafka:c1/\(topic)", name: topic, partition: Int32(index % 3))
        let time = start + Int64(index) * 1_000_000_000 + 123_456_789
        return ScoredRecord(
            identity: RecordIdentity(
                stream: stream,
                offset: Int64(index),
                timestampMilliseconds: time / 1_000_000 + 5
            ),
            time: time,
            verdict: Verdict(
                score: score ?? 3.1 + Double(index) / 7,
                threshold: 3,
                isEarly: false,
                entity: entity,
                drivers: [
                    Driver(
                        feature: "ms",
                        observed: 1_200.5,
                        expected: 0.1 + 0.2,
                        direction: .above,
                        share: 0.75,
                        unit: "ms"
                    ),
                    Driver(
                        feature: "bytes",
                        observed: nil,
                        expected: 4e-9,
                        direction: .below,
                        share: 0.25,
                        unit: "B"
                    ),
                ]
            ),
            line: "{\"ms\":1200.5,\"user\":\"ü\u{1}\(index)\"}",
            isLineTruncated: index % 2 == 1
        )
    }

    static func records(_ range: Range<Int>, topic: String = "app-logs") -> [ScoredRecord] {
        range.map { record($0, topic: topic) }
    }
}
