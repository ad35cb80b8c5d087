#!/usr/bin/env python3
"""`provenance` beside what one would pick instead, on the same texts, in one run, as Markdown tables.

    side_by_side.py --provenance target/release/provenance --articles ARTICLES.jsonl --pairs PAIRS.jsonl ...
                    --gold GOLD.jsonl --scorer evaluate_attribution.py

    pip install rapidfuzz datasketch textacy        # and an English spaCy model; what is missing is said and skipped

ARTICLES are JSON Lines with `text` (and what `ingest` reads beside it), PAIRS what `provenance evaluate --pairs` reads, GOLD what
`provenance evaluate` reads; the scorer is a Python file with `evaluate(gold, predicted)` and `Doc(text)`. Each part runs when its
files are given:

linking (--articles)
    rapidfuzz over all pairs, MinHash LSH of datasketch, and `provenance ingest --extractor fast`, all of it and less its extraction
    (`evaluate` on the same articles), at growing numbers of statements: those that provenance finds in more and more of the
    articles.
judged pairs (--pairs)
    the same measures of likeness, pair by pair, beside the score of provenance.
extraction (--gold, --scorer)
    a short script of regular expressions, textacy's direct quotations, and the three extractors.

Every figure is one process on one thread: processor seconds (user and system, the least of up to three runs) and peak memory.
`start` is the same command on one sentence: interpreter, libraries, models. It is taken off before rates and exponents are told.
The working folder is a temporary one. Run it on an idle machine.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ONE_THREAD = {name: "1" for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
SENTENCE = "“It rained all day in the harbour,” said Anna Berg on Monday."
PACKAGES = ["rapidfuzz", "datasketch", "textacy", "spacy", "numpy"]
LIKE = 90  # of 100: from this ratio on two statements are a pair to rapidfuzz
JACCARD = 0.7  # from this likeness on two statements are a pair to datasketch
LINKED = 0.87  # from this probability on provenance links
SEEN = 0.1  # seconds: less cannot be told from the noise of starting
LONG = 5  # words
LINKERS = [
    ("rapidfuzz `token_set_ratio` ≥ 90, all pairs", "token_set_ratio", "rapidfuzz"),
    ("rapidfuzz `ratio` ≥ 90, all pairs", "ratio", "rapidfuzz"),
    ("datasketch MinHash LSH, word triples, 128, 0.7", "minhash", "datasketch"),
]
EXTRACTORS = [
    ("regular expressions, quotations", "quotations", None),
    ("… and `X said that …`", "said_that", None),
    ("textacy, whole articles", "textacy_articles", "textacy"),
    ("textacy, paragraph by paragraph", "textacy_paragraphs", "textacy"),
]


# --- The other programs: each runs as a process of its own, `side_by_side.py --tool NAME INPUT OUTPUT`.


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def write_lines(path, objects):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(it, ensure_ascii=False) + "\n" for it in objects)


def all_pairs(scorer):
    """All pairs from LIKE on; upper triangle by blocks of rows, so that memory stays small and no pair is compared twice."""
    import numpy
    from rapidfuzz import fuzz, process, utils

    def run(source, target, _):
        texts = [utils.default_process(text) for text in read_lines(source)]
        with open(target, "w", encoding="utf-8") as out:
            for at in range(0, len(texts), 500):
                block = process.cdist(
                    texts[at : at + 500], texts[at:], scorer=getattr(fuzz, scorer), score_cutoff=LIKE, dtype=numpy.uint8, workers=1
                )
                for row, column in numpy.argwhere(block > 0):
                    if column > row:
                        out.write(f"{at + row} {at + column}\n")

    return run


def shingles(text):
    """Word triples; a text of fewer words is one."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


def hashed(text):
    from datasketch import MinHash

    one = MinHash(num_perm=128)
    one.update_batch([shingle.encode() for shingle in shingles(text)])
    return one


