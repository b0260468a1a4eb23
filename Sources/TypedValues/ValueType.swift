/// How a value is written: how to read it from text, how to print it back, and what to call it in help.
///
/// The command line and the configuration read their values through the same types, so that `5m` means
/// the same in a flag, an environment variable and a file.
public struct ValueType<Value: Sendable>: Sendable {
    /// What stands for the value in help and usage: `DURATION`.
    public let placeholder: String
    /// What a shell can offer.
    public let completion: Completion
    private let read: @Sendable (String) throws(ValueError) -> Value
    private let write: @Sendable (Value) -> String

    /// A type of your own. `write` must give a text that `read` takes back.
    public init(
        placeholder: String,
        completion: Completion = .nothing,
        read: @escaping @Sendable (String) throws(ValueError) -> Value,
        write: @escaping @Sendable (Value) -> String
    ) {
        self.placeholder = placeholder
        self.completion = completion
        self.read = read
        self.write = write
    }

    public func value(of text: String) throws(ValueError) -> Value {
        try read(text)
    }

    public func text(of value: Value) -> String {
        write(value)
    }

    /// The same type under another name in help.
    public func named(_ placeholder: String) -> ValueType {
        ValueType(placeholder: placeholder, completion: completion, read: read, write: write)
    }
}
