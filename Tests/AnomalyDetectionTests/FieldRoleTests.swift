import Testing

@testable import AnomalyDetection

@Suite struct FieldRoleTests {
    @Test(
        "a field's name and values tell what it is",
        arguments: [
            ("status", [200.0, 404], FieldRole.status),
            ("http.response.status_code", [200, 500], .status),
            ("request_time", [0.25, 1.5], .duration(unit: "s", scale: 0.001)),
            ("duration_ms", [12, 40], .duration(unit: "ms", scale: 1)),
            ("responseTimeMs", [12, 40], .duration(unit: "ms", scale: 1)),
            ("latency", [12, 40], .duration(unit: "", scale: 1)),
            ("upstream.bytes_sent", [1_893, 512], .size),
            ("len", [1_893], .size),
            ("value", [0.3], .other),
            ("requests.current", [3], .other),
        ]
    )
    func roles(_ path: String, _ values: [Double], _ role: FieldRole) {
        #expect(FieldRole(path, values: values) == role)
    }

    @Test(
        "identifiers and points in time are no features",
        arguments: [
            ("pid", [4_711.0]), ("trace_id", [1e17]), ("userId", [12]), ("server.port", [443]),
            ("timestamp", [1_446_249_499_322]), ("load_timestamp", [1_445_680_800_424]), ("version", [6]),
        ]
    )
    func noFeatures(_ path: String, _ values: [Double]) {
        #expect(FieldRole(path, values: values) == nil)
    }

    @Test("status needs values of HTTP statuses")
    func statusNeedsValues() {
        #expect(FieldRole("status", values: [0, 1]) == .other)
    }
}
