#!/usr/bin/env bash
# Uses the packages as their users do, in a fresh folder with a package cache of its own: packs them, makes agents with
# `dotnet new`, runs them until they print events, and installs the command as a tool. Wants root, for the agents.
#   build/packages-test.sh [RESULTS]    writes how many checks passed to RESULTS, as the test programs do
source "$(dirname "$0")/lib.sh"
[[ $(id -u) == 0 ]] || die "agents load programs: run it as root"
need clang-19 libbpf-dev python3

results=${1-}
work=$(mktemp -d)
feed=$work/feed
agent=
finish() {
  [[ ! $agent ]] || kill -KILL -- "-$agent" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

"$root/build/pack.sh" "$feed" --version-suffix test
version=$(basename "$feed"/Bpf.Loader.[0-9]*-test.nupkg .nupkg)
version=${version#Bpf.Loader.}

# Nothing of what the user of this machine has installed or cached is used, but the feeds that they have configured.
mkdir -p "$work/home/.nuget/NuGet" "$work/agents"
cp ~/.nuget/NuGet/NuGet.Config "$work/home/.nuget/NuGet/" 2>/dev/null || true
export DOTNET_CLI_HOME=$work/home NUGET_PACKAGES=$work/cache DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export MSBUILDDISABLENODEREUSE=1
cat >"$work/nuget.config" <<EOF
<configuration>
  <packageSources>
    <add key="packed" value="$feed" />
  </packageSources>
</configuration>
EOF
cd "$work/agents"

passed=0 failed=0
# check WHAT COMMAND...: one test.
check() {
  say "packages: $1"
  if "${@:2}" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    cat "$work/log" >&2
    say "packages: $1: FAILED"
  fi
}

# runs LOG COMMAND...: runs an agent until it has told of a process that started, and ends it as Ctrl-C does. What has been
# printed is in the log.
runs() {
  local log=$1
  # In a group of its own, for a shell's background jobs ignore the signal otherwise.
  set -m
  "${@:2}" >"$log" 2>&1 </dev/null &
  agent=$!
  set +m
  until grep -q '/bin/true$' "$log"; do
    /bin/true
    env /bin/true
    kill -0 "$agent" 2>/dev/null || { cat "$log"; agent=; return 1; }
    sleep 0.1
  done
  kill -INT -- "-$agent"
  local code=0
  wait "$agent" || code=$?
  agent=
  cat "$log"
  return $code
}

# said LOG TEXT: whether an agent has printed it.
said() { grep -q -- "$2" "$1" || { cat "$1"; return 1; }; }

new() { dotnet new bpf-agent -o "$@" && dotnet build "$1" -v quiet -clp:NoSummary -warnaserror; }

tool() {
  dotnet tool install Bpf.Tool --tool-path "$work/tools" --version "$version"
  "$work/tools/bpf" inspect "$root/testdata/execsnoop.bpf.o" | grep handle_exec
}

check "they have symbols, a README and a license" python3 "$root/build/packages-check.py" "$root" "$feed"
check "dotnet new install" dotnet new install "$feed/Bpf.Templates.$version.nupkg"
check "dotnet new bpf-agent" new My.Agent
check "dotnet run prints events" runs "$work/agent.log" dotnet run --no-build --project My.Agent
check "Ctrl-C ends it" said "$work/agent.log" 'were not shown'
check "dotnet new bpf-agent --hosting" new Hosted --hosting
check "dotnet run prints events from a host" runs "$work/hosted.log" dotnet run --no-build --project Hosted
check "Ctrl-C detaches" said "$work/hosted.log" 'Detached'
check "dotnet tool install" tool

[[ ! $results ]] || echo "<assembly total=\"$((passed + failed))\" passed=\"$passed\" failed=\"$failed\" errors=\"0\" skipped=\"0\" />" >"$results"
echo "$passed passed, $failed failed, 0 skipped"
[[ $failed == 0 ]]
