public import TypedValues

/// An option without its type.
public struct OptionDeclaration: Sendable {
    public enum Kind: Hashable, Sendable {
        /// `--name` and `--no-name`.
        case flag
        /// `--name VALUE`, the value under its placeholder.
        case value(String)
    }

    /// The long name, without dashes.
    public let name: String
    public let short: Character?
    public let kind: Kind
    public let help: String
    /// Printed in help; nil where there is no default.
    public let defaultText: String?
    public let isRequired: Bool
    /// Given several times, its values add up. Of any other option the last one counts.
    public let isRepeated: Bool
    public let completion: Completion
    /// The heading in help.
    public internal(set) var group: String?

    /// Turns the texts given, in order, into a `Bound<Value>`. Of a flag they are `true` and `false`.
    let bind: @Sendable ([String]) throws(ValueError) -> any Sendable

    var takesValue: Bool { kind != .flag }
}

/// A value in its box: a cast to `Bound<Int?>` is exact, where a cast of an optional to `Int?` is not.
struct Bound<Value: Sendable>: Sendable {
    let value: Value
}
