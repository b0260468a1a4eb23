/// How the lines of a log are to be read: what wraps each line, and what is inside.
public struct LogFormat: Sendable, Hashable {
    /// What a container runtime puts around each line.
    public enum Container: String, Sendable, Hashable, CaseIterable {
        case none = ""
        /// Docker's json-file driver: `{"log":"…\n","stream":"stdout","time":"…"}`.
        case docker
        /// `docker compose logs`: `web-1  | …`, with or without colours and times.
        case dockerCompose = "compose"
        /// Kubernetes' CRI: `2024-02-03T04:05:06.789012345Z stdout F …`.
        case cri
        /// A text header in front of another form: a time (`kubectl logs --timestamps`), or syslog's.
        case header
    }

    /// The form of the line itself.
    public enum Body: Sendable, Hashable {
        /// One JSON object a line.
        case json
        /// `key=value` pairs.
        case logfmt
        /// Apache's and nginx's common and combined formats and what extends them.
        case access(AccessLayout)
        /// Cells by position.
        case delimited(DelimitedLayout)
        /// HAProxy's HTTP and TCP logs, with or without syslog's header.
        case haproxy
        /// Text with `key: number` and `key=value` in it, as OpenStack writes.
        case keyValue
        /// Text with a time where one can be found.
        case text
    }

    public var container: Container
    public var body: Body

    public init(_ body: Body, in container: Container = .none) {
        self.container = container
        self.body = body
    }

    public static let json = LogFormat(.json)
    public static let logfmt = LogFormat(.logfmt)
    public static let combined = LogFormat(.access(AccessLayout()))
    public static let keyValue = LogFormat(.keyValue)
    public static let text = LogFormat(.text)
}
