import Telemetry

/// An instant as signatures write it, to the second, UTC.
struct SigningTime: Hashable {
    /// `20150830T123600Z`
    let text: String

    /// - Parameter milliseconds: since 1970, UTC.
    init(milliseconds: Int64) {
        let seconds = timestampText(milliseconds: milliseconds).prefix { $0 != "." }
        text = seconds.filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// `20150830`
    var date: String { String(text.prefix(8)) }
}
