#!/usr/bin/env bash
# Rebuilds the objects of src/samples, and those of `bpf profile` and of Bpf.Loader.Symbols, from their sources, byte for byte. They
# are committed, so that all of these can be built where there is no clang.
#   build/samples.sh            in place
#   build/samples.sh --check    in a temporary folder, and compares
source "$(dirname "$0")/lib.sh"
need clang-19 llvm-19

cd "$root/src"
flags=(-g -O2 -Wall -Werror -nostdinc -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86)

# build DIR: the objects of all sources, under DIR. Paths in them are as seen from the folder of the samples, or of the tool.
build() {
  local to=$1 folder source object
  for folder in samples Bpf.Tool Bpf.Loader.Symbols; do
    for source in "$folder"/*/*.bpf.c; do
      object=$to/${source%.c}.o
      mkdir -p "$(dirname "$object")"
      object=$(realpath "$object")
      (
        cd "$folder"
        clang-19 "${flags[@]}" -Iinclude -I../samples/include -I../Bpf.Loader.Build/include -fdebug-compilation-dir=. "-ffile-prefix-map=$PWD=." \
          -c "${source#"$folder"/}" -o "$object"
      )
      llvm-strip-19 -g "$object"
    done
  done
}

case ${1-} in
--check)
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  build "$temp"
  status=0
  for source in {samples,Bpf.Tool,Bpf.Loader.Symbols}/*/*.bpf.c; do
    cmp -- "$temp/${source%.c}.o" "${source%.c}.o" || status=1
  done
  exit $status
  ;;
"") build . ;;
*) die "usage: build/samples.sh [--check]" ;;
esac