def minhash(source, target, _):
    from datasketch import MinHashLSH

    index, all_hashed = MinHashLSH(threshold=JACCARD, num_perm=128), []
    with open(target, "w", encoding="utf-8") as out:
        for number, text in enumerate(read_lines(source)):
            one = hashed(text)
            for other in sorted(index.query(one)):
                if one.jaccard(all_hashed[other]) >= JACCARD:
                    out.write(f"{other} {number}\n")
            index.insert(number, one)
            all_hashed.append(one)


def pair_scores(source, target, _):
    """Likeness of every judged pair, by each measure whose package is here."""
    pairs = [(it["a"]["text"], it["b"]["text"]) for it in read_lines(source)]
    found = {}
    if has("rapidfuzz"):
        from rapidfuzz import fuzz, utils

        for name in ("token_set_ratio", "ratio"):
            scorer = getattr(fuzz, name)
            found[f"rapidfuzz `{name}`"] = [scorer(a, b, processor=utils.default_process) for a, b in pairs]
    if has("datasketch"):
        found["datasketch MinHash, word triples"] = [float(hashed(a).jaccard(hashed(b))) for a, b in pairs]
    write_lines(target, [found])


# What somebody would write in an afternoon: quotation marks, and a name beside a verb of saying.
NAME = r"(?:[A-Z][\w.’'-]+(?: (?:of |the |de |van )?[A-Z][\w.’'-]+)*|[Hh]e|[Ss]he|[Tt]hey)"
SAID = r"(?:said|says|told \w+|added|wrote|tweeted|argued|claimed|asked|explained|insisted|warned|noted|according to)"
QUOTE = r"(?:“[^”\n]+”|\"[^\"\n]+\"|''[^\n]+?'')"
QUOTATIONS = [
    rf"(?P<content>{QUOTE}),? (?P<cue>{SAID}) (?P<source>{NAME})",
    rf"(?P<content>{QUOTE}),? (?P<source>{NAME}) (?P<cue>{SAID})",
    rf"(?P<source>{NAME}) (?P<cue>{SAID})[,:]? (?:that )?(?P<content>{QUOTE})",
]
SAID_THAT = rf"(?P<source>{NAME}) (?P<cue>{SAID}) (?:that )?(?P<content>[^“”\"\n]+?)(?=\.\s|\.$|\n)"


def by_patterns(patterns):
    def run(source, target, _):
        compiled, found = [re.compile(pattern) for pattern in patterns], []
        for it in read_lines(source):
            own, taken = [], set()
            for match in (match for pattern in compiled for match in pattern.finditer(it["text"])):
                if match.start("content") not in taken:
                    taken.add(match.start("content"))
                    own.append({role: [list(match.span(role))] for role in ("source", "cue", "content")})
            found.append({"doc_id": it["doc_id"], "attributions": own})
        write_lines(target, found)

    return run


def textacy_quotations(by_paragraph):
    """What textacy makes of an article. It refuses a text with an odd number of marks, apostrophes that stand alone included."""

    def run(source, target, model):
        import spacy
        from textacy.extract import direct_quotations

        english = spacy.load(model, exclude=["ner"])
        articles, pieces = read_lines(source), []
        for number, it in enumerate(articles):
            cut = re.finditer(r"[^\n]+", it["text"]) if by_paragraph else re.finditer(r"(?s).+", it["text"])
            pieces += [(match.group(), (number, match.start())) for match in cut]
        found, refused = [{"doc_id": it["doc_id"], "attributions": []} for it in articles], 0
        for read, (number, start) in english.pipe(pieces, as_tuples=True, batch_size=256 if by_paragraph else 8):
            try:
                quotations = list(direct_quotations(read))
            except ValueError:
                refused += 1
                continue
            for quotation in quotations:
                spans = [spans_of(quotation.speaker, start), spans_of(quotation.cue, start), spans_of(quotation.content, start)]
                found[number]["attributions"].append(dict(zip(("source", "cue", "content"), spans)))
        write_lines(target, found)
        print(f"refused {refused} of {len(pieces)}")

    return run


def spans_of(tokens, start):
    """Tokens as spans of characters; neighbours are one span."""
    spans, last = [], None
    for token in tokens:
        if spans and token.i == last + 1:
            spans[-1][1] = start + token.idx + len(token)
        else:
            spans.append([start + token.idx, start + token.idx + len(token)])
        last = token.i
    return spans


