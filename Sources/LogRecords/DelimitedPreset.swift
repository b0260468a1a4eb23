/// A vendor's blank-separated log, and how it is told from others.
///
/// Durations in milliseconds become seconds (the `_ms` ending); `request` gives method, path and
/// protocol.
struct DelimitedPreset: Sendable {
    var name: String
    var layout: DelimitedLayout
    /// Columns that hold a number in every line.
    var numbers: [String]
    /// A column whose value is one of a few.
    var words: (column: String, values: [String])?

    private init(
        _ name: String,
        _ columns: [String],
        numbers: [String],
        words: (column: String, values: [String])? = nil
    ) {
        self.name = name
        layout = DelimitedLayout(.tokens, columns: columns)
        self.numbers = numbers
        self.words = words
    }

    /// In the order in which detection tries them.
    static let all: [DelimitedPreset] = [
        DelimitedPreset(
            "alb",
            alb,
            numbers: ["request_time", "bytes"],
            words: ("type", ["http", "https", "h2", "grpcs", "ws", "wss"])
        ),
        DelimitedPreset("nlb", nlb, numbers: ["connection_time", "bytes"], words: ("type", ["tls"])),
        DelimitedPreset("istio", istio, numbers: ["status", "bytes"]),
        DelimitedPreset("envoy", envoy, numbers: ["status", "bytes"]),
        DelimitedPreset(
            "vpc-flow",
            vpcFlow,
            numbers: ["version"],
            words: ("log_status", ["OK", "NODATA", "SKIPDATA"])
        ),
    ]

    /// AWS Application Load Balancer access log entries.
    private static let alb = [
        "type", "timestamp", "elb", "client", "target", "request_processing_time", "request_time",
        "response_processing_time", "status", "target_status", "received_bytes", "bytes", "request", "agent",
        "ssl_cipher", "ssl_protocol", "target_group", "trace_id", "domain_name", "certificate",
        "rule_priority",
        "request_creation_time", "actions_executed", "redirect_url", "error_reason", "target_list",
        "target_status_list", "classification", "classification_reason", "connection_trace_id",
    ]

    /// AWS Network Load Balancer access log entries (TLS listeners).
    private static let nlb = [
        "type", "version", "timestamp", "elb", "listener", "client", "destination", "connection_time_ms",
        "tls_handshake_time_ms", "received_bytes", "bytes", "incoming_tls_alert", "certificate",
        "certificate_serial",
        "tls_cipher", "tls_protocol", "tls_named_group", "domain_name", "alpn_frontend", "alpn_backend",
        "alpn_client_list", "connection_creation_time",
    ]

    /// AWS VPC flow logs, version 2.
    private static let vpcFlow = [
        "version", "account_id", "interface_id", "source", "destination", "source_port", "destination_port",
        "protocol", "packets", "bytes", "start", "end", "action", "log_status",
    ]

    /// Envoy's default access log.
    private static let envoy = [
        "timestamp", "request", "status", "response_flags", "received_bytes", "bytes", "request_time_ms",
        "upstream_service_time_ms", "forwarded_for", "agent", "request_id", "authority", "upstream",
    ]

    /// Istio's access log.
    private static let istio = [
        "timestamp", "request", "status", "response_flags", "response_code_details",
        "connection_termination_details", "upstream_transport_failure_reason", "received_bytes", "bytes",
        "request_time_ms", "upstream_service_time_ms", "forwarded_for", "agent", "request_id", "authority",
        "upstream", "upstream_cluster", "upstream_local_address", "downstream_local_address",
        "downstream_remote_address", "requested_server_name", "route_name",
    ]
}
