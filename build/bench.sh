#!/usr/bin/env bash
# Measures the library beside C programs on libbpf of Linux 6.12, and prints both with their ratio. Wants root, and a kernel
# with BTF. They take turns, and of each the fastest run counts: so others may use the machine meanwhile.
# libbpf is measured twice: in a process of one thread, and in one with a second that sleeps. In the latter, as in every process of
# .NET, the kernel counts each use of a descriptor, with two atomic operations a system call; that is no matter of the library.
#   build/bench.sh [PREFIX [ROUNDS]]    only what has a name that begins so; 3 rounds unless told
#   build/bench.sh --once               each row once on either side, to see that none of them is lost; the figures mean nothing
# The rows 'load ...' tell the time of the process (user) from that of the kernel (system); 'peak' is in KiB, as it says.
source "$(dirname "$0")/lib.sh"
cd "$root"
[[ $(id -u) == 0 ]] || die "maps and programs are created: run it as root"

once=()
if [[ ${1-} == --once ]]; then
  once=(--once)
  shift
fi
prefix=${1-} rounds=${2-3}
configuration=release mode=compare
[[ ${#once[@]} == 0 ]] || rounds=1 configuration=debug mode=once
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
say "building"
dotnet build tests/Bpf.Loader.Benchmarks -c "$configuration" --disable-build-servers -v quiet -clp:NoSummary
build/native-shims.sh
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# The same objects for both: those that libbpf can load here.
export BENCH_OBJECTS=$results/objects
artifacts/native-shims/bench-libbpf --list testdata >"$BENCH_OBJECTS"
export BENCH_LINKED=$results/linked
artifacts/native-shims/bench-libbpf --linkable testdata >"$BENCH_LINKED" 2>"$results/refused"

for ((round = 1; round <= rounds; round++)); do
  say "round $round of $rounds"
  artifacts/native-shims/bench-libbpf "${once[@]}" testdata "$prefix" >>"$results/c"
  artifacts/native-shims/bench-libbpf --threaded "${once[@]}" testdata "$prefix" >>"$results/threaded"
  "artifacts/bin/Bpf.Loader.Benchmarks/$configuration/Bpf.Loader.Benchmarks" "$mode" "$prefix" >>"$results/csharp"
done

# What libbpf is measured with, we are measured with too.
lost=$(comm -23 <(cut -f1 "$results/c" | sort -u) <(cut -f1 "$results/csharp" | sort -u))
[[ ! $lost ]] || die "these rows have no counterpart: $lost"

# The fastest of all rounds, in the order of the first.
awk -F'\t' '
  function better(best, name, value) { if (!(name in best) || value + 0 < best[name] + 0) best[name] = value }
  FILENAME == ARGV[1] { better(c, $1, $2); next }
  FILENAME == ARGV[2] { better(threaded, $1, $2); next }
  !($1 in ours) { order[++count] = $1 }
  { better(ours, $1, $2); better(bytes, $1, $3) }
  END {
    printf "%-28s %14s %14s %14s %7s %9s %10s\n", "", "libbpf ns", "2 threads ns", "Bpf.Loader ns", "ratio", "2 threads", "bytes/op"
    for (i = 1; i <= count; i++) {
      name = order[i]
      if (name in c)
        printf "%-28s %14.1f %14.1f %14.1f %7.2f %9.2f %10s\n", name, c[name], threaded[name], ours[name], ours[name] / c[name],
          ours[name] / threaded[name], bytes[name]
      else printf "%-28s %14s %14s %14.1f %7s %9s %10s\n", name, "-", "-", ours[name], "-", "-", bytes[name]
    }
    for (i = 1; i <= count; i++)
      if ((order[i] ", compiled") in ours) printf "%s: compiled %.1f times as fast as interpreted\n", order[i], ours[order[i]] / ours[order[i] ", compiled"]
  }' "$results/c" "$results/threaded" "$results/csharp"