def tool(name):
    """Imports happen inside, so that a package that is missing stops one tool only."""
    if name in ("token_set_ratio", "ratio"):
        return all_pairs(name)
    return {
        "minhash": minhash,
        "pair_scores": pair_scores,
        "quotations": by_patterns(QUOTATIONS),
        "said_that": by_patterns([*QUOTATIONS, SAID_THAT]),
        "textacy_articles": textacy_quotations(False),
        "textacy_paragraphs": textacy_quotations(True),
    }[name]


# --- Measuring.


def has(package):
    return package is None or importlib.util.find_spec(package) is not None


# Starts a command and writes what it used. A process begins with the peak of the one that starts it, so this one is small.
STARTER = """
import os, sys
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
with open(sys.argv[1], "w") as out:
    out.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(os.waitstatus_to_exitcode(status) and 1)
"""


def measure(command, times=3, enough=3.0, before=None):
    """Least processor seconds of up to `times` runs (no more once they took `enough`), peak memory in MB, and what was printed."""
    best, peak, spent = math.inf, 0, 0.0
    for _ in range(times):
        if before:
            before()
        with tempfile.NamedTemporaryFile("r") as used:
            starter = [sys.executable, "-I", "-S", "-c", STARTER, used.name, *map(str, command)]
            environment = {**os.environ, **ONE_THREAD}
            ran = subprocess.run(starter, capture_output=True, text=True, errors="replace", env=environment, check=False)
            if ran.returncode:
                words = ran.stderr.strip().splitlines() or ["no word"]
                shown = [it for it in command if not isinstance(it, Path) and it != sys.executable]
                raise RuntimeError(f"{' '.join(map(str, shown[:4]))}: {words[-1]}")
            seconds, memory = map(float, used.read().split())
        best, spent = min(best, seconds), spent + seconds
        peak = max(peak, memory * (1 if sys.platform == "darwin" else 1024) / 1e6)
        if spent >= enough:
            break
    return best, peak, ran.stdout


def own(name, source, target, model="-"):
    return [sys.executable, Path(__file__).resolve(), "--tool", name, source, target, model]


def exponent(sizes, seconds):
    """Slope of the line through the logarithms; times too short to be measured well are left out."""
    points = [(math.log(n), math.log(s)) for n, s in zip(sizes, seconds) if s is not None and s >= SEEN]
    if len(points) < 2:
        return None
    x, y = (sum(axis) / len(points) for axis in zip(*points))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")
    sys.stdout.flush()


def number(value, digits=2):
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.{digits}f}"


def progress(words):
    print(words, file=sys.stderr, flush=True)


# --- Linking: time, memory, and how many pairs.


