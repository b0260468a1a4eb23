/// A command line that was understood: which command, and the values of its arguments.
public struct Invocation: Sendable {
    /// The names of the command and its subcommands, without the program's: `["score"]`.
    public let command: [String]
    private let values: [String: any Sendable]
    private let given: Set<String>

    init(command: [String], values: [String: any Sendable], given: Set<String>) {
        self.command = command
        self.values = values
        self.given = given
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
        given.contains(option.name)
    }

    /// The names of the options that stood on the command line, without dashes.
    public var givenOptions: Set<String> { given }

    /// Whether this command knows the option at all.
    public func declares<Value>(_ option: Option<Value>) -> Bool {
        values["--" + option.name] is Bound<Value>
    }

    private func value<Value: Sendable>(_ key: String) -> Value {
        guard let bound = values[key] as? Bound<Value> else {
            preconditionFailure("'\(command.joined(separator: " "))' does not declare \(key) with this type")
        }
        return bound.value
    }
}
