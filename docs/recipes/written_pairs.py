#!/usr/bin/env python3
"""Statements with versions that were written for them, to a pairs file. Standard library only.

  written_pairs.py written.jsonl [written.jsonl ...] > PAIRS.jsonl

One item a line: {id, base: {speaker, cue, text}, variants: [{kind, label, speaker, cue, text}, …]}. Every
version makes a pair with its base, and some make pairs among themselves.
"""
import json
import sys

AMONG = [("reported", "other_occasion", 1), ("brief", "paraphrase", 1), ("paraphrase", "opposite", 0),
         ("reported", "same_topic", 0), ("paraphrase", "other_speaker", 0), ("reported", "detail", 0)]


def side(version):
    return {"speaker": version.get("speaker") or "", "cue": version.get("cue") or "", "text": version["text"]}


def pairs_of(item):
    versions = {v["kind"]: v for v in item["variants"]}
    yield from ((item["base"], v, v["label"], v["kind"]) for v in item["variants"])
    for first, second, label in AMONG:
        if first in versions and second in versions:
            yield versions[first], versions[second], label, f"{first}/{second}"


def main(*paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for item in map(json.loads, lines):
                for n, (a, b, label, kind) in enumerate(pairs_of(item)):
                    pair = {"id": f"{item['id']}-{n}", "label": label, "category": kind, "a": side(a), "b": side(b)}
                    print(json.dumps(pair, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
