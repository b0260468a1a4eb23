/// What kind of metric a name stands for.
enum MetricKind: Sendable {
    case counter
    case gauge
    case histogram([Double])

    var name: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}

/// One series.
enum Metric: Sendable {
    case counter(Counter)
    case gauge(Gauge)
    case histogram(Histogram)
}

/// All series of one name.
struct MetricFamily: Sendable {
    let name: String
    let help: String
    let kind: MetricKind
    let labelNames: [String]
    private var series: [[String]: Metric] = [:]

    init(name: String, help: String, kind: MetricKind, labelNames: [String]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labelNames = labelNames
    }

    mutating func metric(for values: [String], limit: Int) -> Metric {
        if let metric = series[values] { return metric }
        let others = [String](repeating: "other", count: labelNames.count)
        let key = series.count < limit - 1 || labelNames.isEmpty ? values : others
        if let metric = series[key] { return metric }
        let metric: Metric =
            switch kind {
            case .counter: .counter(Counter())
            case .gauge: .gauge(Gauge())
            case .histogram(let bounds): .histogram(Histogram(upperBounds: bounds))
            }
        series[key] = metric
        return metric
    }

    mutating func removeSeries() { series = [:] }

    func appendPrometheusText(to text: inout String) {
        text += "# HELP \(name) \(escaped(help, quotes: false))\n# TYPE \(name) \(kind.name)\n"
        for (values, metric) in series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            switch metric {
            case .counter(let counter): appendSample(to: &text, "", values, counter.value)
            case .gauge(let gauge): appendSample(to: &text, "", values, gauge.value)
            case .histogram(let histogram): append(histogram, values, to: &text)
            }
        }
    }

    private func append(_ histogram: Histogram, _ values: [String], to text: inout String) {
        let state = histogram.snapshot
        var cumulated = 0
        for (bound, count) in zip(histogram.upperBounds + [.infinity], state.counts) {
            cumulated += count
            appendSample(to: &text, "_bucket", values, Double(cumulated), bound: number(bound))
        }
        appendSample(to: &text, "_sum", values, state.sum)
        appendSample(to: &text, "_count", values, Double(cumulated))
    }

    private func appendSample(
        to text: inout String,
        _ suffix: String,
        _ values: [String],
        _ value: Double,
        bound: String? = nil
    ) {
        var labels = zip(labelNames, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
        if let bound { labels.append("le=\"\(bound)\"") }
        text += name + suffix
        if !labels.isEmpty { text += "{" + labels.joined(separator: ",") + "}" }
        text += " " + number(value) + "\n"
    }

    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let integer = Int64(exactly: value) { return String(integer) }
        return "\(value)"
    }

    private func escaped(_ string: String, quotes: Bool) -> String {
        var result = ""
        for character in string.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
