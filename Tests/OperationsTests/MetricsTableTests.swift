import Foundation
import KafkaTestSupport
import Telemetry
import Testing

@testable import Operations

/// Every metric with at least one series.
private func allMetrics() -> ServiceMetrics {
    let metrics = ServiceMetrics(versions: ["version": "1", "librdkafka": "2"])
    metrics.kafkaErrors("_TRANSPORT").increment()
    metrics.sinkDuration("store").observe(0.5)
    metrics.sinkErrors("store").increment()
    for kind in ServiceMetrics.RetainedKind.allCases { metrics.retentionRemoved(kind).increment() }
    for isAccepted in [true, false] { metrics.reloads(isAccepted: isAccepted).increment() }
    metrics.setLag([.init(topic: "t", partition: 0, records: 1)])
    return metrics
}

@Suite struct MetricsTableTests {
    @Test("the documentation's table has the metrics that there are: name, kind, labels")
    func table() throws {
        let text = allMetrics().registry.prometheusText()
        var code: Set<String> = []
        for kind in text.matches(of: /# TYPE (\w+) (\w+)\n/) {
            let (name, suffix) = (kind.1, kind.2 == "histogram" ? "_bucket" : "")
            let sample = try #require(text.firstMatch(of: try Regex("\n\(name)\(suffix)(\\{[^}]*\\})? ")))
            let labels = String(sample.output[1].substring ?? "").matches(of: /(\w+)="/).map { String($0.1) }
                .filter { $0 != "le" }
            code.insert("\(name) \(kind.2) \(labels.joined(separator: ","))")
        }
        let page = try String(contentsOf: Repository.file("docs/OPERATIONS.md"), encoding: .utf8)
        let rows = page.matches(of: /\n\| `(\w+)` \| (counter|gauge|histogram) \|([^|]*)\|/)
        let documented = rows.map { row in
            let labels = row.3.matches(of: /`(\w+)`/).map { String($0.1) }
            return "\(row.1) \(row.2) \(labels.joined(separator: ","))"
        }
        #expect(code.count > 25)
        #expect(Set(documented) == code)
        #expect(documented.count == code.count)
    }

    @Test(
        "promtool finds nothing to say about the metrics",
        .enabled(if: Command.exists("promtool"), "promtool is not installed (Debian: prometheus)")
    )
    func promtool() throws {
        let text = allMetrics().registry.prometheusText()
        let check = try Command.run("promtool", ["check", "metrics"], input: text)
        #expect(check.status == 0)
        #expect(check.output + check.errors == "")
        let bad = try Command.run("promtool", ["check", "metrics"], input: text + "# TYPE x counter\nx 1\n")
        #expect(bad.status != 0)
    }

    @Test(
        "the alerts of the documentation are valid, and of metrics that there are",
        .enabled(if: Command.exists("promtool"), "promtool is not installed (Debian: prometheus)")
    )
    func alerts() throws {
        let page = try String(contentsOf: Repository.file("docs/OPERATIONS.md"), encoding: .utf8)
        let section = try #require(page.components(separatedBy: "\n## What to watch\n").last)
        let rows = section.components(separatedBy: "\n## ")[0].matches(of: /\n\| ([^|]+) \| `([^`]+)` \|/)
        #expect(rows.count > 5)
        let rules = rows.map { "      - {alert: '\($0.1)', expr: '\($0.2)'}\n" }.joined()
        let check = try Command.run(
            "sh",
            ["-c", "f=$(mktemp) && cat >$f && promtool check rules $f; s=$?; rm $f; exit $s"],
            input: "groups:\n  - name: timberline\n    rules:\n" + rules
        )
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        let names = Set(allMetrics().registry.prometheusText().matches(of: /\n(\w+)/).map { String($0.1) })
        for row in rows {
            for name in row.2.matches(of: /(timberline|process)_\w+/) {
                #expect(names.contains(String(name.0)))
            }
        }
    }
}

/// Files of the repository, by their path in it.
enum Repository {
    static func file(_ path: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(path)
    }
}
