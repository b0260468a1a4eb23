public import TypedValues

/// A command line that was understood: which command, and the values of its arguments.
public struct Invocation: Sendable {
    /// The names of the command and its subcommands, without the program's: `["score"]`.
    public let command: [String]
    private let values: [String: any Sendable]
    /// What was given for each option, by its name.
    private let texts: [String: [String]]

    init(command: [String], values: [String: any Sendable], texts: [String: [String]]) {
        self.command = command
        self.values = values
        self.texts = texts
    }

    /// The value of an option of this command or one above it.
    /// - Precondition: the command declares the option.
    public subscript<Value>(option: Option<Value>) -> Value {
        value("--" + option.name)
    }

    /// - Precondition: the command declares the positional.
    public subscript<Value>(positional: Positional<Value>) -> Value {
        value(positional.declaration.placeholder)
    }

    /// Whether the option stood on the command line, so that its value is no default.
    public func isGiven<Value>(_ option: Option<Value>) -> Bool {
        texts[option.name] != nil
    }

    /// The names of the options that stood on the command line, without dashes.
    public var givenOptions: Set<String> { Set(texts.keys) }

    /// What an option reads from the command line, where the command may declare its name with another type; nil where
    /// it is not given.
    public func givenValue<Value>(of option: Option<Value>) throws(ValueError) -> Value? {
        guard let given = texts[option.name] else { return nil }
        guard let bound = try option.declaration.bind(given) as? Bound<Value> else {
            preconditionFailure("--\(option.name) does not read its own type")
        }
        return bound.value
    }

    private func value<Value: Sendable>(_ key: String) -> Value {
        guard let bound = values[key] as? Bound<Value> else {
            preconditionFailure("'\(command.joined(separator: " "))' does not declare \(key) with this type")
        }
        return bound.value
    }
}