def linking(arguments, folder):
    articles = read_lines(arguments.articles)
    random.Random(1).shuffle(articles)
    sizes, rows, likely = [], {}, {}  # rows: name -> (start, [(seconds, MB, numbers of pairs) or None])
    program = arguments.provenance
    one = folder / "one.jsonl"
    write_lines(one, [{"doc_id": "one", "text": SENTENCE, "attributions": []}])
    progress("linking: all articles once, to know how many statements they hold")
    total = len(stored(program, folder, write_articles(folder, articles))[0])
    wanted = [n for n in arguments.sizes if n < total] + ([total] if any(n >= total for n in arguments.sizes) else [])
    shares = sorted({max(1, round(len(articles) * n / total)) for n in wanted})
    runs = [(name, which) for name, which, package in LINKERS if has(package)]
    for name, _, package in LINKERS:
        if not has(package):
            print(f"\nSkipped: {name} ({package} is not installed).")
    ingest, evaluated = "provenance: `ingest --extractor fast`, all of it", "provenance: extraction alone"
    less = "provenance: the rest"
    single = folder / "single.json"
    write_lines(single, [SENTENCE])
    for name, which in runs:
        rows[name] = (measure(own(which, single, folder / "out"))[0], [])
    for name, timed in ((ingest, timed_ingest), (evaluated, timed_extraction)):
        rows[name] = (timed(program, folder, one)[0], [])
    rows[less] = (rows[ingest][0] - rows[evaluated][0], [])
    for share in shares:
        path = write_articles(folder, articles[:share])
        seconds, memory = timed_ingest(program, folder, path)
        statements, links = stored(program, folder, path)
        sizes.append(len(statements))
        progress(f"linking: {share} articles, {len(statements)} statements, ingest {seconds:.1f} s")
        alone, alone_memory = timed_extraction(program, folder, path)
        counted = [sum(status == it for status in links.values()) for it in ("auto", "suggested", "apart")]
        rows[ingest][1].append((seconds, memory, counted))
        rows[evaluated][1].append((alone, alone_memory, None))
        rows[less][1].append((seconds - alone, None, None))
        texts = folder / "texts.json"
        write_lines(texts, statements)
        for name, which in runs:
            if likely.get(name, 0) * sizes[-1] ** 2 > arguments.limit:
                rows[name][1].append(None)
                continue
            seconds, memory, _ = measure(own(which, texts, folder / "out"))
            likely[name] = (seconds - rows[name][0]) / sizes[-1] ** 2  # a pair, twice
            progress(f"linking: {name}: {seconds:.1f} s")
            rows[name][1].append((seconds, memory, agreement(folder / "out", links, statements)))
    heads = [f"{n:,}" for n in sizes]
    cells, memories, pairs = [], [], []
    for name, (start, found) in rows.items():
        worked = [it and it[0] - start for it in found]
        slope = exponent(sizes, worked)
        shown = [number(it[0]) if it else f"not run, about {number(likely[name] * n**2)}" for n, it in zip(sizes, found)]
        cells.append([name, number(start), *shown, number(slope)])
        if name != less:
            memories.append([name, *(number(it and it[1]) for it in found)])
    table("Linking: processor seconds by number of statements", ["", "start", *heads, "grows with the power"], cells)
    table("Linking: peak memory, MB", ["", *heads], memories)
    for name, (_, found) in rows.items():
        last = found[-1]
        if name == ingest:
            pairs.append([name, *map("{:,}".format, last[2]), "", "", ""])
        elif last and last[2]:
            (many, *statuses), (many_long, linked_long, *_) = last[2]
            share = f"{100 * statuses[0] / max(1, rows[ingest][1][-1][2][0]):.0f} %"
            numbers = map("{:,}".format, [*statuses, many - sum(statuses)])
            pairs.append([name, *numbers, share, f"{linked_long:,} of {many_long:,}"])
        elif not last:
            pairs.append([name, "not run", *[""] * 5])
    table(
        f"Linking: pairs found among {sizes[-1]:,} statements",
        [
            "pairs found by",
            "linked by provenance",
            "suggested",
            "kept apart",
            "nothing to it",
            "of provenance's links found",
            f"pairs of {LONG} and more words: linked by provenance",
        ],
        pairs,
    )


def write_articles(folder, articles):
    """The articles as `ingest` reads them; beside them, as `evaluate` reads them, without gold."""
    path = folder / "articles.jsonl"
    write_lines(path, [{key: value for key, value in it.items() if key != "attributions"} for it in articles])
    bare = [{"doc_id": str(number), "text": it["text"], "attributions": []} for number, it in enumerate(articles)]
    write_lines(folder / "bare.jsonl", bare)
    return path


def timed_ingest(program, folder, path):
    store = folder / "store.db"

    def fresh():
        for file in folder.glob("store.db*"):
            file.unlink()

    command = [program, "--db", store, "ingest", "--extractor", "fast", "-j", "1", "--from", "jsonl", path]
    return measure(command, before=fresh)[:2]


def timed_extraction(program, folder, path):
    bare = path if path.name == "one.jsonl" else folder / "bare.jsonl"
    return measure([program, "evaluate", "--extractor", "fast", bare])[:2]


