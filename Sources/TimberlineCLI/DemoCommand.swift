import AnomalyDetection
import AnomalyStore
import CommandLineArguments
import DetectionPipeline
import Glibc
import KafkaClient
import KafkaConnector
import SiteSimulator
import Telemetry
import TypedValues

/// `timberline demo`: everything in one process, over Kafka's protocol, with nothing to install.
enum DemoCommand: CommandRunner {
    static let seed = Option("seed", .integer(in: 0...), default: 1, help: "Seed of the simulated site.")
    static let log = Option("log", .file, help: "Send this log through instead of a simulated one.")
    static let minutes = Option("minutes", .integer(in: 5...600), default: 60, help: "Simulated time.")
    static let store = Option("store", .file, help: "Keep the anomalies in this SQLite file.")
    static let output = Option(
        "output",
        short: "o",
        .choice,
        default: OutputFormat.text,
        help: "Form of the output."
    )

    static let command = Command(
        "demo",
        summary: "See it work: a simulated busy site, in one process.",
        discussion: """
            Starts a small Kafka in this process, produces the access log of a simulated site into it while a \
            consumer group reads it, scores every line with a model for each service, and prints the anomalies. \
            At the end it compares what it found with the incidents that the simulator made.
            """,
        arguments: [seed, log, minutes, store, output]
    )

    private static let topic = "access-log"
    private static let partitionCount = 2

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let cluster = try MockKafkaCluster()
        try cluster.createTopic(topic, partitions: partitionCount)
        let lines = try demoLines(invocation)
        try host.errors.write(line: "demo: \(lines.title)")
        try host.errors.flush()

        let temporary = invocation[store] == nil
        let path = invocation[store] ?? temporaryPath(host)
        defer { if temporary { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } } }
        var consumer = KafkaConsumerConfiguration(
            properties: cluster.properties,
            group: "timberline-demo",
            startingPosition: .earliest
        )
        consumer.readsHeaders = false
        let source = DemoSource(
            try KafkaRecordSource(
                consumer,
                subscription: .topics([topic]),
                settings: consumerSettings,
                logger: .silent
            ),
            producer: try KafkaProducer(cluster.properties),
            topic: topic,
            partitionCount: partitionCount,
            lines: lines
        )
        let report = DemoReport(lines.simulator?.incidents ?? [], source: source)
        let printer = RecordPrinter(format: invocation[output], host: host)
        let pipeline = Pipeline(
            source: source,
            sinks: [
                try CommandFailure.catching(.cannotWrite) { try AnomalyStore(path: path) }, report,
                BurstLimiter(printer),
            ],
            deadLetters: nil,
            settings: settings(isSimulated: lines.simulator != nil)
        )
        let progress = try CommandFailure.sorting { try pipeline.run(until: host.shouldStop) }
        try source.close()
        try printer.finish()
        if host.shouldStop() { return .interrupted }
        for line in report.summary(progress, stored: try AnomalyStoreReader(path: path).count()) {
            try host.errors.write(line: line)
        }
        try host.errors.flush()
        guard progress.counts.read == source.producedCount else {
            throw CommandFailure(
                .failure,
                "demo: \(source.producedCount) lines were produced and \(progress.counts.read) consumed"
            )
        }
        return .success
    }

    private static func demoLines(_ invocation: Invocation) throws -> DemoLines {
        if let path = invocation[log] { return try DemoLines(file: path) }
        let configuration = SiteConfiguration(
            seed: UInt64(invocation[seed]),
            duration: .seconds(60 * invocation[minutes]),
            format: .json
        )
        return DemoLines(SiteSimulator(configuration), minutes: invocation[minutes])
    }

    private static var consumerSettings: KafkaRecordSource.Settings {
        var settings = KafkaRecordSource.Settings()
        settings.batchSize = 2_000
        settings.batchWindow = .milliseconds(100)
        return settings
    }

    private static func settings(isSimulated: Bool) -> PipelineSettings {
        var settings = PipelineSettings()
        settings.releasesWhenIdle = true
        guard isSimulated else { return settings }
        settings.entityField = "service"
        // What the site's log would be watched for by itself, and the pace of each service.
        settings.features =
            Feature.statusClasses(of: "status") + [
                .size("bytes", unit: "B"), .duration("request_time", unit: "s", scale: 0.001), .gap,
            ]
        return settings
    }

    private static func temporaryPath(_ host: Host) -> String {
        let directory = host.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        return "\(directory)/timberline-demo-\(host.runIdentity).db"
    }
}
