/// A zsh script that starts an interactive zsh on a terminal of its own, loads the completion script $1,
/// types the line $2, and prints what is listed for it.
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
    zpty -w -n inner "$2"$'\x0f'
    # The listing has no end of its own: what comes within the next moments is it.
    output=; tries=0
    while ((tries++ < 40)); do
        zpty -rt inner line && output+=$line || sleep 0.02
    done
    zpty -d inner
    print -r -- "$output"
    """#
