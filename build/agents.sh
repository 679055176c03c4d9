# Shared by the scripts that use the packages as their users do. Nothing of what the user of this machine has installed or
# cached is used, but the feeds that they have configured.

work=$(mktemp -d)
feed=$work/feed
agent=
finish() {
  [[ ! $agent ]] || kill -KILL -- "-$agent" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# pack SUFFIX OPTION...: packs into the feed, and sets the version.
pack() {
  "$root/build/pack.sh" "$feed" --version-suffix "$1" "${@:2}"
  version=$(basename "$feed"/Bpf.Loader.[0-9]*.nupkg .nupkg)
  version=${version#Bpf.Loader.}
}

# fresh: a folder for agents, with the feed and a package cache of its own; the working directory from now on.
fresh() {
  mkdir -p "$work/home/.nuget/NuGet" "$work/agents"
  [[ ! -f ~/.nuget/NuGet/NuGet.Config ]] || cp ~/.nuget/NuGet/NuGet.Config "$work/home/.nuget/NuGet/"
  export DOTNET_CLI_HOME=$work/home NUGET_PACKAGES=$work/cache DOTNET_GENERATE_ASPNET_CERTIFICATE=false
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
  # Whether a package has a known weakness is asked of the public gallery, which not every machine reaches.
  export NuGetAudit=false
  cat >"$work/nuget.config" <<EOF
<configuration>
  <packageSources>
    <add key="packed" value="$feed" />
  </packageSources>
</configuration>
EOF
  cd "$work/agents"
}

# runs LOG COMMAND...: runs an agent until it has told of a process that started, and ends it as Ctrl-C does. What it printed
# is in the log.
runs() {
  local log=$1 code=0
  # In a group of its own: a shell's background jobs ignore the signal otherwise.
  set -m
  "${@:2}" >"$log" 2>&1 </dev/null &
  agent=$!
  set +m
  until grep -q '/bin/true$' "$log"; do
    env /bin/true
    kill -0 "$agent" 2>/dev/null || { cat "$log"; agent=; return 1; }
    sleep 0.1
  done
  kill -INT -- "-$agent"
  wait "$agent" || code=$?
  agent=
  cat "$log"
  return $code
}

# said LOG TEXT: whether an agent has printed it.
said() { grep -q -- "$2" "$1" || { cat "$1"; return 1; }; }
