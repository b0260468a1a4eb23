/// A command: its name, its help, its arguments or its subcommands.
///
/// It is declared once; the parser, the help and the shell completion all read this value.
public struct Command: Sendable {
    /// A line to try, and what it does.
    public struct Example: Hashable, Sendable {
        public let line: String
        public let explanation: String

        public init(_ line: String, _ explanation: String) {
            self.line = line
            self.explanation = explanation
        }
    }

    public let name: String
    /// One line, for the list of commands.
    public let summary: String
    /// Further paragraphs, for the command's own help.
    public let discussion: String
    public let examples: [Example]
    public let options: [OptionDeclaration]
    public let positionals: [PositionalDeclaration]
    public internal(set) var subcommands: [Command]
    /// Left out of help and completion, but usable.
    public let isHidden: Bool

    public init(
        _ name: String,
        summary: String,
        discussion: String = "",
        examples: [Example] = [],
        isHidden: Bool = false,
        arguments: [any CommandElement] = [],
        subcommands: [Command] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.examples = examples
        self.isHidden = isHidden
        self.subcommands = subcommands
        let declarations = arguments.flatMap(\.declarations)
        options = declarations.compactMap {
            guard case .option(let option) = $0 else { return nil }
            return option
        }
        positionals = declarations.compactMap {
            guard case .positional(let positional) = $0 else { return nil }
            return positional
        }
    }

    var visibleSubcommands: [Command] { subcommands.filter { !$0.isHidden } }
}
