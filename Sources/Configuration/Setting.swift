public import TypedValues

/// A declared setting, which is also the key that reads its value: `configuration[Self.group]`.
///
/// From this one declaration come the check of the file, the environment variable, the flag, the line of
/// `check` and the line of the documentation. `Value` is `Int?` for a setting that may be absent, `Int` for
/// one with a default and one that is required.
public struct Setting<Value: Sendable>: SettingElement {
    public let declaration: SettingDeclaration

    public var settings: [SettingDeclaration] { [declaration] }
}

extension Setting {
    /// A setting with a default.
    public init(
        _ key: String,
        _ shape: ValueShape<Value>,
        default value: Value,
        flag: String? = nil,
        short: Character? = nil,
        environment: String? = nil,
        isSecret: Bool = false,
        help: String
    ) {
        let texts = shape.printed(value).map {
            $0.suffix.isEmpty ? $0.text : "\($0.suffix.dropFirst())=\($0.text)"
        }
        // An empty list or map by default is as good as none to a reader.
        let text = texts.filter { $0 != "[]" && !$0.isEmpty }.joined(separator: ",")
        let names = SettingNames(key, flag, short, environment, isSecret, help)
        declaration = names.declaration(shape, defaultText: text.isEmpty ? nil : text, lowest: value) { $0 }
    }

    /// A setting that may be absent.
    public init<Wrapped>(
        _ key: String,
        _ shape: ValueShape<Wrapped>,
        flag: String? = nil,
        short: Character? = nil,
        environment: String? = nil,
        isSecret: Bool = false,
        help: String
    ) where Value == Wrapped? {
        let names = SettingNames(key, flag, short, environment, isSecret, help)
        // An absent value is a value too.
        declaration = names.declaration(shape) { (value: Wrapped?) -> Value? in .some(value) }
    }

    /// A setting that must be given, anywhere.
    public static func required(
        _ key: String,
        _ shape: ValueShape<Value>,
        flag: String? = nil,
        short: Character? = nil,
        environment: String? = nil,
        isSecret: Bool = false,
        help: String
    ) -> Setting {
        let names = SettingNames(key, flag, short, environment, isSecret, help)
        return Setting(declaration: names.declaration(shape, isRequired: true) { $0 })
    }
}

extension Setting {
    /// A single value with a default.
    public init(
        _ key: String,
        _ type: ValueType<Value>,
        default value: Value,
        flag: String? = nil,
        short: Character? = nil,
        environment: String? = nil,
        isSecret: Bool = false,
        help: String
    ) {
        self.init(
            key,
            .single(type),
            default: value,
            flag: flag,
            short: short,
            environment: environment,
            isSecret: isSecret,
            help: help
        )
    }

    /// A single value that may be absent.
    public init<Wrapped>(
        _ key: String,
        _ type: ValueType<Wrapped>,
        flag: String? = nil,
        short: Character? = nil,
        environment: String? = nil,
        isSecret: Bool = false,
        help: String
    ) where Value == Wrapped? {
        self.init(
            key,
            ValueShape<Wrapped>.single(type),
            flag: flag,
            short: short,
            environment: environment,
            isSecret: isSecret,
            help: help
        )
    }

    /// A single value that must be given, anywhere.
    public static func required(
        _ key: String,
        _ type: ValueType<Value>,
        flag: String? = nil,
        short: Character? = nil,
        environment: String? = nil,
        isSecret: Bool = false,
        help: String
    ) -> Setting {
        .required(
            key,
            .single(type),
            flag: flag,
            short: short,
            environment: environment,
            isSecret: isSecret,
            help: help
        )
    }
}
