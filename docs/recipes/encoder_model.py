"""The network in PyTorch: BERT encoder with two extra inputs, label head, linear-chain CRF.

In: windows from `encoder_input`, weights from a safetensors file. Out: labels, losses, spans.
Knows nothing of training loops or files of gold. README.md states the same network in words.
"""
import math

import torch
import torch.nn.functional as F

import encoder_input as ei

LAYERS, HIDDEN, HEADS, INNER = 6, 384, 12, 1536
ROLES = ["source", "cue", "content"]
LABELS = ["O"] + [f"{x}-{r}" for r in ROLES for x in "BI"]
FORBIDDEN = -10000.0
WORDS = "embeddings.word_embeddings.weight"
PARTS = ["attention.self.query", "attention.self.key", "attention.self.value",
         "attention.output.dense", "intermediate.dense", "output.dense"]
MATRICES = [f"encoder.layer.{i}.{p}.weight" for i in range(LAYERS) for p in PARTS]


def load(path, seed=0):
    """Weights by name, in f32. A plain base model gets a fresh head and neutral extra inputs."""
    from safetensors.torch import load_file

    weights = {}
    for name, tensor in load_file(path).items():
        name = name.removeprefix("bert.")
        if name.startswith(("embeddings.", "encoder.", "x.", "head.", "crf.")) and "position_ids" not in name:
            weights[name] = tensor.float().clone()
    if "head.w" not in weights:
        draw = torch.Generator().manual_seed(seed)
        n = len(LABELS)
        weights["x.case"], weights["x.quote"] = torch.zeros(4, HIDDEN), torch.zeros(4, HIDDEN)
        weights["head.w"] = torch.randn(n, HIDDEN, generator=draw) * 0.02
        weights["head.b"] = torch.zeros(n)
        weights["crf.trans"], weights["crf.start"], weights["crf.end"] = torch.zeros(n, n), torch.zeros(n), torch.zeros(n)
    return weights


def forbidden():
    """Additive masks (transitions, start): an I needs its own B or I before it."""
    n = len(LABELS)
    trans, start = torch.zeros(n, n), torch.zeros(n)
    for inside in range(2, n, 2):
        start[inside] = FORBIDDEN
        for before in range(n):
            if before not in (inside - 1, inside):
                trans[before, inside] = FORBIDDEN
    return trans, start


def row_scales(x):
    """One scale per row for symmetric int8."""
    return x.abs().amax(-1, keepdim=True).clamp_min(1e-12) / 127


def quantise_weights(weights):
    """A copy in which every int8 matrix is (whole numbers, scales) and the word table is rounded."""
    out = dict(weights)
    for name in MATRICES:
        scale = row_scales(weights[name])
        out[name] = (torch.round(weights[name] / scale), scale[:, 0])
    scale = row_scales(weights[WORDS])
    out[WORDS] = torch.round(weights[WORDS] / scale) * scale
    return out


def linear(x, weight, bias):
    if not isinstance(weight, tuple):
        return F.linear(x, weight, bias)
    rows, scale = weight
    s = row_scales(x)
    return F.linear(torch.round(x * (1 / s)), rows) * s * scale + bias


