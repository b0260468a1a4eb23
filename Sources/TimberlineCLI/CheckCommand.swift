import CommandLineArguments
import Configuration
import TypedValues

/// `timberline check`: is a configuration valid, and what is in force.
enum CheckCommand: CommandRunner {
    static let config = Positional("CONFIG", .file, help: "Configuration file (YAML) of timberline run.")

    static let command = Command(
        "check",
        summary:
            "Validate a configuration; print what is in force, and from where, and the memory it may take.",
        discussion:
            "Ends with code 78 and every error with its place where something is wrong. Secrets are not shown.",
        examples: [.init("timberline check timberline.yaml", "before a start")],
        arguments: [config] + RunSchema.schema.options
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let configuration = try ConfigurationLoading.resolve(
            RunSchema.schema,
            path: invocation[config] ?? host.environment["TIMBERLINE_CONFIG"],
            invocation: invocation,
            host: host
        )
        try RunSchema.check(configuration)
        try host.output.write(text: configuration.table)
        for line in MemoryEstimate(configuration).lines { try host.output.write(line: line) }
        try host.output.flush()
        return .success
    }
}
