/// Blank-separated access logs whose columns their vendors define. Durations in milliseconds become
/// seconds (the `_ms` ending); `request` is split into method, path and protocol where it stands.
extension DelimitedLayout {
    /// Name and layout, in the order in which detection tries them.
    static let presets: [(name: String, layout: DelimitedLayout)] = [
        ("alb", DelimitedLayout(.tokens, columns: alb)),
        ("istio", DelimitedLayout(.tokens, columns: istio)),
        ("envoy", DelimitedLayout(.tokens, columns: envoy)),
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
