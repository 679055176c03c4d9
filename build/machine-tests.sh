#!/usr/bin/env bash
# Builds the kernel tests for the virtual machines and prints where their program is. On an emulated processor the compiler of the
# runtime takes most of the time: so they are released, and compiled ahead.
#   build/machine-tests.sh [ARCHITECTURE]    x64 without one, or arm64
source "$(dirname "$0")/lib.sh"
cd "$root"

architecture=${1-x64}
out=$root/artifacts/machines
# Those that are framework-dependent find their runtime in the machine. The samples are started from beside the tests' folder.
dotnet publish tests/Bpf.Loader.KernelTests -c Release -r "linux-$architecture" --no-self-contained -p:PublishReadyToRun=true \
  -p:RunAnalyzersDuringBuild=false --artifacts-path "$out" --disable-build-servers -v quiet -clp:NoSummary >&2
tests=$out/bin/Bpf.Loader.KernelTests/release_linux-$architecture
cp -r "$out/publish/Bpf.Loader.KernelTests/release_linux-$architecture/." "$tests/"
echo "$tests/Bpf.Loader.KernelTests"
