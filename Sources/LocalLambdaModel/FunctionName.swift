/// The name of a function: 1 to 64 letters, digits, hyphens and underscores.
public struct FunctionName: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let text: String

    /// Nil where the text is no name.
    public init?(_ text: some StringProtocol) {
        guard (1...Self.limit).contains(text.utf8.count), text.utf8.allSatisfy(\.isNameCharacter) else {
            return nil
        }
        self.text = String(text)
    }

    /// Characters of a name at most.
    public static let limit = 64

    public var description: String { text }

    public static func < (one: Self, other: Self) -> Bool { one.text < other.text }
}

extension UInt8 {
    /// Whether names of functions, aliases and versions may have it.
    var isNameCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
