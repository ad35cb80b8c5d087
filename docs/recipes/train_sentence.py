#!/usr/bin/env python3
"""Fine-tunes the sentence network on judged pairs. Needs torch and safetensors; a CPU is enough.

  train_sentence.py --start BASE.safetensors --vocab vocab.txt --pairs JUDGED.jsonl [--pairs …]
                    [--claims claims.jsonl --queries queries_train.jsonl] --out tuned.safetensors

BASE is all-MiniLM-L6-v2; its word table stays as it is, and so do its lower layers. Pairs: one JSON
object per line, {label, a: {text, speaker?, cue?}, b: {…}} (`judged_pairs.py` makes them). A pair of one
claim is pulled together, any other pushed apart: logistic loss of a scaled cosine, positives counting
three times. What a text meant before is held on to (the cosine of its old and new embedding), so that
few pairs do not spoil what the base model knows. With claims and queries, a query is to be nearest to
the claim that answers it among those of a batch (softmax over cosines times 20).
"""
import argparse
import json
import math
import random

import torch
import torch.nn.functional as F

import encoder_input as ei
import encoder_model as em
from train_encoder import read_vocabulary, save

BATCH, QUERIES, POSITIVE, ANCHOR, WARM = 24, 12, 3.0, 3.0, 0.1


def said(side):
    """What the program embeds of a statement."""
    return " ".join(part for part in (side.get("speaker"), side.get("cue"), side["text"]) if part)


class Texts:
    """Texts by number, with their input."""

    def __init__(self, pieces):
        self.pieces, self.number, self.inputs = pieces, {}, []

    def add(self, text):
        if text not in self.number:
            self.number[text] = len(self.inputs)
            ids = [self.pieces.id[ei.CLS]]
            for s, e in ei.tokens(text):
                ids += self.pieces.ids(text[s:e], ei.OUTSIDE)
            self.inputs.append(ids[: ei.MAX_WINDOW - 1] + [self.pieces.id[ei.SEP]])
        return self.number[text]

    def batch(self, numbers):
        longest = max(len(self.inputs[n]) for n in numbers)
        out = {k: torch.zeros(len(numbers), longest, dtype=torch.long) for k in ("ids", "cases", "states")}
        out["mask"] = torch.zeros(len(numbers), longest, dtype=torch.bool)
        for row, n in enumerate(numbers):
            out["ids"][row, : len(self.inputs[n])] = torch.tensor(self.inputs[n])
            out["mask"][row, : len(self.inputs[n])] = True
        return out


def embed(w, batch):
    """The mean of the last layer over all wordpieces, length 1."""
    mask = batch["mask"][:, :, None].float()
    return F.normalize((em.encode(w, batch) * mask).sum(1) / mask.sum(1), dim=-1)


def embed_all(w, texts, at_once=64):
    order = sorted(range(len(texts.inputs)), key=lambda n: len(texts.inputs[n]))
    out = torch.zeros(len(order), em.HIDDEN)
    with torch.inference_mode():
        for start in range(0, len(order), at_once):
            numbers = order[start : start + at_once]
            out[numbers] = embed(w, texts.batch(numbers))
    return out.clone()


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def answered(args, texts):
    """[(query, claim)] as numbers of texts."""
    if not args.queries:
        return []
    claims = {c["id"]: c["claim"] for c in lines(args.claims)}
    pairs = [(q["text"], claims[q["relevant"][0]]) for q in lines(args.queries) if q["relevant"][0] in claims]
    return [(texts.add(q), texts.add(c)) for q, c in pairs]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--start", required=True)
    args.add_argument("--vocab")
    args.add_argument("--pairs", action="append", required=True)
    args.add_argument("--claims")
    args.add_argument("--queries")
    args.add_argument("--out", required=True)
    args.add_argument("--layers", type=int, default=2, help="how many of the upper layers change")
    args.add_argument("--rate", type=float, default=3e-5)
    args.add_argument("--passes", type=int, default=1)
    args.add_argument("--query-weight", type=float, default=0.2)
    args.add_argument("--seed", type=int, default=1)
    args.add_argument("--stretch", type=float, default=1.0, help="how many times as far as training went")
    args = args.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    w = em.load(args.start)
    texts = Texts(ei.WordPieces(read_vocabulary(args.vocab, args.start)))
    pairs = [p for path in args.pairs for p in lines(path)]
    pairs = [(texts.add(said(p["a"])), texts.add(said(p["b"])), float(p["label"])) for p in pairs]
    queries = answered(args, texts)
    before, first = embed_all(w, texts), {name: t.clone() for name, t in w.items()}
    upper = tuple(f"encoder.layer.{n}." for n in range(em.LAYERS - args.layers, em.LAYERS))
    tuned = [t.requires_grad_() for name, t in w.items() if name.startswith(upper)]
    scale, shift = torch.tensor(10.0, requires_grad=True), torch.tensor(-6.0, requires_grad=True)
    optimiser = torch.optim.AdamW([{"params": tuned}, {"params": [scale, shift], "lr": 0.02}], lr=args.rate, weight_decay=0.01)
    steps, step, loss_sum = args.passes * math.ceil(len(pairs) / BATCH), 0, 0.0
    print(f"{len(pairs)} pairs, {sum(int(p[2]) for p in pairs)} of one claim; {len(queries)} queries; {steps} steps", flush=True)
    for _ in range(args.passes):
        rng.shuffle(pairs)
        for start in range(0, len(pairs), BATCH):
            step += 1
            optimiser.param_groups[0]["lr"] = args.rate * min(1, step / (WARM * steps)) * max(0, 1 - step / steps)
            some = pairs[start : start + BATCH]
            numbers = [p[0] for p in some] + [p[1] for p in some]
            now = embed(w, texts.batch(numbers))
            same = torch.tensor([p[2] for p in some])
            cosine = (now[: len(some)] * now[len(some) :]).sum(1)
            loss = F.binary_cross_entropy_with_logits(scale * cosine + shift, same, weight=1 + (POSITIVE - 1) * same)
            loss = loss + ANCHOR * (1 - (now * before[numbers]).sum(1)).mean()
            if queries:
                some = rng.sample(queries, QUERIES)
                asked = embed(w, texts.batch([q for q, _ in some] + [c for _, c in some]))
                near = asked[:QUERIES] @ asked[QUERIES:].T * 20
                loss = loss + args.query_weight * F.cross_entropy(near, torch.arange(QUERIES))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tuned, 1.0)
            optimiser.step()
            loss_sum += float(loss.detach())
            if step % 25 == 0:
                print(f"step {step}: mean loss {loss_sum / 25:.3f}", flush=True)
                loss_sum = 0.0
    keep = lambda name: name != em.WORDS and name.startswith(("embeddings.", "encoder."))
    # On in the direction that training took (task arithmetic: Ilharco et al. 2023).
    further = lambda name, t: first[name] + args.stretch * (t.detach() - first[name])
    save({name: further(name, t) for name, t in w.items() if keep(name)}, args.out)


if __name__ == "__main__":
    main()
