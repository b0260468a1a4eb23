/// Which of a function's versions is meant.
public enum FunctionQualifier: Sendable, Hashable, CustomStringConvertible {
    /// `$LATEST`: code and configuration as they were last changed.
    case latest
    /// A published version, counted from 1.
    case version(Int)
    /// A name that points to a version.
    case alias(String)

    /// Nil where the text is none of the three.
    public init?(_ text: some StringProtocol) {
        if text == "$LATEST" {
            self = .latest
        } else if let number = Int(text), number > 0, "\(number)" == text {
            self = .version(number)
        } else {
            // A name of digits alone would look like a version.
            guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(\.isNameCharacter),
                !text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            self = .alias(String(text))
        }
    }

    public var description: String {
        switch self {
        case .latest: "$LATEST"
        case .version(let number): "\(number)"
        case .alias(let name): name
        }
    }
}
