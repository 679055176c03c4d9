#!/usr/bin/env bash
# Asks Debian's kernels what they have, each in its machine, and writes the answers to testdata/kernels, from which docs/kernels.md is
# made (BPF_SNAPSHOT_ACCEPT=1 when the test of the page runs). Wants root.
#   build/kernel-features.sh [KERNEL...]    5.10, 6.1, 6.12 and the newest without one
source "$(dirname "$0")/lib.sh"
cd "$root"

kernels=("$@")
[[ $# -gt 0 ]] || kernels=(5.10 6.1 6.12 newest)
tool=$(build/native-tool.sh)
mkdir -p testdata/kernels
for kernel in "${kernels[@]}"; do
  out=$(mktemp -d)
  VM_OUT=$out build/vm.sh "$kernel" /bin/sh -c "'$tool' feature probe full --json >/run/out/features && uname -r >/run/out/release"
  [[ $(<"$out/release") =~ ^[0-9]+\.[0-9]+ ]] || die "the kernel has no version"
  gzip -9 -n <"$out/features" >"testdata/kernels/${BASH_REMATCH[0]}.features.jsonl.gz"
  rm -rf "$out"
done
