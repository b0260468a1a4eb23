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
    /// One error a line.
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
