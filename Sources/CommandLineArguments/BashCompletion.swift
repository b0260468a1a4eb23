import TypedValues

/// The script for bash 4 and later.
struct BashCompletion {
    let nodes: [CompletionNode]
    let program: String

    private var function: String { "_" + ShellText.identifier(program) }

    var text: String {
        """
        # bash completion for \(program)

        # Sets kind and choices to what the value of option $2 of command $1 can be.
        \(function)_value() {
            case "$1 $2" in
        \(valueCases)
                *) return 1 ;;
            esac
        }

        # Sets options, commands, kind and choices to what can follow command $1.
        \(function)_command() {
            case "$1" in
        \(commandCases)
                *) return 1 ;;
            esac
        }

        \(function)() {
            local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}"
            local at=\(ShellText.quoted(program)) plain="" word index kind choices options commands
            COMPREPLY=()
            # Bash cuts --name=value into three words.
            if [[ $current == "=" ]]; then
                current=""
            elif [[ $previous == "=" ]] && ((COMP_CWORD > 2)); then
                previous="${COMP_WORDS[COMP_CWORD - 2]}"
            fi
            for ((index = 1; index < COMP_CWORD; index++)); do
                word="${COMP_WORDS[index]}"
                if [[ $word == "--" ]]; then
                    plain=yes
                    break
                elif \(function)_value "$at" "$word"; then
                    [[ ${COMP_WORDS[index + 1]} == "=" ]] && ((index++))
                    ((index++))
                elif \(function)_command "$at $word"; then
                    at="$at $word"
                fi
            done
            options="" commands="" kind=nothing choices=""
            if [[ -n $plain ]] || ! \(function)_value "$at" "$previous"; then
                \(function)_command "$at"
                if [[ -z $plain && $current == -* ]]; then
                    kind=choices choices="$options"
                elif [[ -n $commands ]]; then
                    kind=choices choices="$commands"
                fi
            fi
            case "$kind" in
                choices) mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current") ;;
                files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
                directories) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
            esac
            [[ $kind == files || $kind == directories ]] && compopt -o filenames 2>/dev/null
            return 0
        }

        complete -F \(function) \(program)

        """
    }

    private var valueCases: String {
        nodes.flatMap { node in
            node.options.filter(\.takesValue).map { option in
                let patterns = option.spellings.map { "\"\(node.line) \($0)\"" }.joined(separator: " | ")
                return "        \(patterns)) \(offer(option.completion)) ;;"
            }
        }.joined(separator: "\n")
    }

    private var commandCases: String {
        nodes.map { node in
            let options = node.options.flatMap(\.spellings).joined(separator: " ")
            let commands = node.commands.map(\.name).joined(separator: " ")
            return """
                        "\(node.line)")
                            options="\(options)"
                            commands="\(commands)" \(offer(node.positional))
                            ;;
                """
        }.joined(separator: "\n")
    }

    private func offer(_ completion: Completion) -> String {
        "kind=\(completion.scriptKind) choices=\"\(completion.plainChoices.joined(separator: " "))\""
    }
}
