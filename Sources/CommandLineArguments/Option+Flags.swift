import TypedValues

extension Option where Value == Bool {
    /// A flag: `--name` turns it on, `--no-name` off, and the last one counts.
    public static func flag(
        _ name: String,
        short: Character? = nil,
        default value: Bool = false,
        help: String
    ) -> Option {
        Option(
            declaration: .flag(name, short, help, defaultText: value ? "on" : nil) {
                Bound(value: $0.last.map { $0 == "true" } ?? value)
            }
        )
    }
}

extension Option where Value == Bool? {
    /// A flag that knows whether it was given.
    public static func optionalFlag(
        _ name: String,
        short: Character? = nil,
        defaultText: String? = nil,
        help: String
    ) -> Option {
        Option(
            declaration: .flag(name, short, help, defaultText: defaultText) {
                Bound(value: $0.last.map { $0 == "true" })
            }
        )
    }
}

extension OptionDeclaration {
    static func flag(
        _ name: String,
        _ short: Character?,
        _ help: String,
        defaultText: String? = nil,
        read: @escaping @Sendable ([String]) -> any Sendable
    ) -> OptionDeclaration {
        OptionDeclaration(
            name: name,
            short: short,
            kind: .flag,
            help: help,
            defaultText: defaultText,
            isRequired: false,
            isRepeated: false,
            completion: .nothing,
            group: nil,
            bind: read
        )
    }
}
