#!/usr/bin/env bash
# Asks libbpf what the objects of testdata relocate to, against the target types of testdata/btf, and keeps its answers
# in testdata/reference, one file a target: so the pure tests can compare with libbpf on any machine.
#   build/reference.sh            in place
#   build/reference.sh --check    compares
# Objects that ask for this kernel's symbols are left out: their answers differ from kernel to kernel.
source "$(dirname "$0")/lib.sh"
"$root/build/native-shims.sh"

cd "$root/testdata"
# answers OUT: writes a file for each target. That some programs cannot be relocated is an answer too.
answers() {
  local target objects
  mkdir -p "$1"
  for target in same moved changed twice; do
    mapfile -t objects < <(ls {,clang-14/}core_*.bpf.o)
    [[ $target != same ]] || mapfile -t objects < <(ls {,clang-14/}*.bpf.o)
    mapfile -t objects < <(for object in "${objects[@]}"; do
      source=$(basename "$object" .o).c
      [[ -f $source ]] && grep -q '__ksym\|^SEC("f[em].*missing' "$source" || echo "$object"
    done)
    "$root/artifacts/native-shims/reference-loader" --relocated --each --btf "btf/$target.bpf.o" "${objects[@]}" \
      >"$1/$target.jsonl" || true
  done
}

case ${1-} in
--check)
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  answers "$temp"
  diff -r "$temp" reference
  ;;
"") answers reference ;;
*) die "usage: build/reference.sh [--check]" ;;
esac
