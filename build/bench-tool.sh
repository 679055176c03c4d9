#!/usr/bin/env bash
# Measures commands of the tool (NativeAOT) beside bpftool and C programs on libbpf of Linux 6.12, which do the same: the CPU that
# the whole process takes, from its start to its end, in milliseconds. They take turns, and of each the best run counts: so others
# may use the machine meanwhile. Prints both with their ratio, and the peaks of memory in KiB. A small agent is measured in the same way.
#   build/bench-tool.sh [RUNS]    10 runs of each unless told
source "$(dirname "$0")/lib.sh"
cd "$root"
[[ $(id -u) == 0 ]] || die "maps and programs are created: run it as root"
need bpftool

runs=${1-10}
say "building"
build/native-shims.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
tool=${BPF_TOOL-$(build/native-tool.sh)}
dotnet publish tests/Bpf.Loader.Benchmarks.Agent -c Release -r linux-x64 -p:BpfTargetFramework="$aot_framework" \
  --artifacts-path "$aot_artifacts" --disable-build-servers -v quiet -clp:NoSummary
agent=$aot_artifacts/publish/Bpf.Loader.Benchmarks.Agent/release_linux-x64/bench-agent
shims=artifacts/native-shims
libbpf=$shims/reference-loader
bpftool=$(command -v bpftool || echo /usr/sbin/bpftool)
kernel=/sys/kernel/btf/vmlinux
entries=200000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# row NAME [--map ENTRIES] -- OURS... -- THEIRS...
row() {
  local name=$1 ours=() theirs=() options=()
  shift
  while [[ $1 != -- ]]; do options+=("$1"); shift; done
  shift
  while [[ $1 != -- ]]; do ours+=("$1"); shift; done
  shift
  theirs=("$@")
  # In halves, one behind the other, so that neither has the quieter machine.
  local half=$(((runs + 1) / 2)) turn
  for turn in 1 2; do
    "$shims/bench-process" "${options[@]}" "$half" "${ours[@]}" >>"$work/ours"
    "$shims/bench-process" "${options[@]}" "$half" "${theirs[@]}" >>"$work/theirs"
  done
  paste <(sort -n "$work/ours" | head -1) <(sort -n "$work/theirs" | head -1) |
    awk -F'\t' -v name="$name" '{ printf "%-34s %10.2f %10.2f %7.2f %9d %9d\n", name, $1, $6, $1 / $6, $5, $10 }'
  rm "$work/ours" "$work/theirs"
}

printf '%-34s %10s %10s %7s %9s %9s\n' "" "ours, ms" "theirs, ms" ratio "KiB" "KiB"
row "--version" -- "$tool" --version -- "$bpftool" version
row "prog list" -- "$tool" prog list -- "$bpftool" prog list
row "map list" -- "$tool" map list -- "$bpftool" map list
row "load without CO-RE" -- "$tool" verify testdata/maps_simple.bpf.o -- "$libbpf" testdata/maps_simple.bpf.o
row "load with CO-RE" -- "$tool" verify testdata/execsnoop.bpf.o -- "$libbpf" testdata/execsnoop.bpf.o
row "agent: load, attach, 1000 events" -- "$agent" testdata/bench_agent.bpf.o -- $shims/bench-agent testdata/bench_agent.bpf.o
row "btf dump, the kernel as C" -- "$tool" btf dump file $kernel format c -- "$bpftool" btf dump file $kernel format c
row "btf dump, the kernel raw" -- "$tool" btf dump file $kernel -- "$bpftool" btf dump file $kernel
row "map dump, $entries entries" --map $entries -- "$tool" map dump id @ -- "$bpftool" map dump id @
row "map dump --json, $entries" --map $entries -- "$tool" map dump id @ --json -- "$bpftool" --json map dump id @
