public import TypedValues

/// A declared argument without a name of its own on the command line, and the key that reads it.
///
/// Positionals take the arguments in the order of their declaration; a repeated one comes last.
public struct Positional<Value: Sendable>: Sendable {
    public let declaration: PositionalDeclaration
}

/// A positional without its type.
public struct PositionalDeclaration: Sendable {
    /// What stands for it in usage and messages: `FILE`.
    public let placeholder: String
    public let help: String
    public let isRequired: Bool
    public let isRepeated: Bool
    public let completion: Completion
    let bind: @Sendable ([String]) throws(ValueError) -> any Sendable

    /// `FILE`, `[FILE]`, `FILE…` or `[FILE…]`.
    var usage: String {
        let name = isRepeated ? placeholder + "…" : placeholder
        return isRequired ? name : "[\(name)]"
    }
}

extension Positional: CommandElement {
    public var declarations: [Declaration] { [.positional(declaration)] }
}

extension Positional {
    /// One that may be absent.
    public init<Wrapped>(_ placeholder: String, _ type: ValueType<Wrapped>, help: String)
    where Value == Wrapped? {
        self.init(placeholder, help, type.completion) { texts throws(ValueError) in
            try texts.last.map { text throws(ValueError) in try type.value(of: text) }
        }
    }

    /// One that must be given.
    public static func required(_ placeholder: String, _ type: ValueType<Value>, help: String) -> Positional {
        Positional(placeholder, help, type.completion, isRequired: true) { texts throws(ValueError) in
            try type.value(of: texts.last ?? "")
        }
    }

    /// All that remain, at least `minimum` (0 or 1).
    public static func repeated<Element>(
        _ placeholder: String,
        _ type: ValueType<Element>,
        minimum: Int = 0,
        help: String
    ) -> Positional where Value == [Element] {
        Positional(placeholder, help, type.completion, isRequired: minimum > 0, isRepeated: true) {
            texts throws(ValueError) in
            var values: [Element] = []
            for text in texts { values.append(try type.value(of: text)) }
            return values
        }
    }

    private init(
        _ placeholder: String,
        _ help: String,
        _ completion: Completion,
        isRequired: Bool = false,
        isRepeated: Bool = false,
        read: @escaping @Sendable ([String]) throws(ValueError) -> Value
    ) {
        declaration = PositionalDeclaration(
            placeholder: placeholder,
            help: help,
            isRequired: isRequired,
            isRepeated: isRepeated,
            completion: completion,
            bind: { texts throws(ValueError) in Bound(value: try read(texts)) }
        )
    }
}
