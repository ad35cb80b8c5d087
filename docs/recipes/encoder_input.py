"""Text to encoder input: tokens, quotation states, case classes, wordpieces, windows.

In: the text of a document (code points) and the spans of its passages.
Out: windows of wordpiece ids with two side inputs, and the span of every token.
This is the reference for the Rust side; README.md in this folder states the same rules in words.
It needs no package outside the standard library.
"""
import unicodedata

APOSTROPHES = "'’‘ʼ`´"
HYPHENS = "-‐‑"
JOINERS = "\u00ad\u200c\u200d"  # inside words, never seen by the encoder
BLANK = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff")
OPENING = {"“", "„", "‟", "«", "``"}
CLOSING = {"”", "»"}
UNDIRECTED = {'"', "＂", "''"}
BEFORE_OPENING = "([{—–-/"  # beside white space and the edge of the passage
AFTER_CLOSING = ".,;:!?)]}…—–-"
OUTSIDE, INSIDE, OPENS, CLOSES = range(4)
LOWER, CAPITALISED, UPPER, OTHER = range(4)
PAD, UNK, CLS, SEP = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
MAX_WINDOW = 256  # wordpieces, the special ones counted
MAX_PIECES = 24  # of one token
MAX_PART = 100  # characters of one part of a token
SENTENCE_MARKS = {".", "!", "?", "…"}
ABBREVIATIONS = {
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "st", "jr", "sr", "lt", "col",
    "sgt", "capt", "no", "vs", "inc", "corp", "co", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
}


def is_blank(c):
    return c.isspace() or c in BLANK or unicodedata.category(c) == "Cc"


def is_mark(c):
    return unicodedata.category(c)[0] == "M"


def is_word(c):
    return c.isalnum() or c in JOINERS or is_mark(c)


def tokens(text, start=0, end=None):
    """Spans of the tokens of text[start:end]; a linear scan, no look-behind past `start`."""
    end = len(text) if end is None else end
    word_at = lambda k: start <= k < end and is_word(text[k])
    out, i = [], start
    while i < end:
        c = text[i]
        if is_blank(c):
            i += 1
            continue
        j = i + 1
        if is_word(c) or (c in APOSTROPHES and word_at(i - 1) and word_at(j)):
            while j < end:
                if is_word(text[j]):
                    j += 1
                elif text[j] in HYPHENS and word_at(j + 1):
                    j += 2
                elif text[j] in ".," and text[j - 1].isnumeric() and j + 1 < end and text[j + 1].isnumeric():
                    j += 2
                else:
                    break
        elif c in "'`" and j < end and text[j] == c:
            j += 1
        out.append((i, j))
        i = j
    return out


def quotation_states(text, spans, start=0, end=None):
    """One state per token. Runs over a whole passage, before any cutting into windows."""
    end = len(text) if end is None else end
    inside, low, out = False, False, []
    for s, e in spans:
        w = text[s:e]
        opens = None
        if w == "“" and inside and low:
            opens = False  # „Zitat“
        elif w in OPENING:
            opens = True
        elif w in CLOSING:
            opens = False
        elif w in UNDIRECTED:
            free_left = s <= start or is_blank(text[s - 1]) or text[s - 1] in BEFORE_OPENING
            free_right = e >= end or is_blank(text[e]) or text[e] in AFTER_CLOSING
            opens = free_left if free_left != free_right else not inside
        if opens is None:
            out.append(INSIDE if inside else OUTSIDE)
        else:
            out.append(OPENS if opens else CLOSES)
            inside, low = opens, w == "„"
    return out


def case_class(word):
    letters = [c for c in word if c.isalpha()]
    if not letters:
        return OTHER if any(c.isnumeric() for c in word) else LOWER
    capitals = sum(c.isupper() for c in letters)
    if capitals == 0:
        return LOWER
    if capitals == len(letters) and len(letters) > 1:
        return UPPER
    return CAPITALISED if letters[0].isupper() else OTHER


def is_ideograph(c):
    o = ord(c)
    return 0x4E00 <= o <= 0x9FFF or 0x3400 <= o <= 0x4DBF or 0xF900 <= o <= 0xFAFF or 0x20000 <= o <= 0x2FA1F


