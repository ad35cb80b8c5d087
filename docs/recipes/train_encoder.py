#!/usr/bin/env python3
"""Fine-tunes, averages and measures the encoder. Needs torch and safetensors; a CPU is enough.

  train_encoder.py run  --start W.safetensors --gold train.jsonl --out run1.safetensors [--seconds 1500] [--seed 1]
  train_encoder.py soup --out mean.safetensors run1.safetensors run2.safetensors …
  train_encoder.py measure --gold dev.jsonl W.safetensors … [--int8]

W is the base model (all-MiniLM-L6-v2) or weights that were tuned before. Gold: one JSON document
per line, {text, attributions: [{source: [[s, e]…], cue: …, content: …}]}, code points, end exclusive.
`--vocab` names the vocabulary file; without it, vocab.txt beside the (first) weights is read.
"""
import argparse
import json
import os
import random
import time

import torch

import encoder_input as ei
import encoder_model as em

TRIM = " \t\r\n\"'“”‘’«»„.,;:!?…"
DOUBLE_MARKS = '"“”„‟«»＂'


def read_gold(path):
    with open(path, encoding="utf-8") as lines:
        docs = [json.loads(line) for line in lines if line.strip()]
    return [(d["text"], gold_spans(d)) for d in docs]


def trimmed(text, s, e):
    while s < e and text[s] in TRIM:
        s += 1
    while e > s and text[e - 1] in TRIM:
        e -= 1
    return s, e


def gold_spans(doc):
    """Every span once, (role, s, e), edge punctuation off; attributions may share a source."""
    found = set()
    for a in doc["attributions"]:
        for role in em.ROLES:
            for s, e in a.get(role) or []:
                s, e = trimmed(doc["text"], s, e)
                if s < e:
                    found.add((role, s, e))
    return sorted(found, key=lambda x: (x[1], x[2], x[0]))


def labels_of(passage, spans):
    """Label per token. Shorter spans win over longer ones; a token is in a span that covers half of it."""
    owner = [None] * len(passage)
    for n, (_, s, e) in sorted(enumerate(spans), key=lambda x: (x[1][1] - x[1][2], x[0])):
        for t, (a, b) in enumerate(passage.spans):
            if a >= e:
                break
            if 2 * (min(b, e) - max(a, s)) >= b - a:
                owner[t] = n
    out = []
    for t, n in enumerate(owner):
        if n is None:
            out.append(0)
        else:
            role = em.ROLES.index(spans[n][0])
            out.append(2 * role + (2 if t and owner[t - 1] == n else 1))
    return out


# --- damage: every kind maps each character to a string, so spans follow by adding lengths ---

def is_double(text, i):
    return text[i] in DOUBLE_MARKS or text[i : i + 2] in ("''", "``") or i > 0 and text[i - 1 : i + 1] in ("''", "``")


def marks_deleted(text, rng, share=1.0):
    return ["" if is_double(text, i) and rng.random() < share else c for i, c in enumerate(text)]


def marks_unbalanced(text, rng):
    return marks_deleted(text, rng, 0.35)


def marks_straight(text, rng):
    to = rng.choice(['"', "''"])
    return [to if c in DOUBLE_MARKS else c for c in text]


def marks_single(text, rng):
    """Double marks printed as single ones, as much of the English-speaking press does."""
    left, right = rng.choice([("'", "'"), ("‘", "’")])
    out = []
    for i, c in enumerate(text):
        if not is_double(text, i):
            out.append(c)
        elif text[i - 1 : i + 1] in ("''", "``"):
            out.append("")
        else:
            out.append(left if i == 0 or text[i - 1].isspace() else right)
    return out


def apostrophes_lost(text, rng):
    to = rng.choice(["", " "])
    inner = lambda i: 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[i + 1].isalnum()
    return [to if c in "'’" and inner(i) else c for i, c in enumerate(text)]


def passages_merged(text, rng):
    return [" " if c == "\n" else c for c in text]


def case_lost(text, rng):
    return [c.lower() for c in text] if rng.random() < 0.7 else [c.upper() for c in text]


# share of chunks that get it; independent draws
DAMAGE = [(marks_deleted, 0.2), (marks_unbalanced, 0.06), (marks_straight, 0.06), (marks_single, 0.04),
          (apostrophes_lost, 0.06), (passages_merged, 0.08), (case_lost, 0.04)]


