/// The metrics of a process, by name and labels, and their Prometheus text.
///
/// Asking twice for the same name and labels gives the same metric. A name
/// belongs to one kind of metric; asking for it as another kind is a mistake
/// in the program and stops it.
///
/// Each name holds at most `maximumSeriesPerName` combinations of label values;
/// those beyond it share one series whose label values are all `other`.
public final class MetricRegistry: Sendable {
    public let maximumSeriesPerName: Int
    private let families: Locked<[String: MetricFamily]>
    private let collectors: Locked<[@Sendable () -> Void]>

    public init(maximumSeriesPerName: Int = 1000) {
        self.maximumSeriesPerName = max(1, maximumSeriesPerName)
        families = Locked([:])
        collectors = Locked([])
    }

    /// A counter; by Prometheus' custom its name ends in `_total`.
    public func counter(_ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:])
        -> Counter
    {
        guard case .counter(let counter) = series(name, help, .counter, labels) else {
            preconditionFailure("the metric \(name) is not a counter")
        }
        return counter
    }

    public func gauge(_ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:]) -> Gauge {
        guard case .gauge(let gauge) = series(name, help, .gauge, labels) else {
            preconditionFailure("the metric \(name) is not a gauge")
        }
        return gauge
    }

    /// A histogram with the given upper bounds; those of the first call for a name hold.
    public func histogram(
        _ name: String,
        _ help: String,
        upperBounds: [Double] = Histogram.secondsBounds,
        labels: KeyValuePairs<String, String> = [:]
    ) -> Histogram {
        guard case .histogram(let histogram) = series(name, help, .histogram(upperBounds), labels) else {
            preconditionFailure("the metric \(name) is not a histogram")
        }
        return histogram
    }

    /// Adds a step that runs before each exposition, to set gauges that are
    /// dear or that nobody pushes (memory, queue lengths).
    public func beforeExposition(_ collect: @escaping @Sendable () -> Void) {
        collectors.withLock { $0.append(collect) }
    }

    /// Forgets every series of a name, as for labels that mean nothing any more. Whoever still holds
    /// one of its metrics counts unseen.
    public func removeSeries(of name: String) {
        families.withLock { $0[name]?.removeSeries() }
    }

    /// All metrics in Prometheus' text format 0.0.4, sorted by name and labels.
    public func prometheusText() -> String {
        for collect in collectors.withLock({ $0 }) { collect() }
        var text = ""
        for (_, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            family.appendPrometheusText(to: &text)
        }
        return text
    }

    /// What an HTTP answer with `prometheusText` has as its `Content-Type`.
    public static let prometheusContentType = "text/plain; version=0.0.4; charset=utf-8"

    private func series(
        _ name: String,
        _ help: String,
        _ kind: MetricKind,
        _ labels: KeyValuePairs<String, String>
    ) -> Metric {
        precondition(isMetricName(name), "\(name) is not a metric name")
        let names = labels.map(\.key)
        precondition(names.allSatisfy(isLabelName), "\(names) are not label names")
        let values = labels.map(\.value)
        return families.withLock { families in
            var family = families[name] ?? MetricFamily(name: name, help: help, kind: kind, labelNames: names)
            precondition(family.labelNames == names, "the metric \(name) has the labels \(family.labelNames)")
            let metric = family.metric(for: values, limit: maximumSeriesPerName)
            families[name] = family
            return metric
        }
    }
}

/// `[a-zA-Z_:][a-zA-Z0-9_:]*`
private func isMetricName(_ name: String) -> Bool {
    isLabelName(String(name.map { $0 == ":" ? "_" : $0 }))
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
private func isLabelName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
        return false
    }
    return name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