def stored(program, folder, path):
    """Contents of all statements of a store made of `path`, and the status of every link between two of them: contradictions and
    echoes (the same words from somebody else) are recorded as links too, and keep apart."""
    store = folder / "store.db"
    if not store.exists():
        timed = [program, "--db", store, "ingest", "--extractor", "fast", "--from", "jsonl", path]
        subprocess.run(timed, check=True, capture_output=True)
    exported = folder / "statements.jsonl"
    subprocess.run([program, "--db", store, "export", "jsonl", "-o", exported], check=True, capture_output=True)
    texts, numbers = [], {}
    with open(exported, encoding="utf-8") as file:
        for line in file:
            it = json.loads(line)
            numbers[it["id"]] = len(texts)
            texts.append(" ".join(piece["exact"] for piece in it["content"]))
    query = "SELECT x.id AS a, y.id AS b, relation, status FROM link JOIN statement x ON x.key = a JOIN statement y ON y.key = b"
    answer = subprocess.run([program, "--db", store, "sql", query, "--format", "jsonl"], check=True, capture_output=True, text=True)
    links = {}
    for line in answer.stdout.splitlines():
        it = json.loads(line)
        apart = it["relation"] in ("contradicts", "echo")
        links[tuple(sorted((numbers[it["a"]], numbers[it["b"]])))] = "apart" if apart else it["status"]
    return texts, links


def agreement(path, links, statements):
    """How many pairs stand in the file, how many of them provenance links, suggests and keeps apart; then the same for pairs of
    which both have LONG words."""
    long = [len(text.split()) >= LONG for text in statements]
    found = {only: dict.fromkeys(("all", "auto", "suggested", "apart"), 0) for only in (False, True)}
    with open(path, encoding="utf-8") as file:
        for line in file:
            a, b = map(int, line.split())
            for only in (False, True) if long[a] and long[b] else (False,):
                found[only]["all"] += 1
                if (a, b) in links:
                    found[only][links[a, b]] += 1
    return [[own[key] for key in ("all", "auto", "suggested", "apart")] for own in found.values()]


# --- Judged pairs: how well a measure tells same from not the same.


def prf(scored, threshold):
    true = sum(label for score, label in scored if score >= threshold)
    found = sum(score >= threshold for score, _ in scored)
    gold = sum(label for _, label in scored)
    precision, recall = true / found if found else 0.0, true / gold if gold else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if true else 0.0


def best_threshold(scored):
    return max({score for score, _ in scored}, key=lambda threshold: (prf(scored, threshold)[2], threshold))


def average_precision(scored):
    """Ties count as one step, so that their order does not matter."""
    gold, before, found, total = sum(label for _, label in scored), 0, 0, 0.0
    for threshold in sorted({score for score, _ in scored}, reverse=True):
        labels = [label for score, label in scored if score == threshold]
        before, found = before + sum(labels), found + len(labels)
        total += sum(labels) * before / found
    return total / gold


def judged(arguments, folder):
    sets, labels = [], []
    for path in arguments.pairs:
        measure(own("pair_scores", path, folder / "scores"), times=1)
        found = read_lines(folder / "scores")[0]
        pairs = read_lines(path)
        for name, extractor in (("provenance, words", "rules"), ("provenance, words and meaning", "accurate")):
            command = [arguments.provenance, "evaluate", "--pairs", path, "--extractor", extractor, "--predictions", folder / "out"]
            measure(command, times=1)
            scores = {it["id"]: it["score"] for it in read_lines(folder / "out")}
            found[f"{name}: as shipped (saw these pairs in training)"] = [scores[it["id"]] for it in pairs]
        sets.append(found)
        labels.append([it["label"] for it in pairs])
    used = {"rapidfuzz `token_set_ratio`": LIKE, "rapidfuzz `ratio`": LIKE, "datasketch MinHash, word triples": JACCARD}
    for place, (path, found, own_labels) in enumerate(zip(arguments.pairs, sets, labels)):
        rows = []
        for name, scores in found.items():
            scored = list(zip(scores, own_labels))
            best = best_threshold(scored)
            others = [score for at, it in enumerate(sets) if at != place for score in zip(it[name], labels[at])]
            elsewhere = best_threshold(others) if others and name in used else None
            moved = f"{told(*prf(scored, elsewhere))} at {number(elsewhere)}" if elsewhere is not None else "–"
            precision, recall, _ = prf(scored, used.get(name, LINKED))
            ran = f"{precision:.3f} / {recall:.3f} at {used.get(name, LINKED)}"
            rows.append([name, f"{average_precision(scored):.3f}", f"{told(*prf(scored, best))} at {number(best)}", moved, ran])
        same = sum(own_labels)
        table(
            f"Judged pairs: {path.name}, {same} the same, {len(own_labels) - same} not",
            [
                "",
                "average precision",
                "F1 (precision / recall) at the threshold that is best on these pairs",
                "… at one not chosen on them",
                "as one would run it: precision / recall",
            ],
            rows + held_out(arguments, place),
        )


