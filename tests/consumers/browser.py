#!/usr/bin/env python3
"""Opens the report and the pictures of `provenance` in headless Chromium and uses them as a reader would.

    python3 tests/consumers/browser.py PROGRAM ARTICLES... [--keep FOLDER]

PROGRAM is the built `provenance`; ARTICLES are files or folders to read (examples/corpus). Python's standard library and
a Chromium (or Chrome) are all it needs: it speaks the DevTools protocol over a pipe. With --keep everything written stays
in FOLDER, screenshots and the printed PDF too, to be looked at. Ends with 1 when a check fails, with 0 and one line when
there is no browser.

What is checked: nothing is asked of the network, nothing is said on the console, Tab reaches every control and shows
where it is, filter, sort and hints work by keyboard, the page needs no sideways scrolling at 200 % (and at 400 %), it
prints to A4 within the paper; in every picture no text is cut off by the edge and no two texts lie on each other.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
]
VIEWS = ["repeats", "lanes", "matrix", "stemma", "chain", "network"]

# What Tab has to reach: every link with an address, every field, whatever asks for focus; what is hidden does not count.
REACHABLE = """
(() => [...document.querySelectorAll('a[href], input, select, button, [tabindex]')]
  .filter(it => it.tabIndex >= 0 && it.getClientRects().length > 0).length)()
"""
# Numbers the elements, so that two links to one place are two.
NAME_THEM = """
[...document.querySelectorAll('a[href], input, select, button, [tabindex]')].forEach((it, at) => { it.dataset.at = at; })
"""
FOCUSED = """
(() => { const it = document.activeElement; if (!it || it === document.body) { return null; }
  const style = getComputedStyle(it);
  return { at: it.dataset.at, what: it.outerHTML.slice(0, 80), ring: style.outlineStyle !== 'none' || it.matches(':focus-visible') }; })()
