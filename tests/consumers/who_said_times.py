#!/usr/bin/env python3
"""How long `provenance who-said` takes on a store, as whole processes: half of the queries, 95 % of them, the slowest.

    who_said_times.py STORE [PROVENANCE] [--queries N] [--any-words]

Queries are one to three neighbouring words out of random statements (always the same ones for the same store), function words
left out unless --any-words is given. By the clock: run it on an idle machine.
"""

import argparse
import json
import random
import re
import sqlite3
import subprocess
import time

FUNCTION_WORDS = set(
    "about after also because been before being could from have into just more most only other over said says should some such than"
    " that their them then there these they this those very were what when where which while will with would your".split()
)


def queries(store, many, any_words):
    """Random neighbouring words of at least four letters."""
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    (last,) = connection.execute("SELECT max(key) FROM statement").fetchone()
    chance = random.Random(4)
    found = []
    while len(found) < many:
        key = chance.randrange(1, last + 1)
        row = connection.execute(
            "SELECT content FROM quotes WHERE id = (SELECT id FROM statement WHERE key = ?)", (key,)
        ).fetchone()
        words = re.findall(r"[A-Za-z]{4,}", row[0] or "") if row else []
        if not any_words:
            words = [word for word in words if word.lower() not in FUNCTION_WORDS]
        if len(words) >= 3:
            start = chance.randrange(len(words) - 2)
            found.append(" ".join(words[start : start + chance.choice([1, 2, 2, 3])]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("program", nargs="?", default="target/release/provenance")
    parser.add_argument("--queries", type=int, default=60)
    parser.add_argument("--any-words", action="store_true")
    arguments = parser.parse_args()
    times, hits = [], []
    for query in queries(arguments.store, arguments.queries, arguments.any_words):
        command = [arguments.program, "--db", arguments.store, "who-said", query, "--json"]
        began = time.monotonic()
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        times.append((1000 * (time.monotonic() - began), query))
        found = json.loads(answer.stdout)
        hits.append(len(found["results"]) + found["left_out"])
    times.sort()
    hits.sort()
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))][0]
    print(f"{len(times)} queries: p50 {at(0.5):.0f} ms, p95 {at(0.95):.0f} ms, slowest {times[-1][0]:.0f} ms ({times[-1][1]!r})")
    print(f"statements that hold the words: half of the queries {hits[len(hits) // 2]} or fewer, at most {hits[-1]}")


if __name__ == "__main__":
    main()
