import RandomCutForest

/// Why bytes are no model that can be served.
public struct ModelFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// Truncated, changed, or something else than a model file.
        case damaged
        /// Written by a newer version.
        case newer
        /// The forest needs more memory than allowed.
        case tooLarge
        /// It has not learnt enough rows to score.
        case untrained
    }

    public let code: Code
    /// Names what was read, and the place where it can.
    public let message: String

    /// The same bytes fail again.
    public var isRetriable: Bool { false }

    public var description: String { message }

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension ModelFileError.Code {
    /// What an error of a saved forest means for its file.
    init(_ code: ForestError.Code) {
        switch code {
        case .newerState: self = .newer
        case .stateTooLarge: self = .tooLarge
        default: self = .damaged
        }
    }
}
