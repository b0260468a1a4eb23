import CommandLineArguments
public import TypedValues

/// How a setting is read from a file, from an environment variable and from flags, and printed.
public struct ValueShape<Value: Sendable>: Sendable {
    /// What stands for the value in documentation.
    let placeholder: String
    /// A value from YAML; nil, with an error recorded, where it does not fit.
    let readNode: @Sendable (YAMLNode, String, inout FileContext) -> Value?
    /// A value from the text of an environment variable, where the shape has such a form.
    let readText: (@Sendable (String) throws(ValueError) -> Value)?
    /// The option for a flag; its value is nil where it is not given.
    let option: @Sendable (OptionText) -> Option<Value?>
    let printed: @Sendable (Value) -> [PrintedValue]
    /// The value of two layers, the stronger second.
    let merge: @Sendable (Value, Value) -> Value

    /// What an option needs to know from the setting.
    struct OptionText: Sendable {
        let name: String
        let short: Character?
        let help: String
        let defaultText: String?
    }
}

extension ValueShape {
    /// A single value.
    public static func single(_ type: ValueType<Value>) -> ValueShape {
        ValueShape(
            placeholder: type.placeholder,
            readNode: { node, key, context in context.value(node, type, key) },
            readText: { text throws(ValueError) in try type.value(of: text) },
            option: { text in
                .gathered(
                    text.name,
                    short: text.short,
                    placeholder: type.placeholder,
                    completion: type.completion,
                    isRepeated: false,
                    defaultText: text.defaultText,
                    help: text.help
                ) { texts throws(ValueError) in
                    try texts.last.map { text throws(ValueError) in try type.value(of: text) }
                }
            },
            printed: { [PrintedValue(type.text(of: $0))] },
            merge: { $1 }
        )
    }
}

extension ValueShape where Value == Bool {
    /// `true` or `false` in a file; `--name` and `--no-name` as flags.
    public static var flag: ValueShape {
        let single = ValueShape.single(.boolean)
        return ValueShape(
            placeholder: single.placeholder,
            readNode: single.readNode,
            readText: single.readText,
            option: { text in
                .optionalFlag(text.name, short: text.short, defaultText: text.defaultText, help: text.help)
            },
            printed: single.printed,
            merge: single.merge
        )
    }
}
