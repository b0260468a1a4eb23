/// A command with those above it, from the program down. Options of every one of them are accepted.
struct CommandPath: Sendable {
    private(set) var commands: [Command]

    init(root: Command) {
        commands = [root]
    }

    /// The command at the end.
    var leaf: Command { commands[commands.count - 1] }

    /// `["score"]`: without the program's name.
    var names: [String] { commands.dropFirst().map(\.name) }

    /// `timberline score`.
    var line: String { commands.map(\.name).joined(separator: " ") }

    /// The leaf's own options first, so that they win over those above.
    var options: [OptionDeclaration] { commands.reversed().flatMap(\.options) + [Builtin.help] }

    var isRoot: Bool { commands.count == 1 }

    func appending(_ command: Command) -> CommandPath {
        var path = self
        path.commands.append(command)
        return path
    }

    func subcommand(named name: String) -> Command? {
        leaf.subcommands.first { $0.name == name }
    }
}
