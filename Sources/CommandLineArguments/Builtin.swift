import TypedValues

/// What every program has without declaring it.
enum Builtin {
    static let help = OptionDeclaration.flag("help", "h", "Show this help.") { _ in Bound(value: true) }
    static let version = OptionDeclaration.flag("version", nil, "Show the version.") { _ in Bound(value: true)
    }

    static let shell = Positional.required(
        "SHELL",
        ValueType<CompletionShell>.choice,
        help: "bash, zsh or fish."
    )
    static let helpCommand = "help"
    static let completionCommand = "completion"

    /// The `help` and `completion` commands of `program`.
    static func commands(for root: Command) -> [Command] {
        let names = root.visibleSubcommands.map(\.name)
        let topic = Positional.repeated(
            "COMMAND",
            ValueType(placeholder: "COMMAND", completion: .choices(names)) {
                $0
            } write: {
                $0
            },
            help: "The command to explain."
        )
        return [
            Command(helpCommand, summary: "Explain a command.", arguments: [topic]),
            Command(
                completionCommand,
                summary: "Print a completion script for a shell.",
                examples: CompletionShell.allCases.map {
                    .init($0.installation(of: root.name), "\($0.rawValue)")
                },
                arguments: [shell]
            ),
        ]
    }
}
