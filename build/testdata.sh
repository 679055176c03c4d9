#!/usr/bin/env bash
# Rebuilds the objects of testdata from their sources, byte for byte.
#   build/testdata.sh            in place
#   build/testdata.sh --check    in a temporary folder, and compares
#   build/testdata.sh NAME...    these only, in place
# A source says of itself, in a comment: "except: clang-14 be" (no such variant), "mcpu: v4", "strip: SECTION".
source "$(dirname "$0")/lib.sh"
need clang-14 clang-19 llvm-19 bpftool

cd "$root/testdata"
flags=(-g -O2 -Wall -Werror -nostdinc -Iinclude -fdebug-compilation-dir=. "-ffile-prefix-map=$PWD=.")

# says SOURCE WORD: what the source says of itself.
says() { sed -n "s|^// $2: ||p" "$1"; }

# compile OUT SOURCE COMPILER FLAG...
compile() {
  local out=$1 source=$2 strip
  mkdir -p "$(dirname "$out")"
  "${@:3}" "${flags[@]}" -c "$source" -o "$out"
  llvm-strip-19 -g "$out"
  strip=$(says "$source" strip)
  [[ ! $strip ]] || llvm-objcopy-19 --remove-section "$strip" --remove-section ".rel$strip" "$out"
}

# has_registers SOURCE: whether what it compiles to depends on the registers of the machine.
has_registers() { grep -qE '#include "(bpf_tracing|usdt)\.h"|struct bpf_perf_event_data' "$1"; }

# link DIR: what is under linked/, in all variants, and two objects of some of it, as bpftool links them.
link() {
  local to=$1/linked source out
  for source in linked/*.bpf.c; do
    out=$(basename "${source%.c}.o")
    compile "$to/$out" "$source" clang-19 -target bpfel -mcpu=v3
    compile "$to/clang-14/$out" "$source" clang-14 -target bpfel -mcpu=v2
    compile "$to/be/$out" "$source" clang-19 -target bpfeb -mcpu=v3
  done
  bpftool gen object "$1/linked.bpf.o" "$to"/{first,second}.bpf.o
  bpftool gen object "$1/linked_rules.bpf.o" "$to"/{base,user,weak}.bpf.o
}

# build DIR SOURCE...: all variants of the sources, under DIR.
build() {
  local to=$1 source out except mcpu
  shift
  for source; do
    out=${source%.c}.o
    except=$(says "$source" except)
    mcpu=$(says "$source" mcpu)
    compile "$to/$out" "$source" clang-19 -target bpfel "-mcpu=${mcpu:-v3}"
    [[ $except == *clang-14* ]] || compile "$to/clang-14/$out" "$source" clang-14 -target bpfel -mcpu=v2
    [[ $except == *be* ]] || compile "$to/be/$out" "$source" clang-19 -target bpfeb "-mcpu=${mcpu:-v3}"
    ! has_registers "$source" || compile "$to/arm64/$out" "$source" clang-19 -target bpfel "-mcpu=${mcpu:-v3}" -D__TARGET_ARCH_arm64
  done
}

case ${1-} in
--check)
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  build "$temp" *.bpf.c btf/*.bpf.c machine/*.bpf.c refused/*.bpf.c
  link "$temp"
  status=0
  while read -r object; do
    cmp -- "$temp/$object" "$object" || status=1
  done < <({ find . -name '*.o' -printf '%P\n'; cd "$temp"; find . -name '*.o' -printf '%P\n'; } | sort -u)
  exit $status
  ;;
"")
  find . -name '*.o' -delete
  build . *.bpf.c btf/*.bpf.c machine/*.bpf.c refused/*.bpf.c
  link .
  ;;
*)
  build . "${@/%/.bpf.c}"
  ;;
esac
