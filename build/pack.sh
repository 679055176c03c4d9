#!/usr/bin/env bash
# Packs all packages, with their symbols, into artifacts/packages, or into the folder it is told, which is emptied first.
#   build/pack.sh [FOLDER [OPTION...]]    with options of dotnet pack, such as: build/pack.sh /tmp/feed --version-suffix preview.1
source "$(dirname "$0")/lib.sh"
out=$(realpath -m "${1-$root/artifacts/packages}")
cd "$root"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
options=(-c Release -o "$out" --disable-build-servers -v quiet -clp:NoSummary -p:ContinuousIntegrationBuild=true "${@:2}")
rm -rf "$out"
for project in Bpf.Loader Bpf.Loader.Symbols Bpf.Tool Bpf.Loader.Build Bpf.Loader.Hosting Bpf.Loader.Testing Bpf.Loader.Testing.Xunit Bpf.Templates; do
  say "packing $project"
  dotnet pack "src/$project" "${options[@]}"
done

say "leaving what is internal out of the documentation"
dotnet run "$root/build/public-documentation.cs" -- "$out"
