import CommandLineArguments

/// A setting without its type.
public struct SettingDeclaration: Sendable {
    /// Where it stands in the file: `kafka.group` is `group` under `kafka`.
    public let key: String
    public let help: String
    /// What stands for the value in documentation.
    public let placeholder: String
    /// Printed in documentation; nil where there is no default.
    public let defaultText: String?
    /// The environment variable that sets it, where its shape has a form in text.
    public let environmentName: String?
    /// The flag that sets it, without dashes.
    public var flagName: String? { option?.name }
    public let isRequired: Bool
    /// Its value is never printed, wherever it comes from.
    public let isSecret: Bool
    let option: OptionDeclaration?
    let resolve: @Sendable (inout SettingLayers) -> ResolvedSetting?

    var path: [String] { key.split(separator: ".").map(String.init) }
}

/// What the sources hold for one setting.
struct SettingLayers {
    let node: YAMLNode?
    let environment: String?
    let invocation: Invocation?
    /// For reading the file's values; errors of the environment are recorded here too.
    var context: FileContext
}

/// The value of a setting, and how to print it.
struct ResolvedSetting: Sendable {
    let value: any Sendable
    /// The value in full, secrets too: to compare, never to print.
    let texts: [String]
    let entries: [EffectiveConfiguration.Entry]
    /// Of the strongest layer.
    let origin: Origin
}

/// A value in its box, so that a cast to an optional type is exact.
struct Bound<Value: Sendable>: Sendable {
    let value: Value
}
