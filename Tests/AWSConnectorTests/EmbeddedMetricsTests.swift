import Foundation
import Testing

@testable import AWSConnector

@Suite("Metrics in CloudWatch's embedded format")
struct EmbeddedMetricsTests {
    private func objects(_ lines: [String]) throws -> [[String: Any]] {
        try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test("a line for each service, with a directive that names every metric that is there")
    func form() throws {
        var metrics = EmbeddedMetrics()
        metrics.add(Records.record(0, score: 3.5))
        metrics.add(Records.record(1, score: 0.8))
        metrics.add(Records.record(2, score: 4, entity: ""))
        let objects = try objects(metrics.takeLines(timestamp: 1_767_607_200_123, requestID: "r-1"))
        #expect(objects.map { $0["service"] as? String } == ["app-logs", "checkout"])
        let line = objects[1]
        #expect(line["AnomalyScore"] as? [Double] == [3.5, 0.8])
        #expect(line["RecordsProcessed"] as? Int == 2 && line["Anomalies"] as? Int == 1)
        #expect(line["requestId"] as? String == "r-1")
        let head = try #require(line["_aws"] as? [String: Any])
        #expect(head["Timestamp"] as? Int == 1_767_607_200_123)
        let directives = try #require(head["CloudWatchMetrics"] as? [[String: Any]])
        #expect(directives.count == 1 && directives[0]["Namespace"] as? String == "LogAnomaly")
        #expect(directives[0]["Dimensions"] as? [[String]] == [["service"], []])
        let named = try #require(directives[0]["Metrics"] as? [[String: Any]])
        for metric in named { #expect(line[metric["Name"] as? String ?? ""] != nil) }
        #expect(metrics.takeLines(timestamp: 1).isEmpty)
    }

    @Test(
        "the members are those of the reference line",
        .enabled(if: Fixture.emf != nil, "../shared is not there")
    )
    func fixture() throws {
        let fixture = try objects([try #require(Fixture.emf)])[0]
        var metrics = EmbeddedMetrics()
        metrics.add(Records.record(0))
        let line = try objects(metrics.takeLines(timestamp: 1, requestID: "r"))[0]
        #expect(Set(fixture.keys).isSubset(of: line.keys))
        func directive(_ object: [String: Any]) -> [String: Any]? {
            ((object["_aws"] as? [String: Any])?["CloudWatchMetrics"] as? [[String: Any]])?.first
        }
        #expect(directive(fixture)?.keys.sorted() == directive(line)?.keys.sorted())
        #expect(
            directive(fixture)?["Dimensions"] as? [[String]] == directive(line)?["Dimensions"] as? [[String]]
        )
    }

    @Test("more than a hundred values go on lines of their own, and services without end under one name")
    func bounds() throws {
        var metrics = EmbeddedMetrics()
        for index in 0..<250 { metrics.add(Records.record(index)) }
        var objects = try objects(metrics.takeLines(timestamp: 1))
        #expect(objects.map { ($0["AnomalyScore"] as? [Double])?.count } == [100, 100, 50])
        #expect(objects.compactMap { $0["Anomalies"] as? Int }.reduce(0, +) == 250)
        for index in 0..<150 { metrics.add(Records.record(index, entity: "s\(index)")) }
        objects = try self.objects(metrics.takeLines(timestamp: 1))
        #expect(objects.count == 101)
        let other = objects.first { $0["service"] as? String == "other" }
        #expect(other?["RecordsProcessed"] as? Int == 50)
    }
}

private enum Fixture {
    static let emf: String? = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return try? String(
            contentsOf: root.appendingPathComponent("shared/data/aws-fixtures/emf.json"),
            encoding: .utf8
        )
    }()
}
