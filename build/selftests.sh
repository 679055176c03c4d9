#!/usr/bin/env bash
# Compares our loader with libbpf over the BPF selftests of Linux 6.12, program by program, and prints a table with each
# difference on a line above it. Fails if libbpf does anything that we do not, or if a tag differs.
#   build/selftests.sh [--quick] [--every N] [--vm KERNEL]... [PART...]
#   build/selftests.sh machine    runs those that say what they return in the machine of Bpf.Loader.Testing, and prints how
#                                 many ran, were right, and were not supported, with the reasons; needs no kernel
# PART is one or more of: here (load on this kernel), offline (relocate against the BTF of this kernel and of Debian's),
# core (the selftests' CO-RE matrix); all of them without --vm, which loads on one of Debian's kernels
# (5.10, 6.1, 6.12, newest, ...).
# --every N takes each Nth object only; --quick means --every 12. Results stay in .cache/selftests/results.
source "$(dirname "$0")/lib.sh"
cd "$root"

usage() { die "usage: build/selftests.sh [--quick] [--every N] [--vm KERNEL]... [here|offline|core|machine]..."; }
every=1 parts=()
while [[ $# -gt 0 ]]; do
  case $1 in
  --quick) every=12 ;;
  --every) every=${2:?} && shift ;;
  --vm) parts+=("vm-${2:?}") && shift ;;
  here | offline | core | machine) parts+=("$1") ;;
  *) usage ;;
  esac
  shift
