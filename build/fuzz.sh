#!/usr/bin/env bash
# Gives a million damaged files and texts to the library, and prints how each of its parts took them: understood, refused, or not as
# it should be. Needs the SDK and no privilege, and takes about half an hour on two CPUs; what fails is under artifacts/fuzz, with the
# command that repeats it.
#   build/fuzz.sh [--inputs N] [--seed S] [--only TARGET] [--input N] ...     --help shows all
#   build/fuzz.sh --afl TARGET [AFL-FUZZ ARGUMENT...]   lets AFL choose the inputs: needs afl-fuzz, and the tool sharpfuzz
#                                                       (dotnet tool install --global SharpFuzz.CommandLine)
source "$(dirname "$0")/lib.sh"
cd "$root"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
store=$root/artifacts/fuzz
dotnet build tests/Bpf.Loader.Fuzz -c Release --disable-build-servers -v quiet -clp:NoSummary
fuzz=$root/artifacts/bin/Bpf.Loader.Fuzz/release/Bpf.Loader.Fuzz

if [[ ${1:-} == --afl ]]; then
  target=${2:?name a target}
  shift 2
  # The instrumented libraries are copies: those of the build stay as they are.
  rm -rf "$store/afl/bin"
  mkdir -p "$store/afl/$target.in"
  cp -r "$(dirname "$fuzz")" "$store/afl/bin"
  for library in Bpf.Loader.dll bpf.dll; do sharpfuzz "$store/afl/bin/$library"; done
  for input in {0..63}; do "$fuzz" --only "$target" --input "$input" --save "$store/afl/$target.in/$input" >/dev/null || true; done
  # The runtime wants more memory than AFL allows, and a stack trace for what is no crash of AFL's.
  AFL_SKIP_BIN_CHECK=1 exec afl-fuzz -i "$store/afl/$target.in" -o "$store/afl/$target.out" -t 10000 -m none "$@" \
    "$store/afl/bin/Bpf.Loader.Fuzz" --afl --only "$target"
fi

exec "$fuzz" --inputs 1000000 --watchdog 60 --store "$store" "$@"
