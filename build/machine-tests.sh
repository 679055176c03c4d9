#!/usr/bin/env bash
# Builds the kernel tests for the virtual machines and prints where their program is. On an emulated processor the compiler of the
# runtime takes most of the time: so they are released, and compiled ahead.
#   build/machine-tests.sh [ARCHITECTURE]    x64 without one, or arm64
source "$(dirname "$0")/lib.sh"
cd "$root"

architecture=${1-x64}
out=$root/artifacts/machines
flags=(-r "linux-$architecture" -p:PublishReadyToRun=true --artifacts-path "$out")

# lay_runtime TREE: where the machine's root is not this one, puts there the runtime that the tests were compiled ahead against, to
# where programs look for it. Its package has no command `dotnet`, and no list of its files: without one all of them count.
lay_runtime() {
  local pack version to=$1/usr/share/dotnet framework
  need jq
  read -r pack version < <(dotnet build tests/Bpf.Loader.KernelTests -c Release "${flags[@]}" --no-restore -t:ResolveFrameworkReferences \
    -getItem:ResolvedRuntimePack | jq -r '.Items.ResolvedRuntimePack[] | select(.FrameworkName == "Microsoft.NETCore.App") | .PackageDirectory + " " + .NuGetPackageVersion')
  framework=$to/shared/Microsoft.NETCore.App/$version
  rm -rf "$to"
  mkdir -p "$framework" "$to/host/fxr/$version"
  cp "$pack"/runtimes/linux-*/lib/net*/* "$pack"/runtimes/linux-*/native/* "$framework"
  mv "$framework/libhostfxr.so" "$to/host/fxr/$version"
}

# Those that are framework-dependent find their runtime in the machine. The samples are started from beside the tests' folder.
dotnet publish tests/Bpf.Loader.KernelTests -c Release "${flags[@]}" --no-self-contained \
  -p:RunAnalyzersDuringBuild=false --disable-build-servers -v quiet -clp:NoSummary >&2
tests=$out/bin/Bpf.Loader.KernelTests/release_linux-$architecture
cp -r "$out/publish/Bpf.Loader.KernelTests/release_linux-$architecture/." "$tests/"
[[ $architecture == x64 ]] || lay_runtime "$(fetch_root "$architecture")"
echo "$tests/Bpf.Loader.KernelTests"
