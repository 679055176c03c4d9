"""Compares what our loader and libbpf made of the same files (see run.py), program by program:

    compare.py RESULTS/NAME.reference...           prints the differences, a line a file and reason, and a table
    compare.py --differing RESULTS/NAME            prints the files with tags that differ

Ours is in NAME.ours. NAME.again, where it is, has libbpf's answers with other numbers for descriptors: a tag that has
changed with them depends on the run, and is as good as equal.
"""
import collections
import json
import os
import sys

# The columns of the table. All count programs, but the last three: files without an answer of one side or both, because
# they took too long or ended the process.
HEADINGS = {
    "equal": "equal",
    "both refuse": "both refuse",
    "better": "ours better",
    "run's tag": "tags of the run",
    "worse": "ours worse",
    "tag": "tags differ",
    "other": "differ otherwise",
    "died": "ours died",
    "no reference": "libbpf died",
    "both died": "both died",
}
FAILURES = {"worse", "tag", "other", "died"}

# What must be equal, too, where tags are. How many instructions the verifier looks at, before it knows that it need not go
# on, changes a little from one boot of 6.1 to the next, and each side has its own virtual machines.
FIELDS = ("type", "eat", "insns", "xlated_len", "insns_final", "verified_insns")
FIELDS_OF_VM = FIELDS[:-1]


def read(path):
    """The answers by (target, file); none if there is no such file."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [json.loads(line) for line in file]
    return {(line.get("target", ""), line["file"]): line for line in lines}


def programs(answer):
    """The programs of an answer by (section, name, how many of that name are before)."""
    found, seen = {}, collections.Counter()
    for program in answer.get("programs", []):
        name = (program["sec"], program["name"])
        found[(*name, seen[name])] = program
        seen[name] += 1
    return found


def tag(program):
    return program and (program.get("tag") or program.get("tag_sha1"))


def brief(text):
    text = " ".join((text or "").split())
    return text if len(text) <= 300 else text[:297] + "..."


class Comparison:
    def __init__(self, path):
        self.name = os.path.basename(path)
        self.ours, self.reference, self.again = (read(f"{path}.{side}") for side in ("ours", "reference", "again"))
        self.counts = collections.Counter()
        self.differences = collections.defaultdict(list)
        for key in sorted(self.ours.keys() | self.reference.keys()):
            self.compare_file(key, self.ours.get(key, {"died": "no answer"}), self.reference.get(key, {"died": "no answer"}))

    def differ(self, column, key, name, reason):
        self.counts[column] += 1
        self.differences[column, key, reason].append(f"{name[1]} [{name[0]}]" if name else "")

    def lines(self):
        for (column, (target, file), reason), names in sorted(self.differences.items()):
            where = " ".join(filter(None, [os.path.basename(target), os.path.basename(file), ", ".join(names)]))
            yield f"{HEADINGS[column]}: {self.name}: {where}: {reason}"

    def compare_file(self, key, ours, reference):
        if "died" in ours or "died" in reference:
            column = "died" if "died" not in reference else "both died" if "died" in ours else "no reference"
            self.differ(column, key, None, ours.get("died") or reference["died"])
            return
        mine, theirs, again = programs(ours), programs(reference), programs(self.again.get(key, {}))
        for name in dict.fromkeys([*theirs, *mine]):
            self.compare_program(key, name, mine.get(name, ours), theirs.get(name, reference), again.get(name))

    def compare_program(self, key, name, mine, theirs, again):
        """Where there is no such program, the side's answer for the file has the reason."""
        if not tag(mine) and not tag(theirs):
            self.counts["both refuse"] += 1
        elif not tag(mine):
            self.differ("worse", key, name, brief(mine.get("error") or mine.get("message") or "no such program"))
        elif not tag(theirs):
            code = theirs["error"] if "error" in theirs else theirs["open"]
            self.differ("better", key, name, brief(f"libbpf: {code} {theirs.get('message') or ''}"))
        elif tag(mine) != tag(theirs):
            if again and tag(again) != tag(theirs):
                self.differ("run's tag", key, name, "libbpf's own tag changes with the numbers of descriptors")
            else:
                self.differ("tag", key, name, f"{tag(mine)}, libbpf: {tag(theirs)}")
        else:
            other = [f"{field} {mine[field]}, libbpf: {theirs[field]}" for field in (FIELDS_OF_VM if self.name.startswith("vm-") else FIELDS)
                     if field in theirs and mine[field] != theirs[field]]
            if other:
                self.differ("other", key, name, "; ".join(other))
            else:
                self.counts["equal"] += 1
        # The selftests say by a target's name whether it must be refused: a check of the measuring itself, too.
        if self.name == "core-loaded" and bool(tag(mine)) == ("__err_" in os.path.basename(key[0])):
            self.differ("other", key, name, brief(mine["error"]) or "must be refused")


def print_table(comparisons):
    rows = [["", *HEADINGS.values()]]
    rows += [[each.name, *(str(each.counts[column]) for column in HEADINGS)] for each in comparisons]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]))


def main():
    if sys.argv[1] == "--differing":
        for file in sorted({key[1] for column, key, _ in Comparison(sys.argv[2]).differences if column == "tag"}):
            print(file)
        return
    comparisons = [Comparison(path.removesuffix(".reference")) for path in sys.argv[1:]]
    for comparison in comparisons:
        for line in comparison.lines():
            print(line)
    print_table(comparisons)
    if any(comparison.counts[column] for comparison in comparisons for column in FAILURES):
        sys.exit(1)


main()
