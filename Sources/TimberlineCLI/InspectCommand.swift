import AnomalyStore
import CommandLineArguments
import Configuration
import DetectionPipeline
import KafkaClient
import KafkaConnector
import Telemetry
import TypedValues

/// `timberline inspect`: what checkpoints there are, and whether they can be used.
enum InspectCommand: CommandRunner {
    static let place = Positional.required(
        "PLACE",
        .checkpointPlace,
        help: "As in --checkpoints of run: store (the file of --store), directory:PATH or topic:NAME."
    )
    static let store = Option("store", .file, default: "timberline.db", help: "The SQLite file to read.")
    static let brokers = Option.repeated(
        "brokers",
        .string.named("HOST:PORT"),
        help: "Kafka brokers to start from, for a topic; several with commas between."
    )
    static let properties = Option.repeated(
        "kafka-property",
        .string.named("KEY=VALUE"),
        help: "Any property of librdkafka, such as security.protocol."
    )
    static let login = Option(
        "kafka-login",
        ValueType<KafkaLogin>.choice,
        help: "How to log in, where properties alone cannot: aws-msk-iam for Amazon MSK with IAM."
    )
    static let forget = Option(
        "forget",
        .string.named("GROUP/TOPIC/PARTITION"),
        help: "Remove this stream's checkpoints: its models begin anew. Stop the run that uses them first."
    )
    static let output = Option(
        "output",
        short: "o",
        .choice,
        default: OutputFormat.text,
        help: "Form of the output."
    )

    static let command = Command(
        "inspect",
        summary: "Show saved models: from which record they go on, and whether they are whole.",
        discussion: """
            Reads every checkpoint and makes its models. A running service is not disturbed. Of a checkpoint that \
            is damaged the reason is shown.
            """,
        examples: [
            .init("timberline inspect store --store timberline.db", "those beside the anomalies"),
            .init(
                "timberline inspect topic:checkpoints --brokers localhost:9092",
                "those of several instances"
            ),
            .init(
                "timberline inspect directory:/var/lib/timberline --forget timberline/app-logs/3",
                "begin anew with one partition"
            ),
        ],
        arguments: [place, store, brokers, properties, login, forget, output]
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        do {
            return try CommandFailure.sorting {
                let catalog = CheckpointCatalog(try open(.readOnly, invocation))
                guard let name = invocation[forget] else { return try show(catalog, invocation, host) }
                return try remove(name, from: catalog, invocation, host)
            }
        } catch let failure as CommandFailure where failure.code == .cannotWrite && invocation[forget] == nil
        {
            throw CommandFailure(.unreadableInput, failure.message)
        }
    }

    private static func open(
        _ access: CheckpointAccess,
        _ invocation: Invocation
    ) throws -> any CheckpointStorage {
        switch invocation[place] {
        case .none: throw CommandFailure(.usage, "there is nothing to inspect in 'none'")
        case .store: return try SQLiteCheckpointStorage(path: invocation[store], access: access)
        case .directory(let path): return try DirectoryCheckpointStorage(path: path, access: access)
        case .topic(let name):
            return try TopicCheckpointStorage(
                kafkaProperties(invocation),
                topic: name,
                access: access,
                logger: .silent
            )
        }
    }

    private static func kafkaProperties(_ invocation: Invocation) throws -> KafkaProperties {
        guard !invocation[brokers].isEmpty else {
            throw CommandFailure(.usage, "a topic needs --brokers")
        }
        var values = ["bootstrap.servers": invocation[brokers].joined(separator: ",")]
        for text in invocation[properties] {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandFailure(.usage, "--kafka-property '\(text)' is not KEY=VALUE")
            }
            values[parts[0]] = parts[1]
        }
        let given = KafkaProperties(values)
        return invocation[login]?.applied(to: given) ?? given
    }

    private static func show(
        _ catalog: CheckpointCatalog,
        _ invocation: Invocation,
        _ host: Host
    ) throws -> ExitCode {
        for stream in try catalog.streams() {
            let inspection = try catalog.inspect(stream)
            switch invocation[output] {
            case .json: try host.output.write(line: InspectionJSON.line(inspection, now: host.now()))
            case .text:
                for line in InspectionText.lines(inspection, now: host.now()) {
                    try host.output.write(line: line)
                }
            }
        }
        try host.output.flush()
        return .success
    }

    private static func remove(
        _ name: String,
        from catalog: CheckpointCatalog,
        _ invocation: Invocation,
        _ host: Host
    ) throws -> ExitCode {
        let streams = try catalog.streams().filter { $0.description == name }
        guard !streams.isEmpty else {
            throw CommandFailure(.unreadableInput, "there is no checkpoint of '\(name)'")
        }
        let writer = CheckpointCatalog(try open(.readWrite, invocation))
        for stream in streams {
            let count = try writer.forget(stream)
            try host.output.write(line: "\(stream): removed \(count) entries")
        }
        try host.output.flush()
        return .success
    }
}
