#!/usr/bin/env bash
# Runs all tests: the pure ones, the kernel tests on this machine's kernel and on Debian's 6.12 and 6.1 in virtual machines,
# and those that use the packages as their users do. Installs from Debian what it needs, so it wants root; the SDK must be there. Closes with one line,
# "N passed, N failed, N skipped", over everything, and fails if anything failed or did not run to its end.
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
    # Without KVM a million events take minutes.
    local -x BPF_STRESS_EVENTS=${BPF_STRESS_EVENTS:-50000} VM_LIMIT=2400 VM_OUT=$results/vm-$1
    local machine=(build/vm.sh "$1" "${kernel_tests[@]}" /run/out/results.xml) code=0
    "${machine[@]}" || code=$?
    # On a busy host both emulated processors were seen to wait for each other in the kernel, for ever. What the tests say stands;
    # a machine that died before they could say anything is started once more.
    if [[ ! -s $VM_OUT/code ]]; then
      say "tests: $1, once more, for the virtual machine died"
      code=0
      "${machine[@]}" || code=$?
    fi
    mv "$results/vm-$1/results.xml" "$results/$1.xml" 2>/dev/null || true
    return "$code"
    ;;
  esac
}

# count PART NAME: an attribute of the part's results; xunit writes one <assembly> element a file.
count() { grep -o '<assembly .*' "$results/$1.xml" | sed -n "1s/^[^>]* $2=\"\([0-9]*\)\".*/\1/p"; }

passed=0 failed=0 skipped=0 broken=()
for part in "${parts[@]}"; do
  say "tests: $part"
  run "$part" </dev/null || broken+=("$part")
  if [[ -s $results/$part.xml && $(count "$part" total) -gt 0 ]]; then
    passed=$((passed + $(count "$part" passed)))
    failed=$((failed + $(count "$part" failed) + $(count "$part" errors)))
    skipped=$((skipped + $(count "$part" skipped)))
  else
    say "$part: no results"
    failed=$((failed + 1))
  fi
done

[[ ${#broken[@]} == 0 ]] || say "not all well in: ${broken[*]}"
echo "$passed passed, $failed failed, $skipped skipped"
[[ ${#broken[@]} == 0 && $failed == 0 ]]
