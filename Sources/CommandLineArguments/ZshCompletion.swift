import TypedValues

/// The script for zsh, both as a file `_program` on `fpath` and sourced.
struct ZshCompletion {
    let nodes: [CompletionNode]
    let program: String

    private var function: String { "_" + ShellText.identifier(program) }

    var text: String {
        """
        #compdef \(program)
        # zsh completion for \(program)

        # Sets kind and choices to what the value of option $2 of command $1 can be.
        \(function)_value() {
            case "$1 $2" in
        \(valueCases)
                (*) return 1 ;;
            esac
        }

        # Sets options, commands, kind and choices to what can follow command $1.
        \(function)_command() {
            case "$1" in
        \(commandCases)
                (*) return 1 ;;
            esac
        }

        \(function)() {
            local at=\(ShellText.quoted(program)) plain="" word kind
            local -a options commands choices
            integer index
            for ((index = 2; index < CURRENT; index++)); do
                word=$words[index]
                if [[ $word == "--" ]]; then
                    plain=yes
                    break
                elif \(function)_value "$at" "$word"; then
                    ((index++))
                elif \(function)_command "$at $word"; then
                    at="$at $word"
                fi
            done
            options=() commands=() kind=nothing choices=()
            word=$words[CURRENT]
            if [[ -z $plain && $word == --*=* ]]; then
                \(function)_value "$at" "${word%%=*}" || return 1
                compset -P '*='
            elif [[ -n $plain ]] || ! \(function)_value "$at" "$words[CURRENT - 1]"; then
                \(function)_command "$at"
                if [[ -z $plain && $word == -* ]]; then
                    _describe -o option options
                    return
                elif (($#commands)); then
                    _describe command commands
                    return
                fi
            fi
            case $kind in
                (choices) compadd -a choices ;;
                (files) _files ;;
                (directories) _files -/ ;;
                (*) _message 'no completion' ;;
            esac
        }

        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
            \(function) "$@"
        else
            compdef \(function) \(program)
        fi

        """
    }

    private var valueCases: String {
        nodes.flatMap { node in
            node.options.filter(\.takesValue).map { option in
                let patterns = option.spellings.map { "\"\(node.line) \($0)\"" }.joined(separator: " | ")
                return "        (\(patterns)) \(offer(option.completion)) ;;"
            }
        }.joined(separator: "\n")
    }

    private var commandCases: String {
        nodes.map { node in
            let options = node.options.flatMap { option in
                option.spellings.map { described($0, option.brief) }
            }
            let commands = node.commands.map { described($0.name, $0.summary) }
            return """
                        ("\(node.line)")
                            options=(\(options.joined(separator: " ")))
                            commands=(\(commands.joined(separator: " "))) \(offer(node.positional))
                            ;;
                """
        }.joined(separator: "\n")
    }

    /// `name:description`, as `_describe` reads it.
    private func described(_ name: String, _ text: String) -> String {
        let escaped = text.map { $0 == ":" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return ShellText.quoted("\(name):\(escaped)")
    }

    private func offer(_ completion: Completion) -> String {
        "kind=\(completion.scriptKind) choices=(\(completion.plainChoices.joined(separator: " ")))"
    }
}
