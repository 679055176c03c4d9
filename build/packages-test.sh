#!/usr/bin/env bash
# Uses the packages as their users do, in a fresh folder with a package cache of its own: packs them, makes agents with
# `dotnet new`, runs them until they print events, and installs the command as a tool. Wants root, for the agents.
#   build/packages-test.sh [RESULTS]    writes how many checks passed to RESULTS, as the test programs do
source "$(dirname "$0")/lib.sh"
[[ $(id -u) == 0 ]] || die "agents load programs: run it as root"
need clang-19 clangd-19 python3
source "$root/build/agents.sh"

results=${1-}
pack test
fresh

passed=0 failed=0 failures=
# check WHAT COMMAND...: one test.
check() {
  say "packages: $1"
  if "${@:2}" >"$work/log" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+="<test name=\"$1\" result=\"Fail\" />"
    cat "$work/log" >&2
    say "packages: $1: FAILED"
  fi
}

build() { dotnet build "$@" -v quiet -clp:NoSummary -warnaserror; }

# No header of this machine is used, not even a compiler's own.
new() { dotnet new bpf-agent -o "$@" && build "$1" -p:BpfOptions=-nostdinc; }

# The same with the object that was compiled for the first, on a machine without clang.
new_from_object() {
  dotnet new bpf-agent -o "$@"
  cp My.Agent/obj/Debug/*/bpf/execsnoop.bpf.o "$1"
  rm "$1/execsnoop.bpf.c"
  sed -i 's|<ItemGroup>|<ItemGroup>\n    <BpfObject Include="execsnoop.bpf.o" />|' "$1"/*.csproj
  build "$1" -p:BpfClang=/no/clang
}

# The tests of the template, by a user who may nothing, with the coverage of the C program.
tests() {
  build "$1/tests" -p:BpfOptions=-nostdinc
  local out
  out=$(mktemp -d)
  chown 65534:65534 "$out"
  chmod a+x "$work"
  (cd "$1" && BPF_COVERAGE=$out/coverage.xml setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
    tests/bin/Debug/net10.0/"$1".Tests --results-directory "$out") || return 1
  grep 'filename=".*execsnoop.bpf.c"' "$out/coverage.xml" || return 1
  rm -rf "$out"
  (cd "$1" && dotnet test --project tests --no-build)
}

# On a kernel whose types nobody may see, an agent that brings them along finds the parents of processes all the same.
brings_types() {
  dotnet new bpf-agent -o "$1" --tests false
  sed -i "s|<ItemGroup>|<ItemGroup>\n    <BpfKernelBtf Include=\"/sys/kernel/btf/vmlinux\" Release=\"$(uname -r)\" />|" "$1/$1.csproj"
  build "$1" -p:BpfOptions=-nostdinc
  runs "$work/old.log" unshare -m sh -c "mount -t tmpfs none /sys/kernel/btf && exec dotnet run --no-build --project $1"
}

# What two programs have is one type of the project, and clangd finds how they are compiled.
shares() {
  dotnet new bpf-agent -o "$1" --tests false
  sed 's/handle_exec/handle_again/' "$1/execsnoop.bpf.c" >"$1/again.bpf.c"
  echo "static class Both { public static $1.ExecEvent Of(Again again) => default; }" >"$1/Both.cs"
  sed -i '1i using '"$1"';' "$1/Both.cs"
  build "$1" -p:BpfOptions=-nostdinc
  clangd-19 --check="$1/again.bpf.c" --enable-config
}

without_tests() {
  dotnet new bpf-agent -o "$1" --tests false
  [[ ! -e $1/tests && ! -e $1/global.json ]]
  build "$1" -p:BpfOptions=-nostdinc
}

tool() {
  dotnet tool install Bpf.Tool --tool-path "$work/tools" --version "$version"
  "$work/tools/bpf" inspect "$root/testdata/execsnoop.bpf.o" | grep handle_exec
}

check "they have symbols, a README and a license" python3 "$root/build/packages-check.py" "$root" "$feed"
check "dotnet new install" dotnet new install "$feed/Bpf.Templates.$version.nupkg"
check "dotnet new bpf-agent" new My.Agent
check "dotnet test without root" tests My.Agent
check "dotnet new bpf-agent --tests false" without_tests Bare
check "dotnet run prints events" runs "$work/agent.log" dotnet run --no-build --project My.Agent
check "Ctrl-C ends it" said "$work/agent.log" 'were not shown'
check "BpfKernelBtf gives types to a kernel without any" brings_types Old
check "dotnet new bpf-agent --hosting, with an object and without clang" new_from_object Hosted --hosting
check "dotnet run prints events from a host" runs "$work/hosted.log" dotnet run --no-build --project Hosted
check "Ctrl-C detaches" said "$work/hosted.log" 'Detached'
check "a struct of two programs is one type, and editors understand both" shares Twice
check "dotnet tool install" tool

[[ ! $results ]] || echo "<assembly total=\"$((passed + failed))\" passed=\"$passed\" failed=\"$failed\" errors=\"0\" skipped=\"0\">$failures</assembly>" >"$results"
echo "$passed passed, $failed failed, 0 skipped"
[[ $failed == 0 ]]
