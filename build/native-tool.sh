#!/usr/bin/env bash
# Publishes the tool with NativeAOT, which must give no warning, and prints its path.
#   build/native-tool.sh [arm64] [OPTION...]    for this architecture or that; with options of `dotnet publish`
source "$(dirname "$0")/lib.sh"
need gcc libc6-dev zlib1g-dev
cd "$root"

architecture=x64
linker=()
if [[ ${1-} == arm64 ]]; then
  architecture=$1
  shift
  need gcc-aarch64-linux-gnu
  # gcc is of one target, and takes no name of another.
  linker=(-p:CppCompilerAndLinker=aarch64-linux-gnu-gcc -p:ObjCopyName=aarch64-linux-gnu-objcopy -p:TargetTriple= "-p:SysRoot=$(fetch_root arm64)")
fi

published=$aot_artifacts/publish/Bpf.Tool/release_linux-$architecture
rm -rf "$published"
dotnet publish src/Bpf.Tool -c Release -r "linux-$architecture" -p:BpfTargetFramework="$aot_framework" -p:BpfNativeTool=true "${linker[@]}" \
  --artifacts-path "$aot_artifacts" --disable-build-servers -v quiet -clp:NoSummary "$@" >&2
[[ -x $published/bpf ]] || die "nothing was published under $published"
echo "$published/bpf"
