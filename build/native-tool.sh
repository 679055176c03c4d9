#!/usr/bin/env bash
# Publishes the tool with NativeAOT, which must give no warning, and prints its path.
source "$(dirname "$0")/lib.sh"
need gcc libc6-dev zlib1g-dev
cd "$root"

rm -rf "$aot_artifacts/publish/Bpf.Tool"
dotnet publish src/Bpf.Tool -c Release -r linux-x64 -p:BpfTargetFramework="$aot_framework" -p:BpfNativeTool=true \
  --artifacts-path "$aot_artifacts" --disable-build-servers -v quiet -clp:NoSummary "$@" >&2
tool=$(find "$aot_artifacts/publish/Bpf.Tool" -type f -perm -u+x -name bpf)
[[ $tool ]] || die "nothing was published under $aot_artifacts"
echo "$tool"