def damaged(text, spans, kind, rng):
    parts = kind(text, rng)
    at, place = 0, []
    for p in parts:
        place.append(at)
        at += len(p)
    place.append(at)
    text = "".join(parts)
    moved = [(r, *trimmed(text, place[s], place[e])) for r, s, e in spans]
    return text, [x for x in moved if x[1] < x[2]]


def chunks(text, spans, rng):
    """A document as runs of consecutive passages, so that damage and window edges vary between epochs."""
    lines = ei.line_passages(text)
    i = 0
    while i < len(lines):
        n = rng.choice([2, 4, 8, 16, 32])
        s, e = lines[i][0], lines[min(i + n, len(lines)) - 1][1]
        yield text[s:e], [(r, a - s, b - s) for r, a, b in spans if s <= a and b <= e]
        i += n


def training_windows(docs, pieces, rng):
    out = []
    for text, spans in docs:
        for part, inside in chunks(text, spans, rng):
            for kind, share in DAMAGE:
                if rng.random() < share:
                    part, inside = damaged(part, inside, kind, rng)
            passages = [ei.Passage(part, s, e, pieces) for s, e in ei.line_passages(part)]
            labels, nearby = [], inside
            for p, (s, e) in zip(passages, ei.line_passages(part)):
                labels.append(labels_of(p, [x for x in nearby if x[1] < e and x[2] > s]))
            forget = 0.05 if rng.random() < 0.4 else 0.0
            for window in ei.windows(passages, rng.choice([96, 160, 256, 256, 256])):
                ids, cases, states, first = ei.window_input(passages, window, pieces)
                ids = [pieces.id["[MASK]"] if k > 103 and s < 2 and rng.random() < forget else k for k, s in zip(ids, states)]
                out.append((ids, cases, states, first, [begun(labels[p][a:b]) for p, a, b in window]))
    return out


def begun(labels):
    """A segment that starts inside a span starts with its B."""
    return [labels[0] - 1] + labels[1:] if labels and labels[0] and labels[0] % 2 == 0 else labels


def batches(items, size, rng):
    """Items of like length together, at most `size` positions with padding."""
    items = sorted(items, key=lambda i: len(i[0]) + rng.random() * 12)
    out, current, longest = [], [], 0
    for i in items:
        longest_now = (max(longest, len(i[0])) + 7) // 8 * 8
        if current and (len(current) + 1) * longest_now > size:
            out.append(current)
            current, longest_now = [], (len(i[0]) + 7) // 8 * 8
        current.append(i)
        longest = longest_now
    out.append(current)
    rng.shuffle(out)
    return out


def rate(name, top, decay, head, crf):
    """Layer-wise learning rate: the lower the layer, the gentler."""
    if name.startswith("crf."):
        return crf
    if name.startswith(("head.", "x.")):
        return head
    depth = int(name.split(".")[2]) + 1 if name.startswith("encoder.layer") else 0
    return top * decay ** (em.LAYERS - depth)


def run(args):
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    pieces = ei.WordPieces(read_vocabulary(args.vocab, args.start))
    docs = read_gold(args.gold)
    w = em.load(args.start, args.seed)
    tuned = [k for k in w if k != em.WORDS]  # the word table stays: other networks may share it
    groups = [{"params": [w[k].requires_grad_()], "peak": rate(k, args.rate, args.decay, args.head_rate, args.crf_rate),
               "lr": 0.0, "weight_decay": 0.01 if k in em.MATRICES else 0.0} for k in tuned]
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), eps=1e-6, fused=True)
    half = torch.bfloat16
    table = w[em.WORDS].to(half)
    begin, step, seen, loss_sum, tokens, queue, epoch = time.time(), 0, 0, 0.0, 0, [], 0
    while (done := (time.time() - begin) / args.seconds) < 1:
        if not queue:
            epoch += 1
            queue = batches(training_windows(docs, pieces, rng), args.batch, rng)
            print(f"epoch {epoch}: {len(queue)} batches, {time.time() - begin:.0f} s", flush=True)
        for g in optimiser.param_groups:
            g["lr"] = g["peak"] * min(done / 0.06, (1 - done) / 0.94)
        batch = em.collate(queue.pop())
        q = {k: (v.detach() if k.startswith(("head.", "crf.")) else v.detach().to(half)).requires_grad_() for k, v in w.items() if k != em.WORDS}
        q[em.WORDS] = table
        scores = em.emissions(q, em.encode(q, batch, half, args.dropout), batch, args.dropout)
        loss = em.crf_loss(q, scores, batch["gold"], batch["tokens"])
        n = int(batch["tokens"].sum())
        for k, g in zip(tuned, torch.autograd.grad(loss / n, [q[k] for k in tuned], allow_unused=True)):
            w[k].grad = None if g is None else g.float()
        torch.nn.utils.clip_grad_norm_([w[k] for k in tuned], 1.0)
        optimiser.step()
        step, seen, loss_sum, tokens = step + 1, seen + int(batch["mask"].sum()), loss_sum + float(loss.detach()), tokens + n
        if step % 50 == 0:
            print(f"step {step} done {done:.3f} loss {loss_sum / tokens:.4f} wordpieces/s {seen / (time.time() - begin):.0f}", flush=True)
            loss_sum, tokens = 0.0, 0
    save(w, args.out)


