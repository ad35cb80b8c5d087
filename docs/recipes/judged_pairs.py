#!/usr/bin/env python3
"""Judgements on pairs of statements to a pairs file. Standard library only.

  judged_pairs.py judged_pairs.tsv GOLD.jsonl [GOLD.jsonl ...] > PAIRS.jsonl

The table has document and content of each side, the label (1: one claim), the relation and how sure it is; it holds no text. Text, source,
cue, date and outlet come from the gold files ({doc_id, outlet, date, text, attributions: [{source, cue, content}]}, spans in code
points). A pair whose documents are not there is left out; how many were made goes to standard error.
"""
import csv
import json
import re
import sys

MARKS = {"“": True, "”": False}


def spans_of(field):
    return [[int(x) for x in span.split("-")] for span in field.split(",")]


def one_line(text):
    return re.sub(r"\s+", " ", text).strip()


def kind_of(text, spans):
    """direct, mixed or indirect: how much of the letters stands inside double marks, counted from the start of the line."""
    inside_marks = letters = 0
    for start, end in spans:
        letters += sum(c.isalnum() for c in text[start:end])
        at, inside = text.rfind("\n", 0, start) + 1, False
        while at < end:
            double = text.startswith("''", at)
            if text[at] in MARKS:
                inside = MARKS[text[at]]
            elif text[at] == '"' or double:
                inside = not inside
            elif at >= start and inside and text[at].isalnum():
                inside_marks += 1
            at += 2 if double else 1
    share = inside_marks / max(1, letters)
    return "direct" if share > 0.9 else "mixed" if share > 0 else "indirect"


def side(record, spans):
    text = record["text"]
    own = next(a for a in record["attributions"] if a.get("content") == spans)
    part = lambda role: one_line(" ".join(text[s:e] for s, e in own.get(role) or []))
    content = " … ".join(one_line(text[s:e]) for s, e in spans)
    return {"doc": record["doc_id"], "spans": spans, "outlet": record["outlet"], "date": record["date"],
            "speaker": part("source"), "cue": part("cue"), "kind": kind_of(text, spans), "text": content}


def main(table, *gold):
    records = {}
    for path in gold:
        with open(path, encoding="utf-8") as lines:
            records.update((record["doc_id"], record) for record in map(json.loads, lines))
    made = of = 0
    with open(table, encoding="utf-8", newline="") as rows:
        for of, row in enumerate(csv.DictReader(rows, delimiter="\t"), 1):
            if row["doc_a"] not in records or row["doc_b"] not in records:
                continue
            made += 1
            a, b = (side(records[row["doc_" + x]], spans_of(row["content_" + x])) for x in "ab")
            pair = {"id": f"J{of:04}", "label": int(row["label"]), "category": row["relation"], "certainty": row["certainty"], "a": a, "b": b}
            print(json.dumps(pair, ensure_ascii=False))
    print(f"{made} of {of} pairs", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
