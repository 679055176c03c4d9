#!/usr/bin/env bash
# Rebuilds the objects of testdata from their sources, byte for byte.
#   build/testdata.sh            in place
#   build/testdata.sh --check    in a temporary folder, and compares
#   build/testdata.sh NAME...    these only, in place
# A source says "// except: clang-14 be" where a variant is not possible.
source "$(dirname "$0")/lib.sh"
need clang-14 clang-19 llvm-19 bpftool

cd "$root/testdata"
flags=(-g -O2 -Wall -Werror -nostdinc -Iinclude -fdebug-compilation-dir=. "-ffile-prefix-map=$PWD=.")

# compile OUT SOURCE COMPILER FLAG...
compile() {
  local out=$1 source=$2
  mkdir -p "$(dirname "$out")"
  "${@:3}" "${flags[@]}" -c "$source" -o "$out"
  llvm-strip-19 -g "$out"
}

# build DIR SOURCE...: all variants of the sources, under DIR.
build() {
  local to=$1 source name except
  shift
  for source; do
    name=${source%.c}
    except=$(sed -n 's|^// except: ||p' "$source")
    compile "$to/$name.o" "$source" clang-19 -target bpfel -mcpu=v3
    [[ $except == *clang-14* ]] || compile "$to/clang-14/$name.o" "$source" clang-14 -target bpfel -mcpu=v2
    [[ $except == *be* ]] || compile "$to/be/$name.o" "$source" clang-19 -target bpfeb -mcpu=v3
  done
}

case ${1-} in
--check)
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  build "$temp" *.bpf.c
  status=0
  while read -r object; do
    cmp -- "$temp/$object" "$object" || status=1
  done < <({ find . -name '*.o' -printf '%P\n'; cd "$temp"; find . -name '*.o' -printf '%P\n'; } | sort -u)
  exit $status
  ;;
"")
  find . -name '*.o' -delete
  build . *.bpf.c
  ;;
*)
  build . "${@/%/.bpf.c}"
  ;;
esac
