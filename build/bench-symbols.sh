#!/usr/bin/env bash
# Measures the names of 100,000 addresses of a process with libLLVM (112 MB, mangled names of C++): Bpf.Loader.Symbols beside bcc's
# symbol cache and `addr2line -f`, in turns; of each the fastest round counts. Prints the seconds until the first is named, those of
# the others, the peak of memory, and how many have a name. Only the first demangles what it names; the others look names up alone.
#   build/bench-symbols.sh [ROUNDS]    3 unless told
source "$(dirname "$0")/lib.sh"
cd "$root"
[[ $(id -u) == 0 ]] || die "the memory of another process is looked at: run it as root"
need clang-19 gcc libc6-dev libbpfcc-dev binutils time

rounds=${1-3} count=100000
say "building"
dotnet build tests/Bpf.Loader.Benchmarks -c Release --disable-build-servers -v quiet -clp:NoSummary
work=$(mktemp -d)
compiler=
trap '[[ ! $compiler ]] || kill "$compiler" 2>/dev/null; rm -rf "$work"' EXIT
gcc -O2 -Wall -Werror -o "$work/bench-symbols" native-shims/bench-symbols.c -lbcc

# A compiler that waits for its source.
mkfifo "$work/source"
exec {source_end}<>"$work/source"
clang-19 -x c -fsyntax-only - <"$work/source" &
compiler=$!
until grep -q 'r-xp.*libLLVM' "/proc/$compiler/maps"; do sleep 0.1; done
library=$("$work/bench-symbols" addresses "$compiler" libLLVM "$count" "$work")

for ((round = 1; round <= rounds; round++)); do
  artifacts/bin/Bpf.Loader.Benchmarks/release/Bpf.Loader.Benchmarks symbols "$compiler" "$work/process"
  "$work/bench-symbols" bcc "$compiler" "$work/process"
  head -1 "$work/file" >"$work/first"
  first=$({ command time -f %e addr2line -f -e "$library" <"$work/first" >/dev/null; } 2>&1)
  read -r all peak < <({ command time -f '%e %M' addr2line -f -e "$library" <"$work/file" >"$work/names"; } 2>&1)
  awk -v first="$first" -v all="$all" -v peak="$peak" 'NR % 2 && $0 != "??" { known++ }
    END { printf "addr2line -f\t%.3f\t%.3f\t%d\t%d\n", first, all - first, peak / 1024, known }' "$work/names"
done | awk -F'\t' '
  !($1 in total) || $2 + $3 < total[$1] { total[$1] = $2 + $3; row[$1] = $0 }
  !($1 in seen) { seen[$1]; order[++count] = $1 }
  END {
    printf "%-20s %10s %10s %10s %10s\n", "", "first s", "others s", "peak MiB", "known"
    for (i = 1; i <= count; i++) { split(row[order[i]], part, "\t"); printf "%-20s %10.3f %10.3f %10d %10d\n", part[1], part[2], part[3], part[4], part[5] }
  }'