def told(precision, recall, f1):
    return f"{f1:.3f} ({precision:.3f} / {recall:.3f})"


def held_out(arguments, place):
    """What `provenance linking measure` prints about the set: cross-validated over all sets."""
    rows = []
    for name, more in (("provenance, words", ["--words-only"]), ("provenance, words and meaning", [])):
        row = [f"{name}: held out"]
        for threshold in (0.5, LINKED):
            command = [arguments.provenance, "linking", "measure", *more, "--threshold", threshold, *arguments.pairs]
            printed = measure(command, times=1)[2]
            block = re.split(r"(?m)^(?=\S.*: \d+ pairs$)", printed)[1:][place]
            p, r, f1 = map(float, re.search(r"P ([\d.]+)\s+R ([\d.]+)\s+F1 ([\d.]+)", block).groups())
            if threshold == LINKED:
                row.append(f"{p:.3f} / {r:.3f} at {LINKED}")
                continue
            upper, precision = (re.search(rf"{it} ([\d.]+)", block).group(1) for it in ("upper bound", "average precision"))
            row += [precision, upper, f"{told(p, r, f1)} at {threshold}"]
        rows.append(row)
    return rows


# --- Extraction: speed and F1.


def speech_words():
    """The words of saying and writing, from the source of the program this script lies beside."""
    source = Path(__file__).resolve().parents[2] / "src/app/evaluate/speech.rs"
    if not source.exists():
        return None
    lists = dict(re.findall(r"const (\w+): &\[&str\] = &\[(.*?)\];", source.read_text(encoding="utf-8"), re.S))
    regular, forms = (re.findall(r'"([^"]+)"', lists[name]) for name in ("REGULAR", "FORMS"))
    endings = ("s", "es", "ies", "d", "ed", "ied", "ing", "ying")
    all_forms = set(forms) | set(regular)
    for verb in regular:
        stem = verb[:-1] if verb[-1] in "ey" else verb
        all_forms |= {base + ending for ending in endings for base in (verb, stem, stem + verb[-1])}
    return all_forms


def speech_only(documents, texts, scorer, words):
    kept = []
    for it in documents:
        text = texts[it["doc_id"]]
        doc = scorer.Doc(text)

        def speaks(attribution):
            cue = " ".join(text[start:end] for start, end in attribution.get("cue") or []).lower()
            says = any(word in words for word in re.findall(r"(?:[^\W_]|-)+", cue))
            return says or doc.qtype(doc.toks(attribution.get("content") or [])) != "indirect"

        kept.append({**it, "attributions": [attribution for attribution in it["attributions"] if speaks(attribution)]})
    return kept


