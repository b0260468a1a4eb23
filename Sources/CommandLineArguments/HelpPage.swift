import TypedValues

/// The help of one command, at most 80 columns wide.
struct HelpPage {
    let path: CommandPath

    var text: String {
        let command = path.leaf
        var sections = [TextLayout.wrap(command.summary), usage]
        if !command.discussion.isEmpty { sections.append(TextLayout.wrap(command.discussion)) }
        sections.append(table("Commands", command.visibleSubcommands.map { ($0.name, $0.summary) }))
        sections.append(table("Arguments", command.positionals.map { ($0.usage, $0.help) }))
        let groups = groups.map { (heading: $0.heading, rows: $0.options.map(row)) }
        let column = TextLayout.column(for: groups.flatMap { $0.rows.map(\.label) })
        for group in groups { sections.append(table(group.heading, group.rows, column: column)) }
        sections.append(examples)
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(
            separator: "\n"
        )
    }

    private var usage: [String] {
        var words = ["Usage:", path.line]
        if path.leaf.subcommands.isEmpty {
            words += path.options.filter(\.isRequired).map { "--\($0.name) \($0.placeholder)" }
            words.append("[OPTIONS]")
            words += path.leaf.positionals.map(\.usage)
        } else {
            words += ["COMMAND", "[OPTIONS]"]
        }
        return TextLayout.wrap(words.joined(separator: " "))
    }

    /// Options without a group come first, those that every command has last.
    private var groups: [(heading: String, options: [OptionDeclaration])] {
        let own = path.leaf.options
        var groups: [(heading: String, options: [OptionDeclaration])] = []
        for option in own {
            let heading = option.group ?? "Options"
            if let index = groups.firstIndex(where: { $0.heading == heading }) {
                groups[index].options.append(option)
            } else if option.group == nil {
                groups.insert((heading, [option]), at: 0)
            } else {
                groups.append((heading, [option]))
            }
        }
        let above = path.commands.dropLast().reversed().flatMap(\.options)
        let names = Set(own.map(\.name))
        let general =
            above.filter { !names.contains($0.name) } + [Builtin.help]
            + (path.isRoot ? [Builtin.version] : [])
        return groups + [("General", general)]
    }

    private var examples: [String] {
        guard !path.leaf.examples.isEmpty else { return [] }
        return ["Examples:"]
            + path.leaf.examples.flatMap { example in
                ["  " + example.line] + TextLayout.wrap(example.explanation, indent: 6)
            }
    }

    private func table(
        _ heading: String,
        _ rows: [(label: String, text: String)],
        column: Int? = nil
    ) -> [String] {
        guard !rows.isEmpty else { return [] }
        return [heading + ":"]
            + TextLayout.table(rows, column: column ?? TextLayout.column(for: rows.map(\.label)))
    }

    private func row(_ option: OptionDeclaration) -> (label: String, text: String) {
        let short = option.short.map { "-\($0), " } ?? "    "
        let long =
            option.kind == .flag && option.defaultText != nil ? "--[no-]\(option.name)" : "--\(option.name)"
        let value = option.takesValue ? " " + option.placeholder : ""
        return (short + long + value, option.help + notes(on: option))
    }

    private func notes(on option: OptionDeclaration) -> String {
        var notes: [String] = []
        // A placeholder with bars lists the choices itself.
        if case .choices(let names) = option.completion, !option.placeholder.contains("|") {
            notes.append("one of " + names.joined(separator: ", "))
        }
        if option.isRequired { notes.append("required") }
        if option.isRepeated { notes.append("may be repeated") }
        if let text = option.defaultText { notes.append("default: \(text)") }
        return notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    }
}
