import CommandLineArguments
import Configuration
import TypedValues

/// `timberline check`: is a configuration valid, and what is in force.
enum CheckCommand: CommandRunner {
    /// The command that a configuration is for.
    enum Subject: String, CaseIterable, Sendable {
        case run, forward, local

        var schema: Schema {
            switch self {
            case .run: RunSchema.schema
            case .forward: ForwardSchema.schema
            case .local: LocalSchema.schema
            }
        }

        func check(_ configuration: EffectiveConfiguration) throws {
            switch self {
            case .run: try RunSchema.check(configuration)
            case .forward: try ForwardSchema.check(configuration)
            case .local: try LocalSchema.check(configuration)
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
            .init("timberline check --for local local.yaml", "one of timberline local"),
        ],
        arguments: [config, subject] + options
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

    /// The flags of all subjects' settings. One that they have for different settings is text here; the subject's own
    /// setting reads it.
    private static var options: [OptionGroup] {
        let groups = Subject.allCases.flatMap(\.schema.groups)
        let keysOfFlags = groups.flatMap(\.settings).reduce(into: [String: Set<String>]()) { keys, setting in
            if let flag = setting.flagName { keys[flag, default: []].insert(setting.key) }
        }
        var seen: Set<String> = []
        var shared: [Option<String?>] = []
        var options: [OptionGroup] = []
        for group in groups {
            var own: [SettingDeclaration] = []
            for setting in group.settings where seen.insert(setting.key).inserted {
                guard let flag = setting.flagName else { continue }
                let keys = keysOfFlags[flag, default: []].sorted()
                if keys.count == 1 {
                    own.append(setting)
                } else if !shared.contains(where: { $0.name == flag }) {
                    let type = ValueType.string.named(setting.placeholder)
                    shared.append(Option(flag, type, help: keys.joined(separator: " or ") + "."))
                }
            }
            options += Schema([SettingGroup(group.heading, own)]).options
        }
        return options + [OptionGroup("By --for", shared)]
    }

    private static func refuseForeignFlags(_ subject: Subject, _ invocation: Invocation) throws {
        let settings = Subject.allCases.reduce(into: Set<String>()) { $0.formUnion($1.flags) }
        let foreign = invocation.givenOptions.intersection(settings).subtracting(subject.flags)
        guard let flag = foreign.min(),
            let other = Subject.allCases.first(where: { $0.flags.contains(flag) })
        else { return }
        throw CommandFailure(
            .usage,
            "--\(flag) is an option of 'timberline \(other)'; give --for \(other) to check its configuration"
        )
    }
}
