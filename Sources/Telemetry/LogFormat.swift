/// How a log line is written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `time=… level=info event=started message="…" key=value`
    case logfmt
    /// One JSON object a line, the same keys in the same order.
    case json
}
