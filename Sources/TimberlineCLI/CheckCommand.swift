import CommandLineArguments
import Configuration
import TypedValues

/// `timberline check`: is a configuration valid, and what is in force.
enum CheckCommand: CommandRunner {
    /// The command that a configuration is for.
    enum Subject: String, CaseIterable, Sendable {
        case run, forward

        var schema: Schema {
            switch self {
            case .run: RunSchema.schema
            case .forward: ForwardSchema.schema
            }
        }

        func check(_ configuration: EffectiveConfiguration) throws {
            switch self {
            case .run: try RunSchema.check(configuration)
            case .forward: try ForwardSchema.check(configuration)
            }
        }

        /// The flags of its settings, without dashes.
        var flags: Set<String> { Set(schema.settings.compactMap(\.flagName)) }
    }

    static let config = Positional("CONFIG", .file, help: "Configuration file (YAML).")
    static let subject = Option(
        "for",
        .choice,
        default: Subject.run,
        help: "The command that the configuration is for."
    )

    static let command = Command(
        "check",
        summary:
            "Validate a configuration; print what is in force, and from where, and the memory it may take.",
        discussion:
            "Ends with code 78 and every error with its place where something is wrong. Secrets are not shown.",
        examples: [
            .init("timberline check timberline.yaml", "before a start"),
            .init("timberline check --for forward forward.yaml", "one of timberline forward"),
        ],
        arguments: [config, subject] + RunSchema.schema.options + ForwardSchema.ownOptions
    )

    static func run(_ invocation: Invocation, _ host: Host) throws -> ExitCode {
        let subject = invocation[subject]
        try refuseForeignFlags(subject, invocation)
        let configuration = try ConfigurationLoading.resolve(
            subject.schema,
            path: invocation[config] ?? host.environment["TIMBERLINE_CONFIG"],
            invocation: invocation,
            host: host
        )
        try subject.check(configuration)
        try host.output.write(text: configuration.table)
        if subject == .run {
            for line in MemoryEstimate(configuration).lines { try host.output.write(line: line) }
        }
        try host.output.flush()
        return .success
    }

    private static func refuseForeignFlags(_ subject: Subject, _ invocation: Invocation) throws {
        let settings = Subject.allCases.reduce(into: Set<String>()) { $0.formUnion($1.flags) }
        let foreign = invocation.givenOptions.intersection(settings).subtracting(subject.flags)
        guard let flag = foreign.min() else { return }
        let other = subject == .run ? Subject.forward : .run
        throw CommandFailure(
            .usage,
            "--\(flag) is an option of 'timberline \(other)'; give --for \(other) to check its configuration"
        )
    }
}