"""
# Boxes of all texts as drawn, moved to the page: one that sticks out of the picture, two that lie on each other.
TEXTS = """
(() => {
  const svg = document.documentElement, frame = svg.getBoundingClientRect(), bad = [];
  const texts = [...svg.querySelectorAll('text')].filter(it => it.textContent.trim() && it.getClientRects().length)
    .map(it => ({ words: it.textContent.slice(0, 40), box: it.getBoundingClientRect(), turned: /rotate/.test(it.getAttribute('transform') || '') }));
  for (const { words, box } of texts) {
    if (box.left < frame.left - 1 || box.top < frame.top - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1) { bad.push('cut off: ' + words); }
  }
  // the box of a letter is higher than its ink: a little may overlap
  const slack = 0.22;
  for (let a = 0; a < texts.length; a++) {
    for (let b = a + 1; b < texts.length; b++) {
      const p = texts[a].box, q = texts[b].box;
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left), high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      const least = Math.min(p.height, q.height), narrow = Math.min(p.width, q.width);
      if (!texts[a].turned && !texts[b].turned && wide > Math.min(2, narrow / 2) && high > least * slack) {
        bad.push('on each other: ' + texts[a].words + ' | ' + texts[b].words);
      }
    }
  }
  return { texts: texts.length, bad };
})()
"""

results = Counter()


def told(verdict, name, words=""):
    results[verdict] += 1
    print(f"{verdict:8} {name}{': ' + words if words else ''}", flush=True)


def check(name, work):
    try:
        told("ok", name, work() or "")
    except Exception as error:  # noqa: BLE001: whatever goes wrong is a failure of this check
        told("FAILED", name, f"{type(error).__name__}: {error}")


def same(found, expected, what):
    if found != expected:
        raise ValueError(f"{what}: {found} instead of {expected}")


class Browser:
    """One Chromium, spoken to over a pipe: messages are JSON, each ended by a zero byte."""

    def __init__(self, program, folder):
        to_it, self.out = os.pipe()
        self.inn, from_it = os.pipe()
        arguments = [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"]

        def at_3_and_4():
            # the two ends may themselves be numbered 3 and 4
            first, second = os.dup(to_it), os.dup(from_it)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            arguments, preexec_fn=at_3_and_4, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(to_it)
        os.close(from_it)
        self.count, self.rest, self.events = 0, b"", []

    def read(self):
        while b"\0" not in self.rest:
            piece = os.read(self.inn, 1 << 20)
            if not piece:
                raise RuntimeError("the browser ended")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, session=None, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def close(self):
        try:
            self.ask("Browser.close")
        except (RuntimeError, OSError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Page:
    """A tab with one file open."""

    def __init__(self, browser, path, width=1280, height=900):
        self.browser, self.address = browser, path.resolve().as_uri()
        self.target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.ask("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.ask(f"{domain}.enable")
        self.size(width, height)
        browser.events.clear()
        self.ask("Page.navigate", url=self.address)
        for _ in range(200):
            state = self.value("document.readyState + ' ' + location.href")
            if state == f"complete {self.address}":
                break
        else:
            raise RuntimeError(f"{path.name} did not load: {state}")

    def ask(self, method, **parameters):
        return self.browser.ask(method, self.session, **parameters)

    def size(self, width, height, dots=1):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=dots, mobile=False)

    def value(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["text"] + " in " + script.strip()[:60])
        return answer["result"].get("value")

    def key(self, key, text=None, modifiers=0):
        codes = {"Tab": 9, "ArrowDown": 40, "Enter": 13, "Backspace": 8}
        code = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0].upper())), "modifiers": modifiers}
        self.ask("Input.dispatchKeyEvent", type="keyDown", **code, **({"text": text} if text else {}))
        self.ask("Input.dispatchKeyEvent", type="keyUp", **code)

    def words(self, words):
        for letter in words:
            self.key(letter, text=letter)

    def shot(self, path, whole=False):
        answer = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def silent(self):
        """Neither console nor network were used, the file itself excepted."""
        said, asked = [], []
        for event in self.browser.events:
            if event.get("sessionId") != self.session:
                continue
            name, it = event["method"], event["params"]
            if name == "Runtime.consoleAPICalled":
                said.append(str([argument.get("value") for argument in it["args"]]))
            elif name == "Runtime.exceptionThrown":
                said.append(it["exceptionDetails"]["text"])
            elif name == "Log.entryAdded":
                said.append(it["entry"]["text"])
            elif name == "Network.requestWillBeSent" and not it["request"]["url"].startswith("data:"):
                asked.append(it["request"]["url"])
        same(said, [], "said on the console")
        same([url for url in asked if url != self.address], [], "asked of the network")

    def close(self):
        self.browser.ask("Target.closeTarget", targetId=self.target)


def report(browser, path, folder):
    page = Page(browser, path)

    def opens():
        page.silent()
        same(page.value("document.querySelectorAll('h1').length"), 1, "headings")
        page.shot(folder / "report.png")
        return f"{page.value('document.querySelectorAll(`article`).length')} claims, {path.stat().st_size // 1000} kB"

    def by_keyboard():
        page.value(NAME_THEM)
        expected, seen = page.value(REACHABLE), {}
        for _ in range(expected + 5):
            page.key("Tab")
            it = page.value(FOCUSED)
            if it is None or it["at"] in seen:
                break
            same(it["ring"], True, f"{it['what']} shows that it has the focus")
            seen[it["at"]] = it["what"]
        same(len(seen), expected, "controls that Tab reaches")
        return f"{expected} controls"

    def filters():
        page.value("document.getElementById('filter').focus()")
        everything = page.value("document.getElementById('count').textContent")
        word = page.value("document.querySelector('article h3').textContent.trim().split(/\\s+/).pop()")
        page.words("zzzq")
        same(page.value("document.getElementById('count').textContent").split()[0], "0", "claims that say nonsense")
        for _ in range(4):
            page.key("Backspace")
        same(page.value("document.getElementById('count').textContent"), everything, "claims after the filter is gone")
        page.words(word.lower())
        shown = page.value("[...document.querySelectorAll('article')].filter(it => !it.hidden && it.getClientRects().length).length")
        same(page.value("document.getElementById('count').textContent").split()[0], str(shown), "claims counted")
        if shown < 1:
            raise ValueError(f"no claim says {word!r}")
        page.value("{ const it = document.getElementById('filter'); it.value = ''; it.dispatchEvent(new Event('input')); }")
        return f"{shown} claims say {word!r}"

    def sorts():
        first = page.value("document.querySelector('article').id")
        page.value("document.getElementById('sort').focus()")
        orders = []
        for _ in range(2):
            page.key("ArrowDown")
            orders.append(page.value("document.getElementById('sort').value"))
        same(orders, ["date", "speaker"], "orders to choose")
        names = page.value("[...document.querySelectorAll('article')].map(it => it.dataset.speaker)")
        same(names, sorted(names, key=lambda it: it.encode("utf-16-be")), "speakers in order")
        return f"first was {first[:9]}, now the claims of {names[0]!r}"

    def hints():
        mark = "[...document.querySelectorAll('figure a')].find(it => it.querySelector('title'))"
        page.value(f"{mark}.focus()")
        title = page.value(f"{mark}.querySelector('title').textContent")
        same(page.value("document.getElementById('hint').hidden"), False, "the hint is hidden")
        same(page.value("document.getElementById('hint').textContent"), title, "the hint")
        page.shot(folder / "report-hint.png")
        return title.splitlines()[0][:60]

    def no_sideways(times):
        # zooming in by n is a window of an n-th of the width, with n dots for one
        page.size(1280 // times, 900 // times, times)
        wide = page.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.shot(folder / f"report-{times}00-percent.png")
        if wide > 0:
            culprit = page.value(
                "[...document.body.querySelectorAll('*')].filter(it => !it.closest('figure') && it.getBoundingClientRect().right > innerWidth + 1)"
                ".slice(0, 3).map(it => it.outerHTML.slice(0, 90))"
            )
            raise ValueError(f"{wide} px wider than the window: {culprit}")
        return f"{1280 // times} px wide"

    def prints():
        page.size(1280, 900)
        done = page.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        pdf = base64.b64decode(done["data"])
        (folder / "report.pdf").write_bytes(pdf)
        # the width of the text on A4 with the margins of the page
        page.ask("Emulation.setEmulatedMedia", media="print")
        page.size(673, 950)
        wide = page.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        same(wide > 0, False, f"{wide} px wider than the paper")
        cut = page.value(
            "[...document.querySelectorAll('figure svg')].filter(it => it.getBoundingClientRect().right > innerWidth + 1).length"
        )
        same(cut, 0, "pictures cut off by the edge of the paper")
        same(page.value("getComputedStyle(document.querySelector('.controls')).display"), "none", "controls on paper")
        page.ask("Emulation.setEmulatedMedia", media="")
        if b"/MediaBox [0 0 594.95" not in pdf and b"/MediaBox [0 0 595" not in pdf and b"/MediaBox [0 0 594" not in pdf:
            raise ValueError("the paper is not A4")
        return f"{pdf.count(b'/Type /Page') - pdf.count(b'/Type /Pages')} pages"

    check("report: nothing on the console, nothing from the network", opens)
    check("report: Tab reaches every control and shows where it is", by_keyboard)
    check("report: filter by keyboard", filters)
    check("report: sort by keyboard", sorts)
    check("report: a mark that has the focus says what it is", hints)
    check("report: 200 %", lambda: no_sideways(2))
    check("report: 400 %", lambda: no_sideways(4))
    check("report: A4", prints)
    check("report: still nothing on the console", page.silent)
    page.close()


def picture(browser, path, folder):
    page = Page(browser, path)
    try:
        page.silent()
        wide, high = page.value("[document.documentElement.getBoundingClientRect().width, document.documentElement.getBoundingClientRect().height]")
        page.size(max(100, min(8000, int(wide) + 1)), max(100, min(8000, int(high) + 1)))
        page.shot(folder / f"{path.stem}.png")
        found = page.value(TEXTS)
        if found["bad"]:
            raise ValueError(f"{len(found['bad'])} of {found['texts']} texts: " + "; ".join(found["bad"][:4]))
        return f"{found['texts']} texts, {wide:.0f} × {high:.0f}"
    finally:
        page.close()


def main(program, articles, keep):
    browser_program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser_program:
        print("skipped: no Chromium is installed")
        return 0
    with tempfile.TemporaryDirectory(prefix="browser-") as scratch:
        folder = Path(keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        pictures = written(Path(program).resolve(), articles, Path(scratch), folder)
        browser = Browser(browser_program, Path(scratch) / "profile")
        try:
            if (folder / "report.html").exists():
                report(browser, folder / "report.html", folder)
            for path in pictures:
                check(f"picture {path.stem}", lambda path=path: picture(browser, path, folder))
        finally:
            browser.close()
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(results.items())))
    return 1 if results["FAILED"] else 0


def written(program, articles, scratch, folder):
    """The report and every picture of the articles; where the only article is a folder of pictures, those."""
    if len(articles) == 1 and Path(articles[0]).is_dir() and list(Path(articles[0]).glob("*.svg")):
        return sorted(Path(articles[0]).glob("*.svg"))

    def call(*arguments):
        done = subprocess.run([program, "--db", scratch / "store.db", *arguments], capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace')}")

    call("ingest", "--extractor", "rules", *articles)
    call("report", "-o", folder / "report.html")
    pictures = []
    for view in VIEWS:
        for name, options in [(view, []), (f"{view}-400", ["--all", "--max-nodes", "400"])]:
            call("graph", "--view", view, *options, "-o", folder / f"{name}.svg")
            pictures.append(folder / f"{name}.svg")
    return pictures


if __name__ == "__main__":
    wanted, keep = sys.argv[1:], None
    if "--keep" in wanted:
        at = wanted.index("--keep")
        keep = wanted[at + 1]
        del wanted[at : at + 2]
    if len(wanted) < 2:
        sys.exit(__doc__)
    sys.exit(main(wanted[0], wanted[1:], keep))
