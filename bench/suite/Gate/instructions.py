#!/usr/bin/env python3
"""Instructions a call of three kernels, by callgrind: a gate without noise.

  instructions.py BENCH-SUITE           compares with instructions.json beside this file; exit status 1 above 2 percent
  instructions.py BENCH-SUITE --write   writes that file

Needs valgrind and strip. Counts are those of the instruction set that valgrind shows (AVX2 on x86-64) and of one compiler.
"""
import json, os, re, subprocess, sys, tempfile

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")


def count(suite, kernel, calls):
    with tempfile.TemporaryDirectory() as folder:
        # Valgrind does not read the linker's debug information.
        plain = os.path.join(folder, "suite")
        subprocess.run(["strip", "-o", plain, suite], check=True)
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", plain, "instructions", kernel,
             "--calls", str(calls)], capture_output=True, text=True)
        found = re.search(r"Collected : (\d+)", run.stderr)
        if run.returncode or not found:
            sys.exit(f"{kernel}: {run.stderr[-500:]}")
        return int(found.group(1))


def main():
    suite = sys.argv[1]
    counts = {k: (count(suite, k, 11000) - count(suite, k, 1000)) / 10000 for k in ("unpack", "score", "pairs")}
    if "--write" in sys.argv:
        json.dump(counts, open(FILE, "w"), indent=1)
    known = json.load(open(FILE))
    failed = False
    for kernel, value in counts.items():
        worse = value > known[kernel] * 1.02
        failed |= worse
        print(f"{kernel}: {value:.1f} instructions a call, known {known[kernel]:.1f}{'  WORSE' if worse else ''}")
    sys.exit(1 if failed else 0)


main()
