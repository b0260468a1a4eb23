import Dispatch
import Testing

@testable import Telemetry

@Suite("Metrics")
struct MetricRegistryTests {
    @Test("The exposition is sorted, escaped, and cumulates histograms")
    func exposition() {
        let metrics = MetricRegistry()
        metrics.counter("records_total", "Records.", labels: ["topic": "b"]).increment(by: 3)
        metrics.counter("records_total", "Records.", labels: ["topic": "a\"\\\n"]).increment()
        metrics.gauge("lag", "Lag\nhere \\").set(to: 0.25)
        let delay = metrics.histogram("delay_seconds", "Delay.", upperBounds: [1, 0.1])
        for value in [0.1, 0.5, 5, .nan] { delay.observe(value) }
        #expect(
            metrics.prometheusText() == """
                # HELP delay_seconds Delay.
                # TYPE delay_seconds histogram
                delay_seconds_bucket{le="0.1"} 1
                delay_seconds_bucket{le="1"} 2
                delay_seconds_bucket{le="+Inf"} 3
                delay_seconds_sum 5.6
                delay_seconds_count 3
                # HELP lag Lag\\nhere \\\\
                # TYPE lag gauge
                lag 0.25
                # HELP records_total Records.
                # TYPE records_total counter
                records_total{topic="a\\"\\\\\\n"} 1
                records_total{topic="b"} 3

                """
        )
    }

    @Test("A name keeps a bounded number of series; the rest share one")
    func bound() {
        let metrics = MetricRegistry(maximumSeriesPerName: 3)
        for index in 0..<10 { metrics.counter("c_total", "C.", labels: ["k": "\(index)"]).increment() }
        let samples = metrics.prometheusText().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(samples == ["c_total{k=\"0\"} 1", "c_total{k=\"1\"} 1", "c_total{k=\"other\"} 8"])
    }

    @Test("Removed series are gone, and begin anew")
    func removal() {
        let metrics = MetricRegistry()
        metrics.gauge("lag", "Lag.", labels: ["partition": "0"]).set(to: 7)
        metrics.gauge("other", "Other.").set(to: 1)
        metrics.removeSeries(of: "lag")
        metrics.removeSeries(of: "none")
        metrics.gauge("lag", "Lag.", labels: ["partition": "1"]).set(to: 8)
        let samples = metrics.prometheusText().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(samples == ["lag{partition=\"1\"} 8", "other 1"])
    }

    @Test("A value that came many times counts as often")
    func manyValues() {
        let metrics = MetricRegistry()
        let (one, all) = (metrics.histogram("one", "O."), metrics.histogram("all", "A."))
        for value in [0.001, 0.5, 7, 1_000, .nan, -1] {
            for _ in 0..<4 { one.observe(value) }
            all.observe(value, count: 4)
            all.observe(value, count: 0)
        }
        #expect(one.snapshot.counts == all.snapshot.counts && one.sum == all.sum && all.count == 20)
    }

    @Test("A counter never goes down")
    func monotonic() {
        let counter = MetricRegistry().counter("c_total", "C.")
        counter.increment(by: 2)
        counter.increment(by: -1)
        counter.increment(by: .nan)
        #expect(counter.value == 2)
    }

    @Test("Increments of several threads all count")
    func threads() {
        let metrics = MetricRegistry()
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<10_000 {
                metrics.counter("c_total", "C.").increment()
                metrics.histogram("h", "H.").observe(1)
            }
        }
        #expect(metrics.counter("c_total", "C.").value == 40_000)
        #expect(metrics.histogram("h", "H.").count == 40_000)
    }

    @Test("What is collected before an exposition is in it")
    func collectors() {
        let metrics = MetricRegistry()
        metrics.beforeExposition { metrics.gauge("now", "Now.").set(to: 7) }
        #expect(metrics.prometheusText().contains("now 7\n"))
    }
}
