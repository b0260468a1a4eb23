import CommandLineArguments
import TypedValues

/// The part of a declaration that has no type, and the way from it to the whole.
struct SettingNames {
    let key: String
    let flag: String?
    let short: Character?
    let environment: String
    let isSecret: Bool
    let help: String

    init(
        _ key: String,
        _ flag: String?,
        _ short: Character?,
        _ environment: String?,
        _ isSecret: Bool,
        _ help: String
    ) {
        self.key = key
        self.flag = flag
        self.short = short
        self.environment = environment ?? Schema.environmentName(of: key)
        self.isSecret = isSecret || SecretKeys.contains(key)
        self.help = help
    }

    /// `finish` makes the setting's value from that of the layers, nil where no layer has one.
    func declaration<Wrapped: Sendable, Value: Sendable>(
        _ shape: ValueShape<Wrapped>,
        defaultText: String? = nil,
        lowest: Wrapped? = nil,
        isRequired: Bool = false,
        finish: @escaping @Sendable (Wrapped?) -> Value?
    ) -> SettingDeclaration {
        let option = flag.map {
            shape.option(.init(name: $0, short: short, help: help, defaultText: defaultText))
        }
        let reader = SettingReader(names: self, shape: shape, option: option, lowest: lowest)
        return SettingDeclaration(
            key: key,
            help: help,
            placeholder: shape.placeholder,
            defaultText: defaultText,
            environmentName: shape.readText == nil ? nil : environment,
            isRequired: isRequired,
            isSecret: isSecret,
            option: option?.declaration,
            resolve: { layers in
                let (value, entries, origin) = reader.read(&layers)
                let texts = value.map { shape.printed($0).map { "\($0.suffix)=\($0.text)" } } ?? []
                return finish(value).map {
                    ResolvedSetting(value: Bound(value: $0), texts: texts, entries: entries, origin: origin)
                }
            }
        )
    }
}
