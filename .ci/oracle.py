#!/usr/bin/env python3
"""oracle.py BIN CASES: a case file of the reference semantics through a real kwicd and kwic.

Starts a daemon on a fresh index, adds the documents in small batches (many segments), asks every query with all hits,
compares documents and hits, then deletes and adds again half of the documents and asks once more, and once more when
all segments have been merged into one."""
import json, os, shutil, signal, subprocess, sys, tempfile, time

bin_dir, cases_path = sys.argv[1:3]
kwicd, kwic = os.path.join(bin_dir, "kwicd"), os.path.join(bin_dir, "kwic")
with open(cases_path) as f:
    documents = json.loads(f.readline())["documents"]
    cases = [json.loads(line) for line in f]
work = tempfile.mkdtemp(prefix="kwic-oracle-")
socket = os.path.join(work, "kwic.sock")


def client(*arguments, **keywords):
    return subprocess.run([kwic, *arguments, "--socket", socket], capture_output=True, text=True, **keywords)


def add(indices):
    path = os.path.join(work, "batch.jsonl")
    with open(path, "w") as out:
        for i in indices:
            out.write(json.dumps({"id": f"d{i}", "body": documents[i]}) + "\n")
    done = client("add", path)
    assert done.returncode == 0, done.stderr + done.stdout


def ask(label):
    path = os.path.join(work, "queries.txt")
    with open(path, "w") as out:
        out.writelines(case["query"] + "\n" for case in cases)
    done = client("search", "--queries", path, "--format", "json", "--limit", "0", "--all-hits", "--total", "hits")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(cases), f"{len(lines)} answers for {len(cases)} queries: {done.stderr[:500]}"
    wrong = 0
    for case, answer in zip(cases, lines):
        found = {r["id"]: [[h["lo"], h["hi"]] for h in r["hits"]] for r in answer.get("results", [])}
        expected = {f"d{i}": case["hits"][str(i)] for i in case["documents"]}
        total = answer.get("total", {})
        right = found == expected and total.get("documents") == len(expected) \
            and total.get("hits") == sum(map(len, expected.values()))
        if not right:
            wrong += 1
            if wrong <= 5:
                print("differs:", case["query"], json.dumps(answer)[:600], sep="\n  ")
                print("  expected", {k: v for k, v in expected.items() if found.get(k) != v},
                      "\n  found", {k: v for k, v in found.items() if expected.get(k) != v})
    print(f"oracle ({label}): {len(cases) - wrong} of {len(cases)} queries equal", flush=True)
    return wrong


daemon = subprocess.Popen([kwicd, "--index", os.path.join(work, "index"), "--socket", socket],
                          stdout=subprocess.DEVNULL, stderr=open(os.path.join(work, "log"), "w"))
try:
    deadline = time.time() + 20
    while client("status").returncode != 0:
        assert daemon.poll() is None and time.time() < deadline, open(os.path.join(work, "log")).read()
        time.sleep(0.05)
    for start in range(0, len(documents), 7):
        add(range(start, min(start + 7, len(documents))))
    wrong = ask("many small batches")
    for i in range(0, len(documents), 2):
        assert client("remove", f"d{i}").returncode == 0
    add(range(0, len(documents), 2))
    wrong += ask("half removed and added again")
    assert client("compact").returncode == 0
    wrong += ask("compacted")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(20) == 0, "the daemon did not end with 0"
finally:
    daemon.kill()
    shutil.rmtree(work)
sys.exit(1 if wrong else 0)
