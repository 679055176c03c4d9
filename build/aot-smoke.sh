#!/usr/bin/env bash
# Publishes with NativeAOT, which must give no warning: the tool, which then reads and relocates an object, and, as root, an
# agent of each kind that `dotnet new bpf-agent` makes, which then prints events.
source "$(dirname "$0")/lib.sh"
cd "$root"

tool=$(build/native-tool.sh "$@")
ls -l "$tool"
"$tool" inspect --json testdata/execsnoop.bpf.o
"$tool" relocate --json --btf testdata/btf/moved.bpf.o testdata/core_offset.bpf.o

# Programs in the machine, which interprets them here: a capture with one packet of zeros.
capture=$(mktemp)
printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0\0\0\0\0\0\0\0\0\x3c\0\0\0\x3c\0\0\0' >"$capture"
head -c 60 /dev/zero >>"$capture"
"$tool" run src/samples/xdp-drop/xdp-drop.bpf.o --machine "$capture" | grep 'filter: Pass 1'
echo 'ldb [0]
ret #4' | "$tool" classic run - --packets "$capture" | grep 'Keep 4'
"$tool" debug src/samples/xdp-drop/xdp-drop.bpf.o --packet "$capture" --trace | grep 'xdp-drop.bpf.c:31'
rm "$capture"

[[ $(id -u) == 0 ]] || die "agents load programs: run it as root"
need clang-19
source "$root/build/agents.sh"
pack aot -p:BpfTargetFramework="$aot_framework" --artifacts-path "$aot_artifacts"
fresh
dotnet new install "$feed/Bpf.Templates.$version.nupkg" >/dev/null

# native NAME OPTION...: makes an agent, publishes and runs it.
native() {
  say "agent: $*"
  dotnet new bpf-agent -o "$@" >/dev/null
  sed -i "s|<TargetFramework>.*</|<TargetFramework>$aot_framework</|" "$1/$1.csproj"
  dotnet publish "$1" -c Release -r linux-x64 -p:PublishAot=true -p:TrimmerSingleWarn=false -warnaserror \
    --disable-build-servers -v quiet -clp:NoSummary -o "$work/publish/$1"
  ls -l "$work/publish/$1/$1"
  [[ ! -e $work/publish/$1/$1.dll ]] || die "the agent is not native"
  runs "$work/$1.log" "$work/publish/$1/$1"
}
native Agent
native Hosted --hosting
