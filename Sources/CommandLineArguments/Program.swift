/// A program: its commands, and what comes of a command line.
///
/// Besides the declared ones it has the option `--help` everywhere, `--version`, and the commands `help`
/// and `completion`.
public struct Program: Sendable {
    /// What a command line asks for.
    public enum Request: Sendable {
        /// Run a command.
        case run(Invocation)
        /// Print this text, a help page or a completion script, and end well.
        case show(String)
        /// Print the version, which the program knows.
        case version
    }

    /// The program's own command, `help` and `completion` included.
    public let root: Command

    public init(_ root: Command) {
        var whole = root
        if !root.subcommands.isEmpty {
            whole.subcommands += Builtin.commands(for: root)
        }
        self.root = whole
    }

    /// Reads the arguments after the program's name.
    ///
    /// `--name value`, `--name=value`, `-n value`, `-nvalue`, grouped short flags (`-vq`), `--no-name` for
    /// flags; after `--` everything is positional, and so is a lone `-`. Of an option that does not repeat,
    /// the last one counts.
    public func parse(_ arguments: [String]) throws(UsageError) -> Request {
        var parser = ArgumentParser(root: root)
        return try parser.parse(arguments)
    }

    /// The help of a command, `[]` for the program itself. Nil where there is no such command.
    public func help(for command: [String]) -> String? {
        var path = CommandPath(root: root)
        for name in command {
            guard let next = path.subcommand(named: name) else { return nil }
            path = path.appending(next)
        }
        return HelpPage(path: path).text
    }
}
