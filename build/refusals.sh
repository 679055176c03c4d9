#!/usr/bin/env bash
# Records what the verifiers of Debian's kernels say of the programs of testdata/refused, for the tests that explain it without a
# kernel: testdata/refused/logs/KERNEL.jsonl, a line a program.
#   build/refusals.sh KERNEL...    such as 5.10 6.1 6.12 newest; "here" is this machine's, also as "here-without-perfmon"
source "$(dirname "$0")/lib.sh"
[[ $# -gt 0 ]] || die "usage: build/refusals.sh KERNEL..."
need python3
cd "$root"
[[ ${BPF_TOOL-} ]] || dotnet build src/Bpf.Tool -v quiet -clp:NoSummary
tool=${BPF_TOOL:-$root/artifacts/bin/Bpf.Tool/debug/bpf}
mkdir -p testdata/refused/logs
for kernel; do
  case $kernel in
  here) run=() name=$(uname -r | cut -d. -f1-2) ;;
  here-without-perfmon)
    # What the verifier allows only to those who may see the kernel's memory.
    run=(setpriv "--bounding-set=-all,+bpf,+net_admin,+dac_override") name=$(uname -r | cut -d. -f1-2)-without-perfmon
    ;;
  newest) run=(build/vm.sh newest) name=$(fetch_kernel newest | xargs -I{} cat {}/package | sed -E 's/linux-image-([0-9]+\.[0-9]+).*/\1/') ;;
  *) run=(build/vm.sh "$kernel") name=$kernel ;;
  esac
  say "$kernel"
  objects=(testdata/refused/*.bpf.o)
  [[ $kernel != *-without-perfmon ]] || objects=(testdata/refused/stack.bpf.o)
  # Each answer of the tool is a line about an object; whether it is refused is no failure here.
  "${run[@]}" "$tool" verify --each --json --verbose "${objects[@]}" >"$cache/refusals" || true
  python3 - "$cache/refusals" "testdata/refused/logs/$name.jsonl" <<'PYTHON'
import json, os, sys

# A loop's log is as long as the verifier's patience; its end has enough rounds.
most_lines = 600
with open(sys.argv[1]) as answers, open(sys.argv[2], "w") as out:
    for answer in map(json.loads, answers):
        for program in answer["programs"]:
            if not program.get("log"):
                continue
            lines = program["log"].split("\n")
            log = "\n".join(lines if len(lines) <= most_lines else lines[:1] + lines[-most_lines:])
            print(json.dumps({"object": os.path.basename(answer["file"]), "program": program["name"], "log": log}), file=out)
PYTHON
  say "$(wc -l <"testdata/refused/logs/$name.jsonl") refusals"
done
