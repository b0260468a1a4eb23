/// A zsh script that starts an interactive zsh on a terminal of its own, loads the completion script $1,
/// types each of the further arguments, and prints what is listed for it behind a line `=== ` with what was typed.
let zshDriver = #"""
    zmodload zsh/zpty
    zpty -b inner TERM=dumb zsh -f -i
    zpty -w inner "PS1= ; PROMPT= ; RPROMPT= ; unsetopt beep prompt_sp"
    zpty -w inner "autoload -Uz compinit && compinit -u -D; source ${(q)1}"
    zpty -w inner "LISTMAX=10000; bindkey '^O' list-choices; print READY-\$((1+1))"
    integer tries=0
    output=
    while [[ $output != *READY-2* ]] && ((tries++ < 400)); do
        zpty -rt inner line && output+=$line || sleep 0.02
    done
    shift
    for typed; do
        zpty -w -n inner "$typed"$'\x0f'
        # The listing has no end of its own: what comes until nothing has come for a while is it.
        output=; tries=0
        while ((tries++ < 15)); do
            if zpty -rt inner line; then
                output+=$line tries=0
            else
                sleep 0.02
            fi
        done
        print -r -- "=== $typed"
        print -r -- "$output"
        # Control-U empties the line for the next one.
        zpty -w -n inner $'\x15'
        sleep 0.1
        while zpty -rt inner line; do :; done
    done
    zpty -d inner
    """#
