"""Runs a command that prints a line of JSON for each of its files, over many files, and writes the lines to a file:

    run.py [--limit SECONDS] [--descriptors N] [--target NAME] OUT COMMAND [ARGUMENT...] -- FILE...

One file that takes longer than the limit, or that ends the command, stops no other: its line says how it "died", and the
command is started again with the rest. Each line gets the "seconds" that it took, and the
"target" that --target says.
--descriptors leaves that many files open in the command, so that those it opens have other numbers.
"""
import argparse
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time


class Runner:
    def __init__(self, options, command, out):
        self.options, self.command, self.out = options, command, out
        self.about = {"target": options.target} if options.target else {}
        self.open_files = [os.open("/dev/null", os.O_RDONLY) for _ in range(options.descriptors)]

    def write(self, line):
        self.out.write(json.dumps({**line, **self.about}) + "\n")
        # Where this runs the kernel may die with the next file.
        self.out.flush()
        os.fsync(self.out.fileno())

    def run(self, files):
        while files:
            files = files[self.start(files) :]

    def start(self, files):
        """Runs the command over the files, as far as it gets. Returns how many have a line then."""
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                self.command + files, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, pass_fds=self.open_files)
            done, death = self.read(process, len(files))
            process.kill()
            process.wait()
            process.stdout.close()
            if done == len(files):
                return done
            if not death:
                errors.seek(0)
                code = process.returncode
                name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
                death = f"{name} {errors.read().decode(errors='replace').strip()[-300:]}".strip()
        self.write({"file": files[done], "died": death})
        return done + 1

    def read(self, process, count):
        """Reads a line a file, until the command ends or is over its time. Returns how many, and how it died if we know."""
        done, rest, began = 0, b"", time.monotonic()
        while True:
            left = self.options.limit - (time.monotonic() - began)
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                return done, f"over the limit of {self.options.limit:g} s"
            data = os.read(process.stdout.fileno(), 1 << 16)
            if not data:
                process.wait()
                return done, None
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                now = time.monotonic()
                self.write({**json.loads(line), "seconds": round(now - began, 3)})
                began = now
                done += 1
                if done == count:
                    return done, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--descriptors", type=int, default=0)
    parser.add_argument("--target")
    parser.add_argument("out")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    split = options.rest.index("--", 1)
    with open(options.out, "a", encoding="utf-8") as out:
        Runner(options, options.rest[:split], out).run(options.rest[split + 1 :])


main()
