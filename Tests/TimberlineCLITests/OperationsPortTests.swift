import Foundation
import HTTPTestSupport
import KafkaClient
import KafkaTestSupport
import Testing

@testable import TimberlineCLI

/// The operations port of the built program.
@Suite(.ownThread) struct OperationsPortTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// `run` with a free operations port, and that port.
    private func start(
        _ cluster: TestCluster,
        _ topic: String,
        _ more: [String] = []
    ) throws -> (program: RunningProgram, port: UInt16) {
        let program = try scratch.start(
            [
                "run", "--brokers", cluster.brokers, "--topic", topic, "--group", cluster.uniqueName("group"),
                "--start", "earliest", "--store", scratch.path("store.db"), "--dead-letter-file",
                scratch.path("dead.jsonl"), "--operations", "127.0.0.1:0", "--batch-window", "100ms",
                "--kafka-property", "session.timeout.ms=\(cluster.mock == nil ? "6000" : "5000")",
            ] + more
        )
        return (program, try Self.port(of: program))
    }

    static func port(of program: RunningProgram) throws -> UInt16 {
        var port: UInt16?
        try program.wait(20) {
            port = program.errors.firstMatch(of: /event=operations_listening .*address=127\.0\.0\.1:(\d+)/)
                .flatMap { UInt16($0.1) }
            return port != nil
        }
        return try #require(port)
    }

    private func metric(_ name: String, _ port: UInt16) throws -> Double? {
        try httpGet("/metrics", port: port).body.split(separator: "\n")
            .first { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
            .flatMap { Double($0.split(separator: " ").last ?? "") }
    }

    @Test("metrics count what was read; ready once partitions are assigned, draining at SIGTERM")
    func life() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        var lines = SampleLog(count: 300).lines
        lines[100] = "{\"poison\":"
        try cluster.produce(lines, to: topic, partition: 0)
        let (program, port) = try start(cluster, topic)
        let early = try httpGet("/readyz", port: port)
        // The mock takes seconds for the first assignment.
        #expect(early.status == 503)
        #expect(
            early.body.contains(#""reason":"starting""#) || early.body.contains(#""reason":"no_partitions""#)
        )
        try program.wait { try httpGet("/readyz", port: port).status == 200 }
        #expect(try httpGet("/livez", port: port).status == 200)
        try program.wait { try metric("timberline_records_received_total", port) == 300 }
        try program.wait { try metric("timberline_dead_letters_total", port) == 1 }
        // Counted when the delivery is finished, which is after its dead letter is safe.
        try program.wait { try metric("timberline_records_failed_total", port) == 1 }
        #expect(try metric("timberline_records_parsed_total", port) == 299)
        #expect(try metric("timberline_anomalies_total", port) ?? 0 >= 1)
        #expect(try metric("timberline_models", port) == 1)
        #expect(try metric("process_resident_memory_bytes", port) ?? 0 > 1e6)
        try program.wait { try metric("timberline_partition_lag_records", port) == 0 }
        #expect(try metric("timberline_end_to_end_delay_seconds_count", port) == 300)
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
        #expect(throws: (any Error).self) { try RawConnection(port: port) }
    }

    @Test("a broker that went away is a reason not to be ready, until one is back")
    func brokerDown() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(SampleLog(count: 100).lines, to: topic, partition: 0)
        let (program, port) = try start(
            cluster,
            topic,
            ["--kafka-property", "reconnect.backoff.max.ms=200"]
        )
        try program.wait { try httpGet("/readyz", port: port).status == 200 }
        try cluster.stopMock()
        try program.wait {
            let answer = try httpGet("/readyz", port: port)
            return answer.status == 503 && answer.body.contains(#""reason":"broker_unreachable""#)
        }
        #expect(try httpGet("/livez", port: port).status == 200)
        #expect(try metric("timberline_kafka_errors_total{code=\"_ALL_BROKERS_DOWN\"}", port) ?? 0 >= 1)
        try cluster.mock?.startBroker()
        try program.wait { try httpGet("/readyz", port: port).status == 200 }
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
    }

    @Test("a port that is taken is said at once, with code 78")
    func portTaken() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        let (program, port) = try start(cluster, topic)
        let second = try scratch.run([
            "run", "--brokers", cluster.brokers, "--topic", topic, "--store", scratch.path("other.db"),
            "--dead-letter-file", scratch.path("other.jsonl"), "--operations", "127.0.0.1:\(port)",
        ])
        #expect(second.code == .invalidConfiguration)
        #expect(
            second.errors
                == "timberline: operations.listen: listen on 127.0.0.1:\(port): Address already in use\n"
        )
        #expect(program.isRunning)
    }

    @Test("a drain that takes too long ends with 1 at its limit, a second signal ends at once")
    func drainLimit() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(SampleLog(count: 300).lines, to: topic, partition: 0)
        // A named pipe that nobody reads: the sink never returns.
        let pipe = scratch.path("dead.jsonl")
        try #require(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        var fill = [UInt8](repeating: 10, count: 1 << 16)
        #expect(write(reader, &fill, fill.count) == fill.count)
        try cluster.produce(["{\"poison\":"], to: topic, partition: 0)
        for isTwice in [false, true] {
            let (program, port) = try start(cluster, topic, ["--drain-timeout", isTwice ? "10m" : "300ms"])
            try program.wait { try metric("timberline_records_received_total", port) == 301 }
            program.send(SIGTERM)
            if isTwice {
                usleep(300_000)
                #expect(program.isRunning)
                program.send(SIGTERM)
                #expect(program.wait(20) == -SIGTERM)
            } else {
                #expect(program.wait(20) == 1)
                #expect(program.errors.contains("event=drain_timed_out"))
            }
        }
    }

    @Test(
        "a real Prometheus scrapes it, and knows its metrics",
        .enabled(if: Command.exists("prometheus"), "prometheus is not installed (Debian: prometheus)")
    )
    func prometheus() throws {
        let cluster = try TestKafka.mock.open()
        let topic = try cluster.makeTopic()
        try cluster.produce(SampleLog(count: 300).lines, to: topic, partition: 0)
        let (program, port) = try start(cluster, topic)
        try program.wait { try metric("timberline_records_received_total", port) == 300 }
        let check = try Command.run(
            "promtool",
            ["check", "metrics"],
            input: httpGet("/metrics", port: port).body
        )
        #expect(check.status == 0 && check.output + check.errors == "", "\(check.output)\(check.errors)")
        let configuration = try scratch.write(
            "prometheus.yml",
            """
            scrape_configs:
              - job_name: timberline
                scrape_interval: 200ms
                scrape_timeout: 200ms
                static_configs:
                  - targets: ["127.0.0.1:\(port)"]
            """
        )
        let own = try FreePort.any()
        let server = try RunningProgram(
            "/usr/bin/env",
            [
                "prometheus", "--config.file=\(configuration)", "--storage.tsdb.path=\(scratch.path("tsdb"))",
                "--web.listen-address=127.0.0.1:\(own)",
            ]
        )
        func query(_ expression: String) throws -> String {
            guard let connection = try? RawConnection(port: own) else { return "" }
            return try connection.get("/api/v1/query?query=\(expression)").body
        }
        try server.wait { try query("timberline_records_received_total").contains(#","300"]"#) }
        #expect(try query("up").contains(#","1"]"#))
        #expect(try query("timberline_partition_lag_records").contains("\"topic\":\"\(topic)\""))
        let quantile = "histogram_quantile(0.5,rate(timberline_end_to_end_delay_seconds_bucket[5m]))"
        #expect(try query(quantile).contains(#""status":"success""#))
        server.send(SIGTERM)
        _ = server.wait(20)
        program.send(SIGTERM)
        #expect(program.wait(20) == 0)
    }
}
