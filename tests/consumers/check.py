#!/usr/bin/env python3
"""Opens everything that `provenance` writes with the programs it is written for.

    python3 tests/consumers/check.py PROGRAM ARTICLES...

PROGRAM is the built `provenance`; ARTICLES are files or folders to read (examples/corpus). A hostile article of this
script's own is added. Beside Python's standard library these are used where they are installed, and named as skipped
where they are not: networkx (GraphML, GEXF), prov (PROV-JSON), rdflib or PyLD (JSON-LD), bibtexparser (BibTeX), Graphviz
`dot` (DOT), rsvg-convert (SVG). Ends with 1 when a check fails.
"""

import csv
import importlib
import json
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path

VIEWS = ["repeats", "lanes", "matrix", "stemma", "chain", "network"]
HOSTILE = [
    {
        "text": "Mara <script>alert(1)</script> Lind said that the “ferry” & the {quay} were closed on Monday. "
        "According to O'Hara \\ 50 % of $ & #1_x ^ ~ were lost, Mara Lind said.",
        "title": "\"]; } <script>alert(1)</script> & \\input{x} % ]]>",
        "outlet": "=cmd|' /C calc'!A0 <b>\u202e",
        "url": "javascript:alert(1)",
        "date": "2024-03-02",
    },
    {
        "text": "The “ferry” & the {quay} were closed on Monday, Mara <script>alert(1)</script> Lind said.",
        "title": "@comment{ {{",
        "outlet": "Плашка 漢字 🙂",
        "url": "https://example.org/a?b=c&d=\"e\"",
        "date": "2024-03-03",
    },
]

results = Counter()


def told(verdict, name, words=""):
    results[verdict] += 1
    print(f"{verdict:8} {name}{': ' + words if words else ''}")


def check(name, needs, work):
    """Runs one check; `needs` is a module or a program that has to be there, or None."""
    if needs and not shutil.which(needs):
        try:
            importlib.import_module(needs)
        except ImportError:
            return told("skipped", name, f"{needs} is not installed")
    try:
        told("ok", name, work() or "")
    except Exception as error:  # noqa: BLE001: whatever a consumer objects to is a failure of this check
        told("FAILED", name, f"{type(error).__name__}: {error}")


def same(found, expected, what):
    if found != expected:
        raise ValueError(f"{what}: {found} instead of {expected}")


def main(program, articles):
    folder = Path(tempfile.mkdtemp(prefix="consumers-"))
    try:
        return run_all(Path(program).resolve(), [str(Path(it).resolve()) for it in articles], folder)
    finally:
        shutil.rmtree(folder)


