/// Says why a text is not a value of the wanted type.
///
/// `problem` never repeats the text itself, so that the message of a secret can be shown.
public struct ValueError: Error, Hashable, Sendable {
    /// What was written.
    public let text: String
    /// What is wrong with it, to follow the text in a sentence: `is not an integer`.
    public let problem: String
    /// The name that was probably meant, where one is near enough.
    public let suggestion: String?

    public init(_ text: String, _ problem: String, suggestion: String? = nil) {
        self.text = text
        self.problem = problem
        self.suggestion = suggestion
    }

    /// The sentence without the text, for values that must not be shown.
    public var redactedMessage: String { "the value (not shown) \(problem)" }
}

extension ValueError: CustomStringConvertible {
    public var description: String {
        let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        return "\(Quotation.quoted(text)) \(problem)\(hint)"
    }
}
