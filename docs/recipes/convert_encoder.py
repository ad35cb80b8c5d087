#!/usr/bin/env python3
"""Weights in safetensors to the one binary file that the program embeds. Needs numpy only.

  convert_encoder.py W.safetensors encoder.bin [--vocab vocab.txt]

The layout is in README.md. The same input gives the same bytes: no clock, no random numbers,
tensors in order of their names. A network without a word table (one that shares the table of
another) is converted without vocabulary.
"""
import argparse
import json
import os
import re
import struct
import unicodedata

import numpy as np

MAGIC = b"PRVENC01"
ALIGN = 64
WINDOW = 256  # positions beyond the longest window are never used
LABELS = ["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"]
FORBIDDEN = -10000.0
WORDS = "embeddings.word_embeddings.weight"
POSITIONS = "embeddings.position_embeddings.weight"
TYPES = "embeddings.token_type_embeddings.weight"
DTYPES = {"F16": np.float16, "F32": np.float32}


def read_safetensors(path):
    with open(path, "rb") as f:
        data = f.read()
    (size,) = struct.unpack("<Q", data[:8])
    out = {}
    for name, t in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__" or t["dtype"] not in DTYPES:
            continue
        a, b = t["data_offsets"]
        values = np.frombuffer(data[8 + size + a : 8 + size + b], DTYPES[t["dtype"]])
        out[name.removeprefix("bert.")] = values.reshape(t["shape"]).astype(np.float32)
    return out


def kept(piece):
    """Everything but reserved entries and other scripts. Never by what one corpus happens to contain."""
    if re.fullmatch(r"\[unused\d+\]", piece):
        return False
    for c in piece:
        if c.isascii():
            continue
        kind = unicodedata.category(c)[0]
        if kind == "M":
            return False
        if kind in "LN" and not unicodedata.name(c, "").startswith(("LATIN", "CYRILLIC", "SUPERSCRIPT", "SUBSCRIPT", "VULGAR FRACTION")):
            return False
    return True


def int8_rows(matrix):
    scale = np.maximum(np.abs(matrix).max(1), np.float32(1e-12)) / np.float32(127)
    return np.rint(matrix / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def with_constraints(weights):
    """An I label must follow its own B or I: written into the CRF as a large negative score."""
    for inside in range(2, len(LABELS), 2):
        weights["crf.start"][inside] = FORBIDDEN
        for before in range(len(LABELS)):
            if before not in (inside - 1, inside):
                weights["crf.trans"][before, inside] = FORBIDDEN


def tensors_of(weights, vocabulary):
    out = {}
    if WORDS in weights:
        keep = [i for i, piece in enumerate(vocabulary) if kept(piece)]
        vocabulary = [vocabulary[i] for i in keep]
        weights[WORDS] = weights[WORDS][keep]
        out["vocab"] = np.frombuffer("\n".join(vocabulary).encode("utf-8"), np.uint8)
    weights[POSITIONS] = weights[POSITIONS][:WINDOW] + weights.pop(TYPES)[0]
    if "crf.start" in weights:
        with_constraints(weights)
    for name, values in weights.items():
        if name == WORDS or name.startswith("encoder.") and name.endswith(("query.weight", "key.weight", "value.weight", "dense.weight")):
            out[name], out[name + ".scale"] = int8_rows(values)
        elif name.startswith(("embeddings.", "encoder.", "x.", "head.", "crf.")):
            out[name] = values.astype(np.float32)
    return out, vocabulary


def config_of(tensors, vocabulary):
    layers = len({n.split(".")[2] for n in tensors if n.startswith("encoder.layer.")})
    inner, hidden = tensors["encoder.layer.0.intermediate.dense.weight"].shape
    config = {"layers": layers, "hidden": hidden, "heads": 12, "inner": inner,
              "positions": len(tensors[POSITIONS]), "window": WINDOW}
    if "head.w" in tensors:
        config["labels"] = LABELS
    if "vocab" in tensors:
        config["vocab_size"] = len(vocabulary)
        config.update({k: vocabulary.index(f"[{k.upper()}]") for k in ("pad", "unk", "cls", "sep")})
    return config


def file_bytes(tensors, vocabulary):
    names = {np.dtype(np.int8): "i8", np.dtype(np.float32): "f32", np.dtype(np.uint8): "u8"}
    up = lambda n: -(-n // ALIGN) * ALIGN
    table, at = {}, 0
    for name in sorted(tensors):
        t = tensors[name]
        table[name] = {"dtype": names[t.dtype], "shape": list(t.shape), "offset": at, "bytes": t.nbytes}
        at = up(at + t.nbytes)
    header, base = b"", 0
    while True:  # offsets count from the start of the file, so their digits decide where the tensors start
        placed = {n: {**t, "offset": t["offset"] + base} for n, t in table.items()}
        header = json.dumps({"config": config_of(tensors, vocabulary), "tensors": placed}, separators=(",", ":")).encode()
        start = up(len(MAGIC) + 4 + len(header))
        if start == base:
            break
        base = start
    out = bytearray(MAGIC + struct.pack("<I", len(header)) + header)
    for name in sorted(tensors):
        out.extend(b"\0" * (placed[name]["offset"] - len(out)))
        t = tensors[name]
        out.extend(t.astype(t.dtype.newbyteorder("<")).tobytes())
    return bytes(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("out")
    parser.add_argument("--vocab", help="default: vocab.txt beside the weights")
    args = parser.parse_args()
    vocabulary = []
    weights = read_safetensors(args.weights)
    if WORDS in weights:
        with open(args.vocab or os.path.join(os.path.dirname(args.weights), "vocab.txt"), encoding="utf-8") as f:
            vocabulary = f.read().removesuffix("\n").split("\n")
    tensors, vocabulary = tensors_of(weights, vocabulary)
    data = file_bytes(tensors, vocabulary)
    with open(args.out, "wb") as f:
        f.write(data)
    print(f"{args.out}: {len(data)} bytes, {len(tensors)} tensors, vocabulary {len(vocabulary)}")


if __name__ == "__main__":
    main()
