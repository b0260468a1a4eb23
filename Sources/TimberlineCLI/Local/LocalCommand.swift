import CommandLineArguments
import Configuration

/// `timberline local`: Lambda, its Kafka event source mappings and SageMaker's endpoints on this machine.
enum LocalCommand: CommandRunner {
    static let follow = Option.flag("follow", help: "Write the functions' log lines to standard output.")

    static let command = Command(
        "local",
        summary: "Run Lambda functions and their Kafka event source mappings on this machine.",
        discussion: """
            Answers Lambda's API, so that the AWS CLI, boto3 and Terraform work against it unchanged \
            (AWS_ENDPOINT_URL=http://127.0.0.1:9001): functions run as processes, mappings read real Kafka clusters, and \
            requests for other services are passed on to the addresses given. Functions and mappings are kept in --data \
            and go on after a restart. SIGINT and SIGTERM let invocations under way end, commit, and end with code 0, \
            or with 1 where that takes longer than --drain-timeout.
            """,
        examples: [
            .init(
                "timberline local --cluster demo=127.0.0.1:9092",
                "functions triggered by a Kafka on this machine"
            ),
            .init(
                "timberline local --cluster demo=127.0.0.1:9092 --service dynamodb=http://127.0.0.1:5000",
                "and their table in moto"
            ),
        ],
        arguments: [RunCommand.config, follow] + LocalSchema.schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let configuration = try ConfigurationLoading.resolve(
            LocalSchema.schema,
            path: invocation[RunCommand.config] ?? host.environment["TIMBERLINE_CONFIG"],
            invocation: invocation,
            host: host
        )
        try LocalSchema.check(configuration)
        return try CommandFailure.sorting {
            let run = try LocalRun(configuration, follows: invocation[follow], host: host)
            try run.run()
            return .success
        }
    }
}
