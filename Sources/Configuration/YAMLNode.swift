/// A piece of a YAML document, with its place.
public struct YAMLNode: Sendable {
    /// Line and column, counted from 1; the column in characters.
    public struct Mark: Hashable, Sendable {
        public let line: Int
        public let column: Int

        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    public struct Scalar: Hashable, Sendable {
        public let text: String
        /// Written without quotes, so that `null` means nothing rather than the word.
        public let isPlain: Bool

        public var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }
    }

    public struct Entry: Sendable {
        public let key: String
        public let keyMark: Mark
        public let value: YAMLNode
    }

    public enum Content: Sendable {
        case scalar(Scalar)
        case sequence([YAMLNode])
        /// In the order of the file, each key once.
        case mapping([Entry])
    }

    public let content: Content
    public let mark: Mark

    /// What it is, for messages.
    var kind: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.isNull } else { false }
    }
}