def save(w, path):
    from safetensors.torch import save_file

    save_file({k: v.detach().contiguous() for k, v in sorted(w.items())}, path)


def soup(args):
    loaded = [em.load(p) for p in args.weights]
    save({k: sum(w[k] for w in loaded) / len(loaded) for k in loaded[0]}, args.out)


def read_vocabulary(path, beside):
    path = path or os.path.join(os.path.dirname(beside), "vocab.txt")
    with open(path, encoding="utf-8") as f:
        return f.read().removesuffix("\n").split("\n")


def exact_scores(w, docs, pieces, without_marks=False):
    """{role: (P, R, F1, right, predicted, gold)} over distinct spans, edge punctuation trimmed; optionally on copies that lost every double mark."""
    hit, said, gold = ({r: 0 for r in em.ROLES} for _ in range(3))
    for text, spans in docs:
        if without_marks:
            text, spans = damaged(text, spans, marks_deleted, random.Random(0))
        found = {(r, *trimmed(text, s, e)) for r, s, e in em.tag(w, text, pieces)[0]}
        for r in em.ROLES:
            p, g = {x for x in found if x[0] == r}, {x for x in spans if x[0] == r}
            hit[r], said[r], gold[r] = hit[r] + len(p & g), said[r] + len(p), gold[r] + len(g)
    pct = lambda a, b: 100 * a / max(1, b)
    return {r: (pct(hit[r], said[r]), pct(hit[r], gold[r]), pct(2 * hit[r], said[r] + gold[r]), hit[r], said[r], gold[r]) for r in em.ROLES}


def measure(args):
    torch.set_num_threads(args.threads)
    pieces = ei.WordPieces(read_vocabulary(args.vocab, args.weights[0]))
    docs = read_gold(args.gold)[args.skip :: args.every]
    for path in args.weights:
        w = em.load(path)
        for kind in ["f32", "int8"] if args.int8 else ["f32"]:
            weights = em.quantise_weights(w) if kind == "int8" else w
            for bare in (False, True):
                scores = exact_scores(weights, docs, pieces, bare)
                print(os.path.basename(path), kind, "marks deleted" if bare else "as printed   ",
                      "  ".join("%s P %.1f R %.1f F1 %.1f (%d %d %d)" % (r, *scores[r]) for r in em.ROLES), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    c = commands.add_parser("run")
    c.set_defaults(do=run)
    for name, kind, default in (("--start", str, None), ("--gold", str, None), ("--out", str, None), ("--vocab", str, None),
                                ("--seconds", float, 1500.0), ("--seed", int, 1), ("--threads", int, 1), ("--batch", int, 2048),
                                ("--rate", float, 6e-5), ("--decay", float, 0.9), ("--head-rate", float, 3e-4),
                                ("--crf-rate", float, 2e-3), ("--dropout", float, 0.08)):
        c.add_argument(name, type=kind, default=default, required=name in ("--start", "--gold", "--out"))
    c = commands.add_parser("soup")
    c.set_defaults(do=soup)
    c.add_argument("--out", required=True)
    c.add_argument("weights", nargs="+")
    c = commands.add_parser("measure")
    c.set_defaults(do=measure)
    c.add_argument("--gold", required=True)
    c.add_argument("--vocab")
    c.add_argument("--int8", action="store_true")
    c.add_argument("--threads", type=int, default=1)
    c.add_argument("--every", type=int, default=1, help="measure every n-th document only")
    c.add_argument("--skip", type=int, default=0)
    c.add_argument("weights", nargs="+")
    args = parser.parse_args()
    args.do(args)


if __name__ == "__main__":
    main()