def encode(w, batch, kind=torch.float32, dropout=0.0):
    """Last hidden states [windows, positions, HIDDEN]."""
    ids, cases, states, mask = batch["ids"], batch["cases"], batch["states"], batch["mask"]
    b, t = ids.shape
    norm = lambda x, name: F.layer_norm(x, (HIDDEN,), w[name + ".LayerNorm.weight"], w[name + ".LayerNorm.bias"], 1e-12)
    x = F.embedding(ids, w[WORDS]) + w["embeddings.position_embeddings.weight"][:t]
    if "embeddings.token_type_embeddings.weight" in w:
        x = x + w["embeddings.token_type_embeddings.weight"][0]
    x = x + F.embedding(cases, w["x.case"]) + F.embedding(states, w["x.quote"])
    x = F.dropout(norm(x.to(kind), "embeddings"), dropout)
    hide = torch.zeros(b, 1, 1, t, dtype=kind).masked_fill(~mask[:, None, None, :], -1e4)
    for i in range(LAYERS):
        p = f"encoder.layer.{i}."
        apply = lambda x, part: linear(x, w[p + part + ".weight"], w[p + part + ".bias"])
        heads = lambda part: apply(x, part).view(b, t, HEADS, HIDDEN // HEADS).transpose(1, 2)
        q, k, v = heads(PARTS[0]), heads(PARTS[1]), heads(PARTS[2])
        a = torch.softmax(torch.matmul(q * (1 / math.sqrt(HIDDEN // HEADS)), k.transpose(2, 3)) + hide, -1)
        a = apply(torch.matmul(a, v).transpose(1, 2).reshape(b, t, HIDDEN), PARTS[3])
        x = norm(x + F.dropout(a, dropout), p + "attention.output")
        h = apply(F.gelu(apply(x, PARTS[4])), PARTS[5])
        x = norm(x + F.dropout(h, dropout), p + "output")
    return x


def emissions(w, hidden, batch, dropout=0.0):
    """[segments, tokens, labels], read at the first wordpiece of every token."""
    b, t, _ = hidden.shape
    flat = hidden.reshape(b * t, HIDDEN)
    h = flat[batch["first"].reshape(-1)].view(*batch["first"].shape, HIDDEN).float()
    return F.linear(F.dropout(h, dropout), w["head.w"], w["head.b"])


def crf_loss(w, scores, gold, mask):
    """Negative log likelihood, summed over segments."""
    no_trans, no_start = forbidden()
    trans, start, end = w["crf.trans"] + no_trans, w["crf.start"] + no_start, w["crf.end"]
    m = mask.float()
    path = start[gold[:, 0]] + (scores.gather(2, gold[:, :, None])[:, :, 0] * m).sum(1)
    path = path + (trans[gold[:, :-1], gold[:, 1:]] * m[:, 1:]).sum(1)
    path = path + end[gold.gather(1, mask.sum(1, keepdim=True) - 1)[:, 0]]
    alpha = start + scores[:, 0]
    for t in range(1, scores.shape[1]):
        step = torch.logsumexp(alpha[:, :, None] + trans, 1) + scores[:, t]
        alpha = torch.where(mask[:, t, None], step, alpha)
    return (torch.logsumexp(alpha + end, 1) - path).sum()


def viterbi(w, scores, mask):
    """Best label path per segment."""
    no_trans, no_start = forbidden()
    trans, start, end = w["crf.trans"] + no_trans, w["crf.start"] + no_start, w["crf.end"]
    alpha, back = start + scores[:, 0], []
    for t in range(1, scores.shape[1]):
        best, origin = (alpha[:, :, None] + trans).max(1)
        alpha = torch.where(mask[:, t, None], best + scores[:, t], alpha)
        back.append(torch.where(mask[:, t, None], origin, torch.arange(len(LABELS))[None]))
    y = (alpha + end).argmax(1)
    path = [y]
    for origin in reversed(back):
        y = origin.gather(1, y[:, None])[:, 0]
        path.append(y)
    path = torch.stack(path[::-1], 1)
    return [path[i, : int(mask[i].sum())].tolist() for i in range(len(path))]


def collate(items):
    """items: (ids, cases, states, first, labels per segment or None) -> padded tensors."""
    b, t = len(items), (max(len(i[0]) for i in items) + 7) // 8 * 8
    segments = [(n, seg, None if i[4] is None else i[4][k]) for n, i in enumerate(items) for k, seg in enumerate(i[3])]
    longest = max(len(s[1]) for s in segments)
    out = {k: torch.zeros(b, t, dtype=torch.long) for k in ("ids", "cases", "states")}
    out["mask"] = torch.zeros(b, t, dtype=torch.bool)
    out["first"] = torch.zeros(len(segments), longest, dtype=torch.long)
    out["gold"], out["tokens"] = torch.zeros_like(out["first"]), torch.zeros(len(segments), longest, dtype=torch.bool)
    for n, (ids, cases, states, _, _) in enumerate(items):
        for k, v in (("ids", ids), ("cases", cases), ("states", states)):
            out[k][n, : len(v)] = torch.tensor(v)
        out["mask"][n, : len(ids)] = True
    for r, (n, seg, labels) in enumerate(segments):
        out["first"][r, : len(seg)] = torch.tensor(seg) + n * t
        out["tokens"][r, : len(seg)] = True
        if labels is not None:
            out["gold"][r, : len(seg)] = torch.tensor(labels)
    return out


def spans_of(labels):
    """[(role, first token, end token)] of a label path."""
    out, role, start = [], None, 0
    for i, y in enumerate(labels + [0]):
        if role is not None and y != role * 2 + 2:
            out.append((ROLES[role], start, i))
            role = None
        if y % 2 == 1:
            role, start = (y - 1) // 2, i
    return out


def tag(w, text, pieces, passages=None, limit=ei.MAX_WINDOW, kind=torch.float32, at_once=6):
    """[(role, start, end)] in code points, plus the label path of every passage."""
    prepared = [ei.Passage(text, s, e, pieces) for s, e in passages or ei.line_passages(text)]
    wins = ei.windows(prepared, limit)
    paths, found = [[] for _ in prepared], []
    with torch.inference_mode():
        for n in range(0, len(wins), at_once):
            group = wins[n : n + at_once]
            batch = collate([(*ei.window_input(prepared, g, pieces), None) for g in group])
            best = viterbi(w, emissions(w, encode(w, batch, kind), batch), batch["tokens"])
            for (p, a, b), path in zip([s for g in group for s in g], best):
                paths[p] += path
                found += [(r, prepared[p].spans[a + s][0], prepared[p].spans[a + e - 1][1]) for r, s, e in spans_of(path)]
    return found, paths
