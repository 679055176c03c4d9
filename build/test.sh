#!/usr/bin/env bash
# Runs all tests: the pure ones, the kernel tests on this machine's kernel, those that use the packages as their users do, and the
# kernel tests on Debian's 6.12 and 6.1 in virtual machines. Installs from Debian what it needs, so it wants root; the SDK must be
# there. Closes with one line, "N passed, N failed, N skipped", over everything, and fails if anything failed or did not run to its
# end.
#   build/test.sh [PART...]    with parts of: pure here packages 6.12 6.1
source "$(dirname "$0")/lib.sh"
cd "$root"

parts=("$@")
[[ $# -gt 0 ]] || parts=(pure here packages 6.12 6.1)
for part in "${parts[@]}"; do
  [[ $part == @(pure|here|packages|6.12|6.1) ]] || die "no such part: $part"
  [[ $part == pure || $(id -u) == 0 ]] || die "the kernel tests must be run as root; build/test.sh pure needs no privilege"
done
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bin=$root/artifacts/bin
results=$root/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"

# Some pure tests compile the types that were printed, and compare with bpftool; without these they are skipped.
[[ $(id -u) != 0 ]] || need clang-19 bpftool libbpf-dev

say "building"
dotnet build Bpf.Loader.sln --disable-build-servers -v quiet -clp:NoSummary
[[ "${parts[*]}" == pure ]] || build/native-shims.sh
export BPF_NATIVE_SHIMS=$root/artifacts/native-shims
export BPF_REFERENCE_LOADER=$BPF_NATIVE_SHIMS/reference-loader

# run PART: the tests of one part, with their results in an XML file of its name.
# Some send SIGINT to programs that they start, which ignore it when whoever started this script in the background did.
run() {
  local kernel_tests=("$bin/Bpf.Loader.KernelTests/debug/Bpf.Loader.KernelTests" -noLogo -noColor -parallel none -longRunning 60 -xml)
  case $1 in
  pure)
    "$bin/Bpf.Loader.Tests/debug/Bpf.Loader.Tests" --no-ansi --no-progress --results-directory "$results" \
      --report-xunit --report-xunit-filename pure.xml
    ;;
  here) env --default-signal=INT "${kernel_tests[@]}" "$results/here.xml" ;;
  packages) env --default-signal=INT build/packages-test.sh "$results/packages.xml" ;;
  *)
    # Without KVM a million events take minutes, and so does a runtime that starts for each of some hundred commands.
    local -x BPF_STRESS_EVENTS=${BPF_STRESS_EVENTS:-50000} VM_LIMIT=2400 VM_OUT=$results/vm-$1
    [[ ! $native_tool ]] || local -x BPF_TOOL=$native_tool
    local code=0
    build/vm.sh "$1" "${kernel_tests[@]}" /run/out/results.xml || code=$?
    mv "$VM_OUT/results.xml" "$results/$1.xml" || true
    return "$code"
    ;;
  esac
}

# count PART NAME: an attribute of the part's results; xunit writes one <assembly> element a file.
count() { grep -o '<assembly .*' "$results/$1.xml" | sed -n "1s/^[^>]* $2=\"\([0-9]*\)\".*/\1/p"; }

passed=0 failed=0 skipped=0 broken=()

# conclude PART CODE: adds the part's results to what is counted.
conclude() {
  [[ $2 == 0 ]] || broken+=("$1")
  if [[ -s $results/$1.xml && $(count "$1" total) -gt 0 ]]; then
    passed=$((passed + $(count "$1" passed)))
    failed=$((failed + $(count "$1" failed) + $(count "$1" errors)))
    skipped=$((skipped + $(count "$1" skipped)))
  else
    say "$1: no results"
    failed=$((failed + 1))
  fi
}

machines=()
for part in "${parts[@]}"; do
  case $part in
  6.12 | 6.1)
    machines+=("$part")
    continue
    ;;
  esac
  say "tests: $part"
  code=0
  run "$part" </dev/null || code=$?
  conclude "$part" "$code"
done

# The machines run side by side, for each keeps one CPU busy; what they print comes when they have ended. They are process groups of
# their own, so that they end with this script.
if [[ ${#machines[@]} -gt 0 ]]; then
  say "building the tool as native code"
  native_tool=$(build/native-tool.sh) || broken+=("the native tool")
  for part in "${machines[@]}"; do prepare_machine "$part" >/dev/null; done
  set -m
  trap 'for job in $(jobs -p); do kill -- "-$job" 2>/dev/null || true; done' EXIT
  declare -A jobs
  for part in "${machines[@]}"; do
    say "tests: $part, in a virtual machine"
    run "$part" </dev/null >"$results/$part.log" 2>&1 &
    jobs[$part]=$!
  done
  for part in "${machines[@]}"; do
    code=0
    wait "${jobs[$part]}" || code=$?
    say "tests: $part: what they printed"
    cat "$results/$part.log"
    conclude "$part" "$code"
  done
fi

[[ ${#broken[@]} == 0 ]] || say "not all well in: ${broken[*]}"
echo "$passed passed, $failed failed, $skipped skipped"
[[ ${#broken[@]} == 0 && $failed == 0 ]]
