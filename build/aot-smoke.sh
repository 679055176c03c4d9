#!/usr/bin/env bash
# Publishes with NativeAOT, which must give no warning: the tool, which then reads and relocates an object, and, as root, an
# agent of each kind that `dotnet new bpf-agent` makes, which then prints events, one of them as JSON that it reads again.
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
  [[ ! ${change-} ]] || "$change" "$1"
  dotnet publish "$1" -c Release -r linux-x64 -p:PublishAot=true -p:TrimmerSingleWarn=false -warnaserror \
    --disable-build-servers -v quiet -clp:NoSummary -o "$work/publish/$1"
  ls -l "$work/publish/$1/$1"
  [[ ! -e $work/publish/$1/$1.dll ]] || die "the agent is not native"
  runs "$work/$1.log" "$work/publish/$1/$1"
}

# prints_json AGENT: makes it print events as what they are once they were JSON, and their values by name.
prints_json() {
  cat >"$1/EventJson.cs" <<'EOF'
using System.Text.Json.Serialization;

[JsonSerializable(typeof(BpfAgent.Execsnoop.ExecEvent))]
partial class EventJson : JsonSerializerContext;
EOF
  sed -i "s/BpfAgent/$1/" "$1/EventJson.cs"
  sed -i '/await foreach/{n;s/.*/    {\
        string json = System.Text.Json.JsonSerializer.Serialize(started, EventJson.Default.ExecEvent);\
        ExecEvent read = System.Text.Json.JsonSerializer.Deserialize(json, EventJson.Default.ExecEvent);\
        Console.WriteLine($"{json} {read} {string.Join(" ", read)} {read.Filename}");\
    }/}' "$1/Program.cs"
}

native Agent
native Hosted --hosting
change=prints_json native Writer
grep -E '^\{"pid":[0-9]+,"parent_pid":[0-9]+,"uid":0,"comm":"true","filename":"/bin/true"\} \{pid=[0-9]+, .*comm="true", filename="/bin/true"\} \[pid, [0-9]+\] .*\[filename, /bin/true\] /bin/true$' "$work/Writer.log" | head -1 | grep .
