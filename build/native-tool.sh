#!/usr/bin/env bash
# Publishes the tool with NativeAOT, which must give no warning, and prints its path. The target is net9.0, whose NativeAOT
# packages more package feeds have; BPF_AOT_FRAMEWORK=net10.0 changes it.
source "$(dirname "$0")/lib.sh"
need gcc libc6-dev zlib1g-dev
cd "$root"

framework=${BPF_AOT_FRAMEWORK-net9.0}
out=$root/artifacts/aot
rm -rf "$out/publish/Bpf.Tool"
dotnet publish src/Bpf.Tool -c Release -r linux-x64 -p:BpfTargetFramework="$framework" -p:PublishAot=true \
  --artifacts-path "$out" --disable-build-servers -v quiet -clp:NoSummary "$@" >&2
tool=$(find "$out/publish/Bpf.Tool" -type f -perm -u+x -name bpf)
[[ $tool ]] || die "nothing was published under $out"
echo "$tool"
