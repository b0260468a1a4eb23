/// A command line that cannot be understood. The program ends with `exitCode`.
public struct UsageError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        case unknownOption
        case unknownCommand
        case missingCommand
        case missingValue
        case unexpectedValue
        case invalidValue
        case missingArgument
        case unexpectedArgument
    }

    /// `EX_USAGE` of sysexits.h.
    public static let exitCode: Int32 = 64

    public let code: Code
    /// What is wrong, naming the argument.
    public let message: String
    /// The argument at fault, as written or as declared: `--top`, `FILE`.
    public let argument: String?
    /// What was probably meant.
    public let suggestion: String?
    /// The program and the command that refused it: `timberline score`.
    public let command: String

    /// Also for a command's own checks, such as two options that exclude each other.
    public init(
        _ code: Code,
        _ message: String,
        argument: String? = nil,
        suggestion: String? = nil,
        command: String
    ) {
        self.code = code
        self.message = message
        self.argument = argument
        self.suggestion = suggestion
        self.command = command
    }
}

extension UsageError: CustomStringConvertible {
    /// Two lines: the error, and where help is found.
    public var description: String {
        let hint = suggestion.map { "; did you mean '\($0)'?" } ?? ""
        return "\(command): \(message)\(hint)\nTry '\(command) --help'."
    }
}
