#compdef bpf
# Completion of the bpf command for zsh. In ~/.zshrc, after compinit:  source <(bpf completions zsh)
# or once, as the file _bpf in a folder of $fpath.
_bpf() {
  local before=${(j: :)words[2,CURRENT-1]}
  local line="bpf ${before:+$before }$PREFIX"
  local -a suggested=(${(f)"$(command $words[1] "[suggest:${#line}]" "$line" 2>/dev/null)"})
  # Options where one has been begun, else none: then files are offered where the command has no words of its own.
  if [[ $PREFIX == -* ]]; then
    suggested=(${(M)suggested:#-*})
  else
    suggested=(${suggested:#[-/]*})
  fi
  if (( $#suggested )); then
    compadd -- $suggested
  else
    _files
  fi
}
if [[ $funcstack[1] == _bpf ]]; then
  _bpf "$@"
else
  compdef _bpf bpf
fi
