"""Gives judged pairs the cues of their statements.

    python pairs_with_cues.py PAIRS.jsonl GOLD.jsonl [GOLD.jsonl ...] > PAIRS_CUED.jsonl

A pairs file has document and spans of each side, a gold file the attributions of documents ({doc_id, text, attributions:
[{cue, content}]}, spans in code points). A side gets the cue of the attribution whose content begins and ends where it does;
sides without one stay as they are. How many were found goes to standard error.
"""

import json
import sys


def ends(spans):
    """Where a list of spans begins and ends."""
    return min(start for start, _ in spans), max(end for _, end in spans)


def cues_of(path):
    """(document, ends of the content) -> words of the cue."""
    found = {}
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        for attribution in record["attributions"]:
            if attribution.get("content") and attribution.get("cue"):
                words = " ".join(record["text"][start:end] for start, end in attribution["cue"])
                found[record["doc_id"], ends(attribution["content"])] = words
    return found


def main(pairs, *gold):
    cues = {}
    for path in gold:
        cues.update(cues_of(path))
    sides = with_cue = 0
    for line in open(pairs, encoding="utf-8"):
        pair = json.loads(line)
        for side in (pair["a"], pair["b"]):
            sides += 1
            cue = side.get("spans") and cues.get((side["doc"], ends(side["spans"])))
            if cue:
                side["cue"] = cue
                with_cue += 1
        print(json.dumps(pair, ensure_ascii=False))
    print(f"{with_cue} of {sides} sides have a cue", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
