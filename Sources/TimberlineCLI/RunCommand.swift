import CommandLineArguments
import Configuration
import TypedValues

/// `timberline run`: the Kafka service.
enum RunCommand: CommandRunner {
    static let config = Option("config", short: "c", .file, help: "Configuration file (YAML).")
    static let output = Option(
        "output",
        short: "o",
        .choice,
        default: OutputFormat.text,
        help: "Form of the anomalies on standard output."
    )
    static let exitAtEnd = Option.flag(
        "exit-at-end",
        help: "End when every partition has been read to its end."
    )

    static let command = Command(
        "run",
        summary: "Consume Kafka topics, store and print the anomalies.",
        discussion: """
            Reads as a consumer group and commits offsets after the anomalies of a batch are stored. SIGINT and \
            SIGTERM finish the batch in hand, commit, leave the group and end with code 0, or with 1 where that \
            takes longer than --drain-timeout; a second one ends at once. SIGHUP reads the configuration again and \
            puts in force what may change meanwhile, such as the threshold, the log level and the retention.
            """,
        examples: [
            .init("timberline run --brokers localhost:9092 --topic app-logs", "consume a topic"),
            .init("timberline run --config timberline.yaml", "all settings from a file"),
        ],
        arguments: [config, output, exitAtEnd] + RunSchema.schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let load = ConfigurationLoading.loader(RunSchema.schema, invocation, host, check: RunSchema.check)
        let configuration = try load()
        return try CommandFailure.sorting {
            let run = try KafkaRun(
                configuration,
                output: invocation[output],
                endsWhenRead: invocation[exitAtEnd],
                host: host,
                load: load
            )
            try run.run()
            return .success
        }
    }
}