done
[[ ${#parts[@]} -gt 0 ]] || parts=(here offline core)
[[ $(id -u) == 0 ]] || die "programs are loaded only as root"

work=$cache/selftests
objects=$work/objects
results=$work/results
scripts=$root/build/selftests
reference=$root/artifacts/native-shims/reference-loader
tool=$root/artifacts/bin/Bpf.Tool/release/bpf
# An object's seconds. A virtual machine without KVM is some ten times slower than the machine that it is on.
limit=180 vm_limit=900
# Objects a virtual machine: should it die, no more of them than these are lost.
vm_chunk=150

# A kernel's BTF, as a file.
kernel_btf() {
  local kernel image
  kernel=$(fetch_kernel "$1")
  image=$(echo "$kernel"/boot/vmlinuz-*)
  mkdir -p "$work/btf"
  [[ $work/btf/$1.btf -nt $image ]] || python3 "$scripts/kernel-btf.py" "$image" "$work/btf/$1.btf"
  echo "$work/btf/$1.btf"
}

# Compiles what changed of the selftests' programs against the types of Debian's 6.12; those that need more than that
# do not compile, and are left out.
compile() {
  local prefix source btf
  prefix=$("$root/build/libbpf-6.12.sh")
  source=$prefix/src/tools/testing/selftests/bpf
  btf=$(kernel_btf 6.12)
  mkdir -p "$objects"
  if [[ ! $work/vmlinux.h -nt $btf ]]; then
    bpftool btf dump file "$btf" format c >"$work/vmlinux.h.new"
    mv "$work/vmlinux.h.new" "$work/vmlinux.h"
  fi
  export flags="-g -O2 -target bpfel -mcpu=v3 -D__TARGET_ARCH_x86 -DENABLE_ATOMICS_TESTS -w -I$work -I$prefix/include
    -I$source -I$source/bpf_testmod -I$prefix/src/tools/include/uapi -I$prefix/src/tools/include
    -I/usr/include/x86_64-linux-gnu"
  export objects header=$work/vmlinux.h
  say "compiling the selftests"
  # shellcheck disable=SC2016
  printf '%s\n' "$source"/progs/*.c | xargs -P "$(nproc)" -I{} bash -c '
    out=$objects/$(basename "$1" .c)
    [[ $out.o -nt $header || $out.log -nt $header ]] && exit
    rm -f "$out.o"
    # shellcheck disable=SC2086
    clang-19 $flags -c "$1" -o "$out.new" 2>"$out.log" && mv "$out.new" "$out.o" && rm "$out.log" || true' - {}
  say "$(find "$objects" -name '*.o' | wc -l) objects; $(find "$objects" -name '*.log' | wc -l) sources do not compile"
}

# ask KERNEL OPTION... NAME COMMAND... -- FILE...: what the command answers for each file, appended to that results file.
# On another kernel than this in as many virtual machines as it takes, one after the other.
ask() {
  local kernel=$1 options=() name command=()
  shift
  while [[ $1 == --* ]]; do options+=("$1" "$2") && shift 2; done
  name=$1
  shift
  while [[ $1 != -- ]]; do command+=("$1") && shift; done
  shift
  if [[ $kernel == this ]]; then
    python3 "$scripts/run.py" --limit $limit "${options[@]}" "$results/$name" "${command[@]}" -- "$@"
    return
  fi
  while [[ $# -gt 0 ]]; do
    say "$name: $# objects"
    VM_OUT=$work/vm build/vm.sh "$kernel" /usr/bin/python3 "$scripts/run.py" --limit $vm_limit "${options[@]}" \
      /run/out/answers "${command[@]}" -- "${@:1:vm_chunk}" || say "the virtual machine ended before the last object"
    cat "$work/vm/answers" >>"$results/$name" || true
    rm -rf "$work/vm"
    shift "$((vm_chunk < $# ? vm_chunk : $#))"
  done
}

# load KERNEL NAME: both load all on that kernel. The reference again with other numbers for descriptors, where tags
# differ: this shows which tags say nothing, since a module's descriptor is part of them.
load() {
  local differing
  ask "$1" "$2.ours" "$tool" verify --each --json -- "${files[@]}"
  ask "$1" "$2.reference" "$reference" --each -- "${files[@]}"
  mapfile -t differing < <(python3 "$scripts/compare.py" --differing "$results/$2")
  [[ ${#differing[@]} == 0 ]] || ask "$1" --descriptors 20 "$2.again" "$reference" --each -- "${differing[@]}"
}

# relocate NAME OPTION...: both relocate all, without a kernel.
relocate() {
  ask this "$1.ours" "$tool" relocate --json "${@:2}" -- "${files[@]}"
  ask this "$1.reference" "$reference" --each --relocated "${@:2}" -- "${files[@]}"
}

offline() {
  local version btf
  relocate offline-this
  for version in 6.1 6.12 6.12-arm64; do
    btf=$(kernel_btf $version)
    relocate offline-$version --btf "$btf"
  done
}

# Each target with all tests offline, and with its own tests on this kernel: by the selftests' names, the targets of
# test_core_reloc_NAME are btf__core_reloc_NAME and btf__core_reloc_NAME___VARIANT.
core() {
  local target tests=() own test family
  for test in "$objects"/test_core_reloc_*.o; do
    [[ ! -f $objects/btf__core_reloc_$(family "$test").o ]] || tests+=("$test")
  done
  for target in "$objects"/btf__core_reloc_*.o; do
    family=$(family "$target")
    own=()
    for test in "${tests[@]}"; do [[ $(family "$test") != "$family" ]] || own+=("$test"); done
    ask this --target "$target" core-offline.ours "$tool" relocate --json --btf "$target" -- "${tests[@]}"
    ask this --target "$target" core-offline.reference "$reference" --each --relocated --btf "$target" -- "${tests[@]}"
    ask this --target "$target" core-loaded.ours "$tool" verify --each --json --btf "$target" -- "${own[@]}"
    ask this --target "$target" core-loaded.reference "$reference" --each --btf "$target" -- "${own[@]}"
  done
}

# family OBJECT: what the test is about, or the target for. Bitfields are tested in two ways.
family() {
  local name=${1##*core_reloc_}
  name=${name%.o}
  name=${name%%__*}
  name=${name%_direct}
  echo "${name%_probed}"
}

# What the programs return in the machine, beside what their declaration tags say.
machine() {
  say "building the tests"
  dotnet build tests/Bpf.Loader.Tests --disable-build-servers -v quiet -clp:NoSummary >&2
  "$root/artifacts/bin/Bpf.Loader.Tests/debug/Bpf.Loader.Tests" --no-ansi --progress off --output Detailed \
    --filter-class '*.SelftestTests'
}

need bpftool clang-19 libc6-dev python3 zstd
if [[ ${parts[*]} == machine ]]; then
  compile
  machine
  exit
fi
build/native-shims.sh
say "building the tool"
dotnet build src/Bpf.Tool -c Release --disable-build-servers -v quiet -clp:NoSummary >&2
compile
mapfile -t files < <(find "$objects" -name '*.o' | LC_ALL=C sort | awk "NR % $every == 0")

rm -rf "$results" "$work/vm"
mkdir -p "$results"
for part in "${parts[@]}"; do
  say "$part: ${#files[@]} objects"
  case $part in
  here) load this here ;;
  vm-*) load "${part#vm-}" "$part" ;;
  *) $part ;;
  esac
done
python3 "$scripts/compare.py" "$results"/*.reference
