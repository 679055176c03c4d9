#!/usr/bin/env bash
# Runs all tests: the pure ones, 30,000 damaged inputs, the kernel tests on this machine's kernel, those that use the packages as
# their users do, and the kernel tests on Debian's 6.12 and 6.1 in virtual machines. Installs from Debian what it needs, so it wants
# root; the SDK must be there. Closes with one line, "N passed, N failed, N skipped", over everything, and fails if anything failed or
# did not run to its end.
#   build/test.sh [PART...]    with parts of: pure fuzz here packages 6.12 6.1, which are the default, and 5.10, newest and 6.12-arm64
# What the library does with any kernel alike (the trait Kernel=any) is not tested on 6.1, 5.10 and the newest, unless VM_EVERYTHING is set.
source "$(dirname "$0")/lib.sh"
cd "$root"

parts=("$@")
[[ $# -gt 0 ]] || parts=(pure fuzz here packages 6.12 6.1)
for part in "${parts[@]}"; do
  [[ $part == @(pure|fuzz|here|packages|5.10|6.1|6.12|newest|6.12-arm64) ]] || die "no such part: $part"
  [[ $part == @(pure|fuzz) || $(id -u) == 0 ]] || die "the kernel tests must be run as root; build/test.sh pure fuzz needs no privilege"
done
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bin=$root/artifacts/bin
results=$root/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# Some pure tests compile the types that were printed, compare with bpftool, tcpdump and musl, read kernels as they are compressed, and
# ask shells and editors; without these they are skipped.
[[ $(id -u) != 0 ]] || need clang-19 clangd-19 bpftool libbpf-dev tcpdump xz-utils zstd lz4 bzip2 musl zsh fish

say "building"
dotnet build Bpf.Loader.sln --disable-build-servers -v quiet -clp:NoSummary
[[ "${parts[*]}" == @(pure|fuzz|"pure fuzz") ]] || build/native-shims.sh
export BPF_NATIVE_SHIMS=$root/artifacts/native-shims
export BPF_REFERENCE_LOADER=$BPF_NATIVE_SHIMS/reference-loader

# run PART: the tests of one part, with their results in an XML file of its name.
# Some send SIGINT to programs that they start, which ignore it when whoever started this script in the background did.
run() {
  local kernel_tests=("$bin/Bpf.Loader.KernelTests/debug/Bpf.Loader.KernelTests" -noLogo -noColor -parallelMode none -longRunning 60)
  case $1 in
  pure)
    "$bin/Bpf.Loader.Tests/debug/Bpf.Loader.Tests" --no-ansi --progress off --results-directory "$results" \
      --report-xunit-xml --report-xunit-xml-filename pure.xml
    ;;
  # The same inputs each time: what build/fuzz.sh finds with other seeds gets a test of its own.
  fuzz) "$bin/Bpf.Loader.Fuzz/debug/Bpf.Loader.Fuzz" --check && "$bin/Bpf.Loader.Fuzz/debug/Bpf.Loader.Fuzz" --inputs 30000 --watchdog 120 --store "$results/fuzz" --xml "$results/fuzz.xml" ;;
  here) env --default-signal=INT "${kernel_tests[@]}" -result-xml "$results/here.xml" ;;
  packages) env --default-signal=INT build/packages-test.sh "$results/packages.xml" ;;
  *)
    # Without KVM a million events take minutes, and so does a runtime that starts for each of some hundred commands, or one that
    # watches which ways its code goes to compile it better: a sixth of the time.
    local -x BPF_STRESS_EVENTS=${BPF_STRESS_EVENTS:-50000} VM_LIMIT=3600 VM_OUT=$results/vm-$1 DOTNET_TieredPGO=0
    local architecture=x64 code=0
    [[ $1 != *-arm64 ]] || architecture=arm64
    [[ ! ${native_tools[$architecture]-} ]] || local -x BPF_TOOL=${native_tools[$architecture]}
    [[ $architecture == x64 ]] || local -x BPF_NATIVE_SHIMS=$BPF_NATIVE_SHIMS-$architecture BPF_REFERENCE_LOADER=$BPF_NATIVE_SHIMS-$architecture/reference-loader
    kernel_tests[0]=${machine_tests[$architecture]}
    [[ $1 == 6.12* || ${VM_EVERYTHING-} ]] || kernel_tests+=(-trait- Kernel=any)
    build/vm.sh "$1" "${kernel_tests[@]}" -result-xml /run/out/results.xml || code=$?
    mv "$VM_OUT/results.xml" "$results/$1.xml" || true
    return "$code"
    ;;
  esac
}

