import Foundation
import Telemetry
import Testing

@testable import ModelEndpoint

@Suite struct MetricsTableTests {
    @Test("the documentation's table has the metrics that there are: name, kind, labels")
    func table() throws {
        let metrics = EndpointMetrics()
        metrics.countAnswer("a", rows: 1, took: .milliseconds(1))
        let text = metrics.registry.prometheusText()
        var code: Set<String> = []
        for kind in text.matches(of: /# TYPE (\w+) (\w+)\n/) {
            let suffix = kind.2 == "histogram" ? "_bucket" : ""
            let sample = try #require(text.firstMatch(of: try Regex("\n\(kind.1)\(suffix)(\\{[^}]*\\})? ")))
            let labels = String(sample.output[1].substring ?? "").matches(of: /(\w+)="/).map { String($0.1) }
            code.insert("\(kind.1) \(kind.2) \(labels.filter { $0 != "le" }.joined(separator: ","))")
        }
        let page = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../docs/ENDPOINT.md"),
            encoding: .utf8
        )
        let documented = page.matches(of: /\n\| `(\w+)` \| (counter|gauge|histogram) \|([^|]*)\|/).map {
            row in
            "\(row.1) \(row.2) \(row.3.matches(of: /`(\w+)`/).map { String($0.1) }.joined(separator: ","))"
        }
        #expect(code.count == 3 && Set(documented) == code, "\(code)")
    }
}
