# Completion of the bpf command for fish. In ~/.config/fish/config.fish:  bpf completions fish | source
function __bpf_suggestions
    set -l word (commandline --cut-at-cursor --current-token)
    set -l line "bpf "(commandline --cut-at-cursor --current-process | string replace --regex '^\s*\S+\s*' '')
    # Options where one has been begun, else none: then files are offered where the command has no words of its own.
    if string match --quiet -- '-*' $word
        command bpf "[suggest:"(string length -- $line)"]" $line 2>/dev/null | string match -- '-*'
    else
        command bpf "[suggest:"(string length -- $line)"]" $line 2>/dev/null | string match --regex -- '^[^-/].*'
    end
end
complete --command bpf --condition 'count (__bpf_suggestions) >/dev/null' --no-files --arguments '(__bpf_suggestions)'
