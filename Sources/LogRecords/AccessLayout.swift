/// What an access log holds beyond the common fields.
///
/// Every line gives the fields `client`, `ident`, `user`, `timestamp`, `method`, `path`, `protocol`,
/// `status`, `bytes`, `referer` and `agent` (the last two null in the common format), then the named
/// extras, then `host` if the layout has one.
public struct AccessLayout: Sendable, Hashable {
    /// The names of the fields that every line gives.
    static let fixedKeys = [
        "client", "ident", "user", "timestamp", "method", "path", "protocol", "status", "bytes", "referer",
        "agent",
    ]

    /// The names of the fields behind the agent (or behind the bytes), in order.
    ///
    /// A name that ends in `_us` or `_ms` gives a field without that ending, in seconds:
    /// `request_time_us` reads Apache's `%D`.
    public var extras: [String]

    /// Whether each line begins with the server's name, as in Apache's `vhost_combined`.
    public var hasVirtualHost: Bool

    public init(extras: [String] = [], hasVirtualHost: Bool = false) {
        self.extras = extras
        self.hasVirtualHost = hasVirtualHost
    }

    /// ingress-nginx's default format.
    public static let ingressNginx = AccessLayout(extras: [
        "request_length", "request_time", "upstream_name", "alternative_upstream_name", "upstream",
        "upstream_response_length", "upstream_response_time", "upstream_status", "request_id",
    ])

    var keys: KeyTable {
        let names = extras.map { Column($0).name }
        return KeyTable(Self.fixedKeys + names + (hasVirtualHost ? ["host"] : []))
    }
}
