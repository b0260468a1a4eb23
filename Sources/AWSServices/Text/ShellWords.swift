/// Cuts a command into words as a shell does, without any of its other features.
enum ShellWords {
    /// Nil where a quotation mark, or what a backslash stands before, is missing.
    static func split(_ command: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = command[...]
        while let character = rest.popFirst() {
            switch (quote, character) {
            case (nil, "'"), (nil, "\""):
                quote = character
                word = word ?? ""
            case (let open?, _) where character == open: quote = nil
            case (nil, "\\"):
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? "") + String(next)
            case ("\"", "\\"):
                guard let next = rest.popFirst() else { return nil }
                // Inside double quotation marks it stands for itself before all but these.
                word = (word ?? "") + (next == "\"" || next == "\\" ? "" : "\\") + String(next)
            case (nil, _) where character.isWhitespace:
                if let whole = word { words.append(whole) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        return word.map { words + [$0] } ?? words
    }
}
