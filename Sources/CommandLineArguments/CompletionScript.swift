import TypedValues

/// Completion scripts that stand alone: they hold the whole command tree and never run the program.
struct CompletionScript {
    let root: Command

    func text(for shell: CompletionShell) -> String {
        switch shell {
        case .bash: BashCompletion(nodes: nodes, program: root.name).text
        case .zsh: ZshCompletion(nodes: nodes, program: root.name).text
        case .fish: FishCompletion(nodes: nodes, program: root.name).text
        }
    }

    /// Every command reached from the root, the root first.
    private var nodes: [CompletionNode] {
        var nodes: [CompletionNode] = []
        var waiting = [CommandPath(root: root)]
        while let path = waiting.popLast() {
            nodes.append(CompletionNode(path: path))
            waiting += path.leaf.visibleSubcommands.reversed().map(path.appending)
        }
        return nodes
    }
}

/// What can follow one command.
struct CompletionNode {
    let path: CommandPath

    /// `timberline score`.
    var line: String { path.line }
    var commands: [Command] { path.leaf.visibleSubcommands }
    var positional: Completion { path.leaf.positionals.last?.completion ?? .nothing }

    var options: [OptionDeclaration] {
        var names: Set<String> = []
        let all = path.options + (path.isRoot ? [Builtin.version] : [])
        return all.filter { names.insert($0.name).inserted }
    }
}

extension OptionDeclaration {
    /// The ways to write it: `--top`, `-n`, and `--no-line` for a flag that is on by default.
    var spellings: [String] {
        var spellings = ["--" + name]
        if let short { spellings.append("-\(short)") }
        if kind == .flag, defaultText != nil { spellings.append("--no-" + name) }
        return spellings
    }

    /// The first sentence of the help.
    var brief: String {
        let end = help.firstIndex(of: "\n") ?? help.endIndex
        let line = help[..<end]
        return line.hasSuffix(".") ? String(line.dropLast()) : String(line)
    }
}

extension Completion {
    /// Choices that a shell takes as one plain word each.
    var plainChoices: [String] {
        guard case .choices(let names) = self else { return [] }
        return names.filter { name in
            !name.isEmpty
                && name.unicodeScalars.allSatisfy {
                    $0.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains($0)
                }
        }
    }

    /// The word for it in the scripts.
    var scriptKind: String {
        switch self {
        case .nothing: "nothing"
        case .files: "files"
        case .directories: "directories"
        case .choices: "choices"
        }
    }
}