def load_scorer(path):
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("scorer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extraction(arguments, folder):
    scorer, words = load_scorer(arguments.scorer), speech_words()
    gold = read_lines(arguments.gold)
    texts = {it["doc_id"]: it["text"] for it in gold}
    spoken = words and speech_only(gold, texts, scorer, words)
    one = folder / "one.jsonl"
    write_lines(one, [{"doc_id": "one", "text": SENTENCE, "attributions": []}])
    bare = folder / "bare.jsonl"
    write_lines(bare, [{**it, "attributions": []} for it in gold])
    out, rows = folder / "out", []

    def row(name, start, seconds, memory, report=None):
        predicted = read_lines(out)
        found = scorer.evaluate(gold, predicted)
        heard = words and scorer.evaluate(spoken, speech_only(predicted, texts, scorer, words))
        one_f1 = lambda report: "{:.1f} ({:.1f} / {:.1f})".format(*(100 * report["attribution"]["attr"][key] for key in "fpr"))
        kinds = " / ".join(f"{100 * found['type'][kind]['f']:.1f}" for kind in ("direct", "mixed", "indirect"))
        rate = number(len(gold) / (seconds - start)) if seconds - start >= SEEN else f"over {len(gold) / SEEN:,.0f}"
        scores = [one_f1(found), one_f1(heard) if heard else "–", kinds]
        rows.append([name, number(start), number(seconds), rate, number(memory), *scores])
        for view, mine in (("all", found), ("speech", heard)) if report else ():
            if mine and abs(mine["attribution"]["attr"]["f"] - report[view]["attribution"]["attr"]["f"]) > 1e-9:
                print(f"\nBeware: {name}, {view}: `evaluate` itself says {100 * report[view]['attribution']['attr']['f']:.3f}.")

    for name, which, package in EXTRACTORS:
        if not has(package):
            print(f"\nSkipped: {name} ({package} is not installed).")
            continue
        try:
            start = measure(own(which, one, out, arguments.spacy_model))[0]
            seconds, memory, printed = measure(own(which, arguments.gold, out, arguments.spacy_model))
        except RuntimeError as error:
            print(f"\nSkipped: {name} ({error}).")
            continue
        progress(f"extraction: {name}: {seconds:.2f} s {printed.strip()}")
        row(f"{name} ({printed.strip()})" if printed.strip() else name, start, seconds, memory)
    for tier in ("rules", "fast", "accurate"):
        command = [arguments.provenance, "evaluate", "--extractor", tier, "--predictions", out]
        start = measure([*command, one])[0]
        seconds, memory, _ = measure([*command, bare])  # without gold nothing is scored
        report = json.loads(measure([*command, arguments.gold, "--json"], times=1)[2])
        progress(f"extraction: {tier}: {seconds:.2f} s")
        row(f"provenance, {tier}", start, seconds, memory, report)
    head = ["", "start, s", "all, s", "articles/s", "MB"]
    head += ["F1, all (precision / recall)", "F1, speech view (precision / recall)", "F1, direct / mixed / indirect"]
    table(f"Extraction: {len(gold)} articles, {sum(len(it['attributions']) for it in gold):,} attributions", head, rows)


def versions(arguments):
    parts = [f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            parts.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            parts.append(f"{package} not installed")
    program = subprocess.run([arguments.provenance, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    processor = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        named = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        processor = named.group(1) if named else processor
    load = f"; others' work when it began: {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{time.strftime('%Y-%m-%d')}. {processor}, {os.cpu_count()} cores{load}. {program}; {', '.join(parts)}; ", end="")
    print(f"spaCy model {arguments.spacy_model}.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provenance", default="target/release/provenance", help="the built program")
    parser.add_argument("--articles", type=Path, help="JSON Lines of articles, for linking")
    parser.add_argument("--pairs", type=Path, nargs="+", default=[], help="files of judged pairs")
    parser.add_argument("--gold", type=Path, help="JSON Lines of articles with attributions")
    parser.add_argument("--scorer", type=Path, help="scorer of attributions, a Python file")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 3000, 10000, 20000], help="about how many statements")
    parser.add_argument("--spacy-model", default="en_core_web_sm")
    parser.add_argument("--limit", type=float, default=1800, help="seconds that all pairs may take, judged by the size before")
    parser.add_argument("--tool", nargs=4, metavar=("NAME", "INPUT", "OUTPUT", "MODEL"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.tool:
        name, source, target, model = arguments.tool
        tool(name)(source, target, model)
        return
    versions(arguments)
    with tempfile.TemporaryDirectory() as name:
        if arguments.articles:
            linking(arguments, Path(name))
        if arguments.pairs:
            judged(arguments, Path(name))
        if arguments.gold and arguments.scorer:
            extraction(arguments, Path(name))


if __name__ == "__main__":
    main()
