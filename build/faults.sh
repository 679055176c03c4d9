#!/usr/bin/env bash
# Makes each system call of loading, attaching, reading and letting go fail in turn, with each errno, and looks what is told and what
# is left. The tests do the same with one errno for each call.
#   build/faults.sh
source "$(dirname "$0")/lib.sh"
cd "$root"
[[ $(id -u) == 0 ]] || die "the kernel tests must be run as root"
dotnet build tests/Bpf.Loader.KernelTests --disable-build-servers -v quiet -clp:NoSummary
build/native-shims.sh
# The runtime maps its code once and not twice, through a file in memory: none of that can be made to fail without being its end.
export DOTNET_EnableWriteXorExecute=0
export BPF_NATIVE_SHIMS=$root/artifacts/native-shims BPF_FAULTS=all
exec "$root/artifacts/bin/Bpf.Loader.KernelTests/debug/Bpf.Loader.KernelTests" -noLogo -noColor -parallelMode none -class '*.FaultTests'
