import TypedValues

/// The script for fish 3 and later.
struct FishCompletion {
    let nodes: [CompletionNode]
    let program: String

    private var function: String { "__" + ShellText.identifier(program) }

    var text: String {
        """
        # fish completion for \(program)

        # Whether the words before the cursor lead to the command that the arguments name.
        function \(function)_at
            set -l at \(program)
            set -l skip no
            for word in (commandline -opc)[2..-1]
                if test $skip = yes
                    set skip no
                else if test "$word" = --
                    break
                else if contains -- "$at $word" \(valueOptions)
                    set skip yes
                else if contains -- "$at $word" \(commandLines)
                    set at "$at $word"
                end
            end
            test "$at" = "$argv"
        end

        complete -c \(program) -f
        \(nodes.flatMap(lines).joined(separator: "\n"))

        """
    }

    private var valueOptions: String {
        list(
            nodes.flatMap { node in
                node.options.filter(\.takesValue).flatMap(\.spellings).map { "\(node.line) \($0)" }
            }
        )
    }

    private var commandLines: String { list(nodes.dropFirst().map(\.line)) }

    private func list(_ texts: some Sequence<String>) -> String {
        texts.map(ShellText.fishQuoted).joined(separator: " ")
    }

    private func lines(of node: CompletionNode) -> [String] {
        let here = "complete -c \(program) -n \(ShellText.fishQuoted("\(function)_at \(node.line)"))"
        var lines = node.commands.map {
            "\(here) -a \($0.name) -d \(ShellText.fishQuoted($0.summary))"
        }
        if node.commands.isEmpty, let offer = offer(node.positional, required: false) {
            lines.append("\(here) \(offer)")
        }
        for option in node.options {
            let description = "-d \(ShellText.fishQuoted(option.brief))"
            let short = option.short.map { "-s \($0) " } ?? ""
            let value = option.takesValue ? (offer(option.completion, required: true) ?? "-x") + " " : ""
            lines.append("\(here) -l \(option.name) \(short)\(value)\(description)")
            if option.kind == .flag, option.defaultText != nil {
                lines.append("\(here) -l no-\(option.name) \(description)")
            }
        }
        return lines
    }

    private func offer(_ completion: Completion, required: Bool) -> String? {
        let mark = required ? "-r " : ""
        switch completion {
        case .nothing: return nil
        case .files: return mark + "-F"
        case .directories: return mark + "-fa '(__fish_complete_directories)'"
        case .choices:
            let choices = completion.plainChoices
            return choices.isEmpty
                ? nil : mark + "-fa \(ShellText.fishQuoted(choices.joined(separator: " ")))"
        }
    }
}
