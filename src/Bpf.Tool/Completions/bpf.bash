# Completion of the bpf command for bash. In ~/.bashrc:  source <(bpf completions bash)
_bpf_complete() {
  local current=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} word
  local words=()
  line="bpf${line#"${COMP_WORDS[0]}"}"
  # Options where one has been begun, else none: then files are offered where the command has no words of its own.
  while IFS= read -r word; do
    case $current in
    -*) [[ $word == -* ]] && words+=("$word") ;;
    *) [[ $word == [!-/]* ]] && words+=("$word") ;;
    esac
  done < <(command "${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
  COMPREPLY=($(compgen -W "${words[*]}" -- "$current"))
}
complete -o default -F _bpf_complete bpf
