#!/usr/bin/env python3
"""Writes what the Rust side must reproduce: input ids, scores and labels for a few short passages.

  reference_encoder.py encoder.bin OUT.json [--weights W.safetensors]

Everything is computed from the binary file itself. `labels_int8` and `emissions_int8` simulate the
integer arithmetic, `labels_f32` uses the same rounded weights with f32 activations; with --weights,
`labels_unrounded` are those of the network before its conversion.
"""
import argparse
import json
import struct

import torch

import encoder_input as ei
import encoder_model as em

TEXTS = [
    "“We counted eleven barges before dawn,” harbour master Ilse Brandt said on Monday. “None of them had lights.”\n"
    "The regional water board denied that it had been warned. According to a spokesman, Pavel Oru, the first call came at 6:40.",
    'The mayor doesn\'t expect a vote this year, two councillors told the Tarnfield Courier. "It is dead," one of them added.\n'
    "Ferry traffic: what we know so far",
    "We are really worried about the bridge, Okonkwo-Reyes told reporters. The ministry, citing an internal report, "
    "claimed that 1,200 vehicles crossed it in May.",
    "''Nobody asked us,'' wrote Dr. Anneli Västerby, who runs the clinic. Its owners announced plans to sell in the spring "
    "and believe the price is fair.",
]


def read_bin(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data[:8] == b"PRVENC01", "not an encoder file"
    (size,) = struct.unpack("<I", data[8:12])
    header = json.loads(data[12 : 12 + size])
    kinds = {"i8": torch.int8, "f32": torch.float32, "u8": torch.uint8}
    raw = {}
    for name, t in header["tensors"].items():
        part = bytearray(data[t["offset"] : t["offset"] + t["bytes"]])
        raw[name] = torch.frombuffer(part, dtype=kinds[t["dtype"]]).reshape(t["shape"])
    vocabulary = bytes(raw.pop("vocab").tolist()).decode("utf-8").split("\n")
    int8, rounded = {}, {}
    for name, t in raw.items():
        if name.endswith(".scale"):
            continue
        if t.dtype == torch.int8:
            scale = raw[name + ".scale"]
            rounded[name] = t.float() * scale[:, None]
            int8[name] = rounded[name] if name == em.WORDS else (t.float(), scale)
        else:
            rounded[name] = int8[name] = t
    return int8, rounded, vocabulary


def passages_of(text, pieces, int8, rounded, before):
    spans = ei.line_passages(text)
    prepared = [ei.Passage(text, s, e, pieces) for s, e in spans]
    batch_windows = ei.windows(prepared)
    scores = []
    with torch.inference_mode():
        for w in batch_windows:
            batch = em.collate([(*ei.window_input(prepared, w, pieces), None)])
            e = em.emissions(int8, em.encode(int8, batch), batch)
            scores += [e[k, : b - a].tolist() for k, (_, a, b) in enumerate(w)]
    paths8, paths32 = em.tag(int8, text, pieces)[1], em.tag(rounded, text, pieces)[1]
    out = []
    for n, (p, (s, e)) in enumerate(zip(prepared, spans)):
        item = {"start": s, "end": e, "tokens": p.spans, "states": p.states, "cases": p.cases, "ids": p.ids,
                "labels_int8": paths8[n], "labels_f32": paths32[n],
                "emissions_int8": [[round(x, 3) for x in row] for row in scores[n]]}
        if before:
            item["labels_unrounded"] = em.tag(before[0], text, before[1])[1][n]
        out.append(item)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder")
    parser.add_argument("out")
    parser.add_argument("--weights")
    parser.add_argument("--vocab", help="of --weights; default: vocab.txt beside them")
    args = parser.parse_args()
    int8, rounded, vocabulary = read_bin(args.encoder)
    before = None
    if args.weights:
        from train_encoder import read_vocabulary

        before = em.load(args.weights), ei.WordPieces(read_vocabulary(args.vocab, args.weights))
    pieces = ei.WordPieces(vocabulary)
    documents = [{"text": t, "passages": passages_of(t, pieces, int8, rounded, before)} for t in TEXTS]
    with open(args.out, "w", encoding="utf-8") as f:
        f.write('{"labels":' + json.dumps(em.LABELS) + ',"documents":[\n')
        f.write(",\n".join(json.dumps(d, ensure_ascii=False, separators=(",", ":")) for d in documents) + "\n]}\n")


if __name__ == "__main__":
    main()
