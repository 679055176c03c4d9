"""Compares what our loader and libbpf made of the same files (see run.py), program by program:

    compare.py RESULTS/NAME.reference...           prints each difference, and a table with a row a NAME
    compare.py --differing RESULTS/NAME            prints the files with tags that differ

Ours is in NAME.ours. NAME.again, where it is, has libbpf's answers with other numbers for descriptors: a tag that has
changed with them depends on the run, and is as good as equal.
"""
import collections
import json
import os
import re
import sys

# What a row counts. Those after "run's tag" are failures.
COLUMNS = ["equal", "both refuse", "better", "run's tag", "worse", "tag", "other", "died"]
HEADINGS = {
    "equal": "equal",
    "both refuse": "both refuse",
    "better": "ours better",
    "run's tag": "tags of the run",
    "worse": "ours worse",
    "tag": "tags differ",
    "other": "differ otherwise",
    "died": "ours died",
}
FAILURES = {"worse", "tag", "other", "died"}


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
        self.differences = []

    def differ(self, column, key, program, reason):
        self.counts[column] += 1
        target, file = key
        where = [os.path.basename(target), os.path.basename(file)] + ([f"{program[1]} [{program[0]}]"] if program else [])
        self.differences.append((column, key, f"{HEADINGS[column]}: {self.name}: {' '.join(filter(None, where))}: {reason}"))

    def run(self):
        for key in sorted(self.ours.keys() | self.reference.keys()):
            self.compare_file(key, self.ours.get(key, {"died": "no answer"}), self.reference.get(key, {"died": "no answer"}))
        return self

    def compare_file(self, key, ours, reference):
        if "died" in ours:
            self.differ("died", key, None, ours["died"] + ("; so did the reference" if "died" in reference else ""))
            return
        mine, theirs = programs(ours), programs(reference)
        if "died" in reference:
            for name, program in mine.items():
                self.counts["both refuse" if not tag(program) else "better"] += 1
            self.differences.append(("", key, f"no reference: {self.name}: {os.path.basename(key[1])}: {reference['died']}"))
            return
        self.compare_matrix(key, mine, theirs)
        again = programs(self.again.get(key, {}))
        for name in dict.fromkeys([*theirs, *mine]):
            self.compare_program(key, name, mine.get(name), theirs.get(name), again.get(name), ours, reference)

    def compare_program(self, key, name, mine, theirs, again, ours, reference):
        reason = brief((mine or {}).get("error") or ours.get("message") or "no such program")
        if not tag(mine) and not tag(theirs):
            self.counts["both refuse"] += 1
        elif not tag(mine):
            self.differ("worse", key, name, reason)
        elif not tag(theirs):
            why = (theirs or {}).get("error") or (reference["open"] if reference["open"] != "ok" else "no such program")
            self.differ("better", key, name, "libbpf: " + brief(why + " " + (reference.get("message") or "")))
        elif tag(mine) != tag(theirs):
            if again and tag(again) != tag(theirs):
                self.differ("run's tag", key, name, "libbpf's own tag changes with the numbers of descriptors")
            else:
                self.differ("tag", key, name, f"{tag(mine)}, libbpf: {tag(theirs)}")
        else:
            other = [f"{field} {mine[field]}, libbpf: {theirs[field]}"
                     for field in ("type", "eat", "insns", "xlated_len", "verified_insns", "insns_final")
                     if field in theirs and mine[field] != theirs[field]]
            if other:
                self.differ("other", key, name, "; ".join(other))
            else:
                self.counts["equal"] += 1

    def compare_matrix(self, key, mine, theirs):
        """The selftests say by a variant's name whether it must be refused; a check of the measuring itself, too."""
        if self.name != "core-loaded":
            return
        must_load = not re.search("__err_", os.path.basename(key[0]))
        for name, program in mine.items():
            if bool(tag(program)) != must_load:
                self.differ("other", key, name, ("does not load: " + brief(program["error"])) if must_load else "must be refused")


def print_table(comparisons):
    rows = [["", *(HEADINGS[column] for column in COLUMNS)]]
    rows += [[each.name, *(str(each.counts[column]) for column in COLUMNS)] for each in comparisons]
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]))


def main():
    if sys.argv[1] == "--differing":
        for file in sorted({key[1] for column, key, _ in Comparison(sys.argv[2]).run().differences if column == "tag"}):
            print(file)
        return
    comparisons = [Comparison(path.removesuffix(".reference")).run() for path in sys.argv[1:]]
    for comparison in comparisons:
        for _, _, line in sorted(comparison.differences):
            print(line)
    print()
    print_table(comparisons)
    if any(comparison.counts[column] for comparison in comparisons for column in FAILURES):
        sys.exit(1)


main()