class WordPieces:
    """Greedy longest match over a BERT vocabulary (uncased, accents stripped)."""

    def __init__(self, vocabulary):
        self.id = {w: i for i, w in enumerate(vocabulary)}
        self.longest = max(len(w) for w in vocabulary)
        self.cache = {}

    def parts(self, word):
        plain = "".join("'" if c in APOSTROPHES else "-" if c in HYPHENS else c for c in word if c not in JOINERS)
        plain = [c for c in unicodedata.normalize("NFD", plain.lower()) if not is_mark(c)]
        out, run = [], ""
        for c in plain:
            if is_word(c) and not is_ideograph(c):
                run += c
                continue
            if run:
                out.append(run)
                run = ""
            out.append(c)
        return out + [run] if run else out

    def part_ids(self, part):
        if len(part) > MAX_PART:
            return [self.id[UNK]]
        out, i = [], 0
        while i < len(part):
            for j in range(min(len(part), i + self.longest), i, -1):
                k = self.id.get(part[i:j] if i == 0 else "##" + part[i:j])
                if k is not None:
                    break
            else:
                return [self.id[UNK]]
            out.append(k)
            i = j
        return out

    def ids(self, word, state):
        """Wordpiece ids of one token; a quotation mark is “ or ” whatever it was in print."""
        if state in (OPENS, CLOSES):
            word = "“" if state == OPENS else "”"
        found = self.cache.get(word)
        if found is None:
            found = [k for p in self.parts(word) for k in self.part_ids(p)][:MAX_PIECES] or [self.id[UNK]]
            self.cache[word] = found
        return found


class Passage:
    """A passage ready for windows: parallel lists over its tokens."""

    def __init__(self, text, start, end, pieces):
        self.spans = tokens(text, start, end)
        self.states = quotation_states(text, self.spans, start, end)
        self.words = [text[s:e] for s, e in self.spans]
        self.cases = [case_class(w) for w in self.words]
        self.ids = [pieces.ids(w, q) for w, q in zip(self.words, self.states)]

    def __len__(self):
        return len(self.spans)

    def sentence_ends_before(self, c):
        """May the passage be cut before token c?"""
        if not 0 < c < len(self) or self.spans[c - 1][1] >= self.spans[c][0]:
            return False
        if self.states[c] == CLOSES or self.words[c][0].islower():
            return False
        k = c - 1
        while k > 0 and (self.states[k] == CLOSES or self.words[k] in (")", "]", "}", "'", "’")):
            k -= 1
        if self.words[k] not in SENTENCE_MARKS:
            return False
        if self.words[k] == "." and k > 0 and self.spans[k - 1][1] == self.spans[k][0]:
            last = self.words[k - 1]
            return not (len(last) == 1 and last.isalpha() or last.lower() in ABBREVIATIONS)
        return True

    def segments(self, limit):
        """Token ranges of at most `limit` wordpieces each, cut at sentence ends where there are any."""
        sizes = [len(p) for p in self.ids]
        out, a = [], 0
        while a < len(self):
            total, b, any_end, good_end = 0, a, None, None
            while b < len(self) and total + sizes[b] <= limit:
                total += sizes[b]
                b += 1
                if self.sentence_ends_before(b):
                    any_end = b
                    if self.states[b - 1] in (OUTSIDE, CLOSES) and 2 * total >= limit:
                        good_end = b
            if b < len(self):
                b = good_end or any_end or b
            out.append((a, b))
            a = b
        return out


def windows(passages, limit=MAX_WINDOW):
    """Lists of segments (passage index, first token, end token), packed greedily in order."""
    out, current, total = [], [], 1
    for p, passage in enumerate(passages):
        for a, b in passage.segments(limit - 2):
            cost = sum(len(k) for k in passage.ids[a:b]) + 1  # and one [SEP]
            if current and total + cost > limit:
                out.append(current)
                current, total = [], 1
            current.append((p, a, b))
            total += cost
    return out + [current] if current else out


def window_input(passages, window, pieces):
    """-> ids, cases, states (one per wordpiece) and, per segment, the positions of its tokens' first wordpieces."""
    ids, cases, states, first = [pieces.id[CLS]], [LOWER], [OUTSIDE], []
    for p, a, b in window:
        passage, here = passages[p], []
        for t in range(a, b):
            here.append(len(ids))
            ids += passage.ids[t]
            cases += [passage.cases[t]] * len(passage.ids[t])
            states += [passage.states[t]] * len(passage.ids[t])
        ids.append(pieces.id[SEP])
        cases.append(LOWER)
        states.append(OUTSIDE)
        first.append(here)
    return ids, cases, states, first


def line_passages(text):
    """Passages of a plain text: its lines that are not blank."""
    out, at = [], 0
    for line in text.split("\n"):
        if any(not is_blank(c) for c in line):
            out.append((at, at + len(line)))
        at += len(line) + 1
    return out
