/// All that is wrong with a configuration. The program ends with `exitCode`.
public struct ConfigurationFailure: Error, Sendable {
    /// `EX_CONFIG` of sysexits.h.
    public static let exitCode: Int32 = 78

    /// At least one; those of the file first, by line.
    public let errors: [ConfigurationError]

    public init(_ errors: [ConfigurationError]) {
        self.errors = errors
    }
}

extension ConfigurationFailure: CustomStringConvertible {
    /// How many errors `description` shows; a file of garbage has thousands.
    static let shownErrors = 50

    /// One error a line, the first `shownErrors` of them.
    public var description: String {
        var lines = errors.prefix(Self.shownErrors).map(\.description)
        if errors.count > lines.count { lines.append("and \(errors.count - lines.count) more errors") }
        return lines.joined(separator: "\n")
    }
}