# count PART NAME: an attribute of the part's results; xunit writes one <assembly> element a file.
count() { grep -o '<assembly .*' "$results/$1.xml" | sed -n "1s/^[^>]* $2=\"\([0-9]*\)\".*/\1/p"; }

# failures PART: the names of its tests that failed, for whoever sees only the end of a long output.
failures() { grep -o '<test [^>]*result="Fail"' "$results/$1.xml" | sed -n 's/^.* name="\([^"]*\)".*/\1/p' | sed "s/&quot;/\"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; s/^/$1: /"; }

# run_here PART: one that is no machine.
run_here() {
  local code=0
  say "tests: $1"
  run "$1" </dev/null || code=$?
  conclude "$1" "$code"
}

passed=0 failed=0 skipped=0 broken=() failures=()

# conclude PART CODE: adds the part's results to what is counted.
conclude() {
  [[ $2 == 0 ]] || broken+=("$1")
  if [[ -s $results/$1.xml && $(count "$1" total) -gt 0 ]]; then
    passed=$((passed + $(count "$1" passed)))
    failed=$((failed + $(count "$1" failed) + $(count "$1" errors)))
    skipped=$((skipped + $(count "$1" skipped)))
    mapfile -t -O ${#failures[@]} failures < <(failures "$1")
  else
    say "$1: no results"
    failed=$((failed + 1))
  fi
}

machines=() beside=()
for part in "${parts[@]}"; do
  case $part in
  5.10 | 6.1 | 6.12 | newest | 6.12-arm64) machines+=("$part") ;;
  here | packages) beside+=("$part") ;;
  *) run_here "$part" ;;
  esac
done

# await: waits for one of the machines to end, and shows what it printed.
await() {
  local ended code=0
  wait -n -p ended "${!jobs[@]}" || code=$?
  local part=${jobs[$ended]}
  unset "jobs[$ended]"
  say "tests: $part: what they printed"
  cat "$results/$part.log"
  conclude "$part" "$code"
}

# start_next: starts the next of the machines, if one is left; what it prints comes when it has ended.
start_next() {
  [[ ${#machines[@]} -gt 0 ]] || return 0
  local part=${machines[0]}
  machines=("${machines[@]:1}")
  say "tests: $part, in a virtual machine"
  set -m
  run "$part" </dev/null >"$results/$part.log" 2>&1 &
  set +m
  jobs[$!]=$part
}

# Each machine keeps one CPU busy, and so do the parts that run here one test at a time: so two of these go at once. The machines are
# process groups of their own, so that they end with this script.
declare -A jobs=()
if [[ ${#machines[@]} -gt 0 ]]; then
  declare -A native_tools=() machine_tests=()
  if [[ " ${machines[*]} " =~ \ [^\ -]+\  ]]; then
    say "building the tool as native code, and the tests ahead"
    native_tools[x64]=$(build/native-tool.sh) || broken+=("the native tool")
    machine_tests[x64]=$(build/machine-tests.sh) || {
      say "the tests could not be compiled ahead: they run as they are, and slower"
      machine_tests[x64]=$bin/Bpf.Loader.KernelTests/debug/Bpf.Loader.KernelTests
    }
  fi
  if [[ ${machines[*]} == *-arm64* ]]; then
    say "building tool, tests and what they probe for arm64"
    native_tools[arm64]=$(build/native-tool.sh arm64) || broken+=("the native tool for arm64")
    machine_tests[arm64]=$(build/machine-tests.sh arm64)
    build/native-shims.sh arm64
  fi
  for part in "${machines[@]}"; do prepare_machine "$part" >/dev/null; done
  trap 'for job in $(jobs -p); do kill -- "-$job" 2>/dev/null || true; done' EXIT
  start_next
fi
for part in "${beside[@]}"; do run_here "$part"; done
while [[ ${#machines[@]} -gt 0 || ${#jobs[@]} -gt 0 ]]; do
  while [[ ${#jobs[@]} -lt 2 && ${#machines[@]} -gt 0 ]]; do start_next; done
  await
done

[[ ${#broken[@]} == 0 ]] || say "not all well in: ${broken[*]}"
for failure in "${failures[@]}"; do say "failed: $failure"; done
echo "$passed passed, $failed failed, $skipped skipped"
[[ ${#broken[@]} == 0 && $failed == 0 ]]
