import CommandLineArguments
import Configuration

/// `timberline forward`: records from Kafka to somewhere else, as they are.
enum ForwardCommand: CommandRunner {
    static let command = Command(
        "forward",
        summary: "Forward Kafka topics to a topic, an HTTP endpoint, Lambda, Kinesis or S3.",
        discussion: """
            Reads as a consumer group and commits offsets after the target has acknowledged the records. Partitions go \
            out side by side, each in its order. While the target is down it is tried again and again; a record that \
            it refuses goes to the dead letters. SIGINT and SIGTERM finish the calls under way, commit, leave the \
            group and end with code 0, or with 1 where that takes longer than --drain-timeout. SIGHUP reads the \
            configuration again and puts in force what may change meanwhile, such as the concurrency and the log level.
            """,
        examples: [
            .init(
                "timberline forward --brokers localhost:9092 --topic app-logs --to topic:app-logs-copy",
                "another topic"
            ),
            .init(
                "timberline forward --brokers localhost:9092 --topic app-logs --to https://logs.example/in",
                "an HTTP endpoint"
            ),
            .init(
                "timberline forward --brokers localhost:9092 --topic app-logs --to s3://my-logs/kafka",
                "objects of S3"
            ),
        ],
        arguments: [RunCommand.config, RunCommand.exitAtEnd] + ForwardSchema.schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let load = ConfigurationLoading.loader(
            ForwardSchema.schema,
            invocation,
            host,
            check: ForwardSchema.check
        )
        let configuration = try load()
        return try CommandFailure.sorting {
            let run = try KafkaForward(
                configuration,
                endsWhenRead: invocation[RunCommand.exitAtEnd],
                host: host,
                load: load
            )
            try run.run()
            return .success
        }
    }
}