def run_all(program, articles, folder):
    hostile = folder / "hostile.jsonl"
    hostile.write_text("".join(json.dumps(it, ensure_ascii=False) + "\n" for it in HOSTILE), encoding="utf-8")

    def call(*arguments):
        done = subprocess.run([program, "--db", folder / "store.db", *arguments], capture_output=True, cwd=folder)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace')}")

    # what is found matters less here than that it is written: the quicker extractor will do
    call("ingest", "--extractor", "rules", *articles, hostile)
    for name in ["graphml", "gexf", "cyjs", "json", "dot", "nodes.csv"]:
        call("graph", "--all", "-o", f"graph.{name}")
    call("graph", "--all", "-o", "edges.csv")
    for view in VIEWS:
        call("graph", "--all", "--view", view, "-o", f"{view}.svg")
    for name in ["json", "webanno", "prov", "jsonld", "csl", "bibtex"]:
        call("export", name, "-o", f"export.{name}")
    call("export", "brat", "-o", "brat")

    def text(name):
        return (folder / name).read_text(encoding="utf-8")

    graph = json.loads(text("graph.json"))
    stored = json.loads(text("export.json"))
    size = (len(graph["nodes"]), len(graph["edges"]))
    texts = {it["id"]: it["text"] for it in stored["documents"]}
    plain = {it["id"]: it["label"] for it in graph["nodes"] if it["label"].isprintable()}

    def networkx(read):
        made = read()
        same((made.number_of_nodes(), made.number_of_edges()), size, "nodes and edges")
        labels = {node: data.get("label", "") for node, data in made.nodes(data=True) if node in plain}
        same(labels, plain, "labels")
        return f"{size[0]} nodes, {size[1]} edges"

    def graphml():
        import networkx as nx

        return networkx(lambda: nx.read_graphml(folder / "graph.graphml", force_multigraph=True))

    def gexf():
        import networkx as nx

        if "1.3" in nx.readwrite.gexf.GEXF.versions:
            return networkx(lambda: nx.read_gexf(folder / "graph.gexf", version="1.3"))
        # older releases know 1.2 only; what is read here is the same in both
        old = text("graph.gexf").replace("gexf.net/1.3", "www.gexf.net/1.2draft").replace('version="1.3"', 'version="1.2"')
        (folder / "old.gexf").write_text(old, encoding="utf-8")
        return networkx(lambda: nx.read_gexf(folder / "old.gexf"))

    def cyjs():
        elements = json.loads(text("graph.cyjs"))["elements"]
        same((len(elements["nodes"]), len(elements["edges"])), size, "nodes and edges")

    def tables():
        for name, count in [("graph.nodes.csv", size[0]), ("edges.csv", size[1])]:
            rows = list(csv.reader(text(name).splitlines(keepends=True)))
            same(len(rows) - 1, count, name)
            same([cell for row in rows for cell in row if cell[:1] in "=+-@" and cell], [], "formulas")

    def dot():
        done = subprocess.run(["dot", "-Tsvg", folder / "graph.dot"], capture_output=True, check=True)
        drawn = xml.fromstring(done.stdout)
        nodes = [it for it in drawn.iter() if it.get("class") == "node"]
        same(any("script" in it.tag for it in drawn.iter()), False, "a script")
        return f"{len(nodes)} nodes drawn"

    def svg(view):
        drawn = xml.fromstring(text(f"{view}.svg"))
        tags = Counter(it.tag.rsplit("}", 1)[-1] for it in drawn.iter())
        for tag in ["script", "foreignObject", "image", "iframe"]:
            same(tags[tag], 0, tag)
        for it in drawn.iter():
            same([name for name in it.attrib if name.lower().startswith("on")], [], "event handlers")
            for address in [value for name, value in it.attrib.items() if name.endswith("href")]:
                if not address.lower().startswith(("#", "http://", "https://", "file://")):
                    raise ValueError(f"a link to {address}")
        same(any(c in text(f"{view}.svg") for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), False, "bidi")
        return f"{tags['a']} marks"

    def png(view):
        target = folder / f"{view}.png"
        subprocess.run(["rsvg-convert", folder / f"{view}.svg", "-o", target], check=True, capture_output=True)
        return f"{target.stat().st_size} bytes"

    def webanno():
        items = json.loads(text("export.webanno"))["first"]["items"]
        same(len(items), len(stored["statements"]), "annotations")
        for target in (target for item in items for target in item["target"]):
            quote, place = target["selector"]
            document = texts[target["source"]["id"].rsplit(":", 1)[-1]]
            same(document[place["start"] : place["end"]], quote["exact"], "the words at their offsets")
            whole = quote["prefix"] + quote["exact"] + quote["suffix"]
            same(whole in document, True, "the words in their surroundings")
        return f"{len(items)} annotations"

    def prov():
        from prov.model import ProvDerivation, ProvDocument, ProvEntity

        made = ProvDocument.deserialize(folder / "export.prov", format="json")
        entities = {str(it.identifier) for it in made.get_records(ProvEntity)}
        same(all(f"p:{it}" in entities for it in texts), True, "every document an entity")
        again = ProvDocument.deserialize(content=made.serialize(format="json"), format="json")
        same(again == made, True, "written and read again")
        return f"{len(entities)} entities, {len(list(made.get_records(ProvDerivation)))} derivations"

    def articles_of(types):
        same(types["https://schema.org/NewsArticle"], len(texts), "articles")
        same(types["https://schema.org/Claim"], len(stored["claims"]), "claims")
        words = types["https://schema.org/Quotation"] + types["https://schema.org/Statement"]
        same(words, len(stored["statements"]), "quotations and statements")
        return f"{words} quotations and statements"

    def rdflib():
        from rdflib import RDF, Graph

        made = Graph().parse(data=text("export.jsonld"), format="json-ld")
        return f"{len(made)} triples, " + articles_of(Counter(str(it) for it in made.objects(None, RDF.type)))

    def pyld():
        from pyld import jsonld

        expanded = jsonld.expand(json.loads(text("export.jsonld")))
        return articles_of(Counter(kind for it in expanded for kind in it.get("@type", [])))

    def csl():
        items = json.loads(text("export.csl"))
        same([it["id"] for it in items], [it["id"] for it in stored["documents"]], "references")
        return f"{len(items)} references"

    def bibtex():
        import bibtexparser

        if hasattr(bibtexparser, "parse_string"):
            made = bibtexparser.parse_string(text("export.bibtex"))
            same(len(made.failed_blocks), 0, "blocks that could not be read")
            keys = [entry.key for entry in made.entries]
        else:
            keys = [entry["ID"] for entry in bibtexparser.loads(text("export.bibtex")).entries]
        same(sorted(keys), sorted(texts), "entries")
        return f"{len(keys)} entries"

    def brat():
        count = 0
        for path in sorted((folder / "brat").glob("*.ann")):
            document = path.with_suffix(".txt").read_bytes().decode("utf-8")
            for line in path.read_bytes().decode("utf-8").split("\n"):
                if line.startswith("T"):
                    _, place, words = line.split("\t", 2)
                    pieces = [piece.split(" ") for piece in place.split(" ", 1)[1].split(";")]
                    same(" ".join(document[int(start) : int(end)] for start, end in pieces), words, path.name)
                    count += 1
        return f"{count} annotations"

    check("GraphML by networkx", "networkx", graphml)
    check("GEXF by networkx", "networkx", gexf)
    check("Cytoscape JSON", None, cyjs)
    check("tables", None, tables)
    check("DOT by Graphviz", "dot", dot)
    for view in VIEWS:
        check(f"SVG {view} as XML", None, lambda view=view: svg(view))
        check(f"SVG {view} by rsvg-convert", "rsvg-convert", lambda view=view: png(view))
    check("Web Annotation", None, webanno)
    check("PROV-JSON by prov", "prov", prov)
    check("JSON-LD by rdflib", "rdflib", rdflib)
    check("JSON-LD by PyLD", "pyld", pyld)
    check("CSL-JSON", None, csl)
    check("BibTeX by bibtexparser", "bibtexparser", bibtex)
    check("brat", None, brat)
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(results.items())))
    return 1 if results["FAILED"] else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
