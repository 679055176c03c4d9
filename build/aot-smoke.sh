#!/usr/bin/env bash
# Publishes the tool with NativeAOT, which must give no warning, and lets it read and relocate an object. The target is
# net9.0, whose NativeAOT packages more package feeds have; -p:BpfTargetFramework=net10.0 as an argument changes it.
source "$(dirname "$0")/lib.sh"
need gcc libc6-dev zlib1g-dev
cd "$root"

out=$root/artifacts/aot
dotnet publish src/Bpf.Tool -c Release -r linux-x64 -p:BpfTargetFramework=net9.0 -p:PublishAot=true \
  --artifacts-path "$out" --disable-build-servers -v quiet -clp:NoSummary "$@"
tool=$(find "$out/publish/Bpf.Tool" -type f -perm -u+x -name 'bpf*' ! -name '*.dbg' | head -1)
[[ $tool ]] || die "nothing was published under $out"
ls -l "$tool"
"$tool" inspect --json testdata/execsnoop.bpf.o
"$tool" relocate --json --btf testdata/btf/moved.bpf.o testdata/core_offset.bpf.o
