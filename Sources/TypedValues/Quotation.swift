/// Text from outside, made fit for one line of a message.
public enum Quotation {
    /// The longest excerpt shown, in characters.
    public static let limit = 60

    /// `text` between single quotes, cut at `limit`, control characters escaped.
    public static func quoted(_ text: String) -> String {
        var shown = ""
        for character in text.prefix(limit) {
            for scalar in character.unicodeScalars {
                shown += isPrintable(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text.count > limit ? "'\(shown)…'" : "'\(shown)'"
    }

    /// Control, format (which reorders or hides text) and separator characters are not shown raw.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            false
        default: true
        }
    }
}
