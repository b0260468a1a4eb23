public import TypedValues

/// A declared option, which is also the key that reads its value: `invocation[Self.top]`.
///
/// `Value` says what is read: `Int?` for an option that may be absent, `Int` for one with a default or
/// one that is required, `[Int]` for one that may be repeated, `Bool` for a flag.
public struct Option<Value: Sendable>: Sendable {
    public let declaration: OptionDeclaration

    public var name: String { declaration.name }
}

extension Option: CommandElement {
    public var declarations: [Declaration] { [.option(declaration)] }
}

extension Option {
    /// An option that may be absent.
    public init<Wrapped>(
        _ name: String,
        short: Character? = nil,
        _ type: ValueType<Wrapped>,
        help: String
    ) where Value == Wrapped? {
        self.init(name, short, type, help) { texts throws(ValueError) in
            try texts.last.map { text throws(ValueError) in try type.value(of: text) }
        }
    }

    /// An option with a default, which the help shows.
    public init(
        _ name: String,
        short: Character? = nil,
        _ type: ValueType<Value>,
        default value: Value,
        help: String
    ) {
        self.init(name, short, type, help, defaultText: type.text(of: value)) { texts throws(ValueError) in
            try texts.last.map { text throws(ValueError) in try type.value(of: text) } ?? value
        }
    }

    /// An option that must be given.
    public static func required(
        _ name: String,
        short: Character? = nil,
        _ type: ValueType<Value>,
        help: String
    ) -> Option {
        Option(name, short, type, help, isRequired: true) { texts throws(ValueError) in
            try type.value(of: texts.last ?? "")
        }
    }

    /// An option that may be given several times; its values are read in the order given.
    public static func repeated<Element>(
        _ name: String,
        short: Character? = nil,
        _ type: ValueType<Element>,
        help: String
    ) -> Option where Value == [Element] {
        Option(name, short, type, help, isRepeated: true) { texts throws(ValueError) in
            var values: [Element] = []
            for text in texts { values.append(try type.value(of: text)) }
            return values
        }
    }

    /// An option whose texts are read together, for values that one `ValueType` cannot express.
    ///
    /// `read` is handed every text given, in order; none where the option is absent.
    public static func gathered(
        _ name: String,
        short: Character? = nil,
        placeholder: String,
        completion: Completion = .nothing,
        isRepeated: Bool = true,
        defaultText: String? = nil,
        help: String,
        read: @escaping @Sendable ([String]) throws(ValueError) -> Value
    ) -> Option {
        let type = ValueType(placeholder: placeholder, completion: completion) {
            $0
        } write: {
            $0
        }
        return Option(
            name,
            short,
            type,
            help,
            defaultText: defaultText,
            isRepeated: isRepeated,
            read: read
        )
    }

    private init<Single>(
        _ name: String,
        _ short: Character?,
        _ type: ValueType<Single>,
        _ help: String,
        defaultText: String? = nil,
        isRequired: Bool = false,
        isRepeated: Bool = false,
        read: @escaping @Sendable ([String]) throws(ValueError) -> Value
    ) {
        declaration = OptionDeclaration(
            name: name,
            short: short,
            kind: .value(type.placeholder),
            help: help,
            defaultText: defaultText,
            isRequired: isRequired,
            isRepeated: isRepeated,
            completion: type.completion,
            group: nil,
            bind: { texts throws(ValueError) in Bound(value: try read(texts)) }
        )
    }
}
