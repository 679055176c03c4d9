#!/usr/bin/env bash
# Asks libbpf what the objects of testdata relocate to, against the target types of testdata/btf, and keeps its answers
# in testdata/reference: so the pure tests can compare with libbpf on any machine. One file a target has the tags of
# relocated programs; core/NAME.txt has each CO-RE relocation of an object, with what libbpf's log says of it.
#   build/reference.sh            in place
#   build/reference.sh --check    compares
# objects.txt and sections.txt have what libbpf understands without loading: of objects, and of section names.
# Left out are objects that ask for this kernel's symbols, whose answers differ from kernel to kernel, and those that need another
# program to attach to.
source "$(dirname "$0")/lib.sh"
"$root/build/native-shims.sh"

cd "$root/testdata"
# answers OUT: writes a file for each target. That some programs cannot be relocated is an answer too.
answers() {
  local target objects
  mkdir -p "$1"
  for target in same moved changed twice odd; do
    mapfile -t objects < <(ls {,clang-14/}core_*.bpf.o)
    [[ $target != same ]] || mapfile -t objects < <(ls {,clang-14/}*.bpf.o)
    mapfile -t objects < <(for object in "${objects[@]}"; do
      source=$(basename "$object" .o).c
      [[ -f $source ]] && grep -q '__ksym\|^SEC("f[em].*missing\|^SEC("freplace' "$source" || echo "$object"
    done)
    "$root/artifacts/native-shims/reference-loader" --relocated --each --btf "btf/$target.bpf.o" "${objects[@]}" \
      >"$1/$target.jsonl" || true
  done
}

# records: from libbpf's log, a line a CO-RE record: function, number, what is asked, where the target has it, and what
# became of the instruction.
records() {
  sed -nE "s/^ *libbpf: prog '([^']*)': relo #([0-9]+): (.*)/\1\t\2\t\3/p" | awk -F'\t' '
    { key = $1 "\t" $2 }
    $3 ~ /^</ { asked[key] = $3; found[key] = ""; done[key] = "" }
    $3 ~ /^matching candidate/ && found[key] == "" { sub(/^[^<]*/, "", $3); found[key] = $3 }
    $3 ~ /^patched insn/ { sub(/^.*\) /, "", $3); done[key] = done[key] "; " $3 }
    $3 ~ /^substituting insn/ { done[key] = "; poisoned" }
    $3 ~ /^failed to (relocate|patch)/ { found[key] = ""; done[key] = "; refused" }
    END { for (key in asked) print key "\t" asked[key] (found[key] == "" ? "" : " => " found[key]) done[key] }' |
    LC_ALL=C sort -t $'\t' -k1,1 -k2,2n | awk -F'\t' '{ print $1 " #" $2 ": " $3 }'
}

# core OUT: writes a file for each CO-RE object. Programs one by one, so that a refusal of one hides no other.
core() {
  local object target
  mkdir -p "$1"
  for object in core_*.bpf.o; do
    for target in btf/*.bpf.o; do
      echo "== $(basename "$target" .bpf.o)"
      { "$root/artifacts/native-shims/reference-loader" --each --relocated -v --btf "$target" "$object" 2>&1 >/dev/null || true; } | records
    done >"$1/${object%.bpf.o}.txt"
  done
}

# descriptions OUT: what libbpf understands of each object before it loads it, and of each section name of our table. It
# refuses objects of the other byte order.
descriptions() {
  local describe=$root/artifacts/native-shims/describe-object names
  find . -name '*.bpf.o' -printf '%P\n' | grep -v '\(^\|/\)be/' | LC_ALL=C sort | xargs "$describe" >"$1/objects.txt"
  mapfile -t names < <(cut -d' ' -f1 reference/sections.txt)
  "$describe" --sections "${names[@]}" >"$1/sections.txt.new"
  mv "$1/sections.txt.new" "$1/sections.txt"
}

case ${1-} in
--check)
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  answers "$temp"
  core "$temp/core"
  descriptions "$temp"
  diff -r "$temp" reference
  ;;
"")
  answers reference
  core reference/core
  descriptions reference
  ;;
*) die "usage: build/reference.sh [--check]" ;;
esac
