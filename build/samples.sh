#!/usr/bin/env bash
# Rebuilds the objects of src/samples from their sources, byte for byte. They are committed, so that the samples can be built
# where there is no clang.
#   build/samples.sh            in place
#   build/samples.sh --check    in a temporary folder, and compares
source "$(dirname "$0")/lib.sh"
need clang-19 llvm-19

cd "$root/src/samples"
flags=(-g -O2 -Wall -Werror -nostdinc -Iinclude -I../Bpf.Loader.Build/include -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86
  -fdebug-compilation-dir=. "-ffile-prefix-map=$PWD=.")

# build DIR: the objects of all sources, under DIR.
build() {
  local to=$1 source object
  for source in */*.bpf.c; do
    object=$to/${source%.c}.o
    mkdir -p "$(dirname "$object")"
    clang-19 "${flags[@]}" -c "$source" -o "$object"
    llvm-strip-19 -g "$object"
  done
}

case ${1-} in
--check)
  temp=$(mktemp -d)
  trap 'rm -rf "$temp"' EXIT
  build "$temp"
  status=0
  for source in */*.bpf.c; do
    cmp -- "$temp/${source%.c}.o" "${source%.c}.o" || status=1
  done
  exit $status
  ;;
"") build . ;;
*) die "usage: build/samples.sh [--check]" ;;
esac
