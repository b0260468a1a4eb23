public import CommandLineArguments

/// The settings of a program, declared once.
public struct Schema: Sendable {
    public static let environmentPrefix = "TIMBERLINE_"

    public let groups: [SettingGroup]
    /// Variables with the prefix that are no settings but known, such as the one that names the file.
    public let otherEnvironmentNames: [String]

    public init(_ groups: [SettingGroup], otherEnvironmentNames: [String] = []) {
        self.groups = groups
        self.otherEnvironmentNames = otherEnvironmentNames
    }

    public var settings: [SettingDeclaration] { groups.flatMap(\.settings) }

    /// The flags of all settings, to be among the arguments of a command.
    public var options: [OptionGroup] {
        groups.compactMap { group in
            let options = group.settings.compactMap(\.option).map(DeclaredOption.init)
            return options.isEmpty ? nil : OptionGroup(group.heading, options)
        }
    }

    /// `kafka.batch-size` is `TIMBERLINE_KAFKA_BATCH_SIZE`.
    static func environmentName(of key: String) -> String {
        environmentPrefix + key.uppercased().map { ".-".contains($0) ? "_" : String($0) }.joined()
    }
}

/// An option that is known by its declaration only.
private struct DeclaredOption: CommandElement {
    let option: OptionDeclaration

    var declarations: [Declaration] { [.option(option)] }
}
