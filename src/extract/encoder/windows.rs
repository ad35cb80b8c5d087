//! Passages cut into segments and packed into windows, the unit the network runs on.
//!
//! In: the passages of a document with their tokens and wordpieces. Out: windows of at most so many wordpieces, that
//! respect sentences and, where they can, open quotations. The rules are those of docs/recipes/README.md.

use std::ops::Range;

use crate::network::forward::Piece;
use crate::network::input::{State, Tokens};
use crate::network::wordpiece::WordPieces;

/// Words before whose full stop no sentence ends (lower case).
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "st", "jr", "sr", "lt", "col", "sgt", "capt", "no",
    "vs", "inc", "corp", "co", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
];

/// A passage, ready to be cut: per token, its wordpieces and whether a sentence may end before it.
pub struct Passage<'t> {
    text: &'t str,
    pub tokens: Tokens,
    pieces: Vec<Vec<u32>>,
}

/// A run of tokens of one passage, inside one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Index of the passage.
    pub passage: usize,
    pub tokens: Range<usize>,
    /// For each token, the place of its first wordpiece in the window.
    pub first: Vec<usize>,
}

/// What the network runs on at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Window {
    pub pieces: Vec<Piece>,
    pub segments: Vec<Segment>,
}

impl<'t> Passage<'t> {
    pub fn new(text: &'t str, tokens: Tokens, vocabulary: &WordPieces) -> Self {
        let words = tokens.spans.iter().zip(&tokens.states);
        let pieces = words.map(|(span, &state)| vocabulary.ids(span.of(text), state)).collect();
        Passage { text, tokens, pieces }
    }

    fn word(&self, token: usize) -> &'t str {
        self.tokens.spans[token].of(self.text)
    }

    /// Whether the passage may be cut before this token.
    fn sentence_ends_before(&self, token: usize) -> bool {
        let spans = &self.tokens.spans;
        if token == 0 || token >= spans.len() || spans[token - 1].end >= spans[token].start {
            return false;
        }
        let starts_low = self.word(token).chars().next().is_some_and(char::is_lowercase);
        if self.tokens.states[token] == State::Closes || starts_low {
            return false;
        }
        let closes =
            |k: usize| self.tokens.states[k] == State::Closes || matches!(self.word(k), ")" | "]" | "}" | "'" | "’");
        let mark = (0..token).rev().find(|&k| k == 0 || !closes(k)).unwrap_or(0);
        match self.word(mark) {
            "!" | "?" | "…" => true,
            "." if mark > 0 && spans[mark - 1].end == spans[mark].start => !is_short_form(self.word(mark - 1)),
            "." => true,
            _ => false,
        }
    }

    /// Runs of tokens of at most `limit` wordpieces each.
    fn segments(&self, limit: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        while from < self.pieces.len() {
            let (mut total, mut end) = (0, from);
            let (mut any_end, mut good_end) = (None, None);
            while end < self.pieces.len() && total + self.pieces[end].len() <= limit {
                total += self.pieces[end].len();
                end += 1;
                if self.sentence_ends_before(end) {
                    any_end = Some(end);
                    let outside = matches!(self.tokens.states[end - 1], State::Outside | State::Closes);
                    if outside && 2 * total >= limit {
                        good_end = any_end;
                    }
                }
            }
            if end < self.pieces.len() {
                end = good_end.or(any_end).unwrap_or(end);
            }
            found.push(from..end);
            from = end;
        }
        found
    }
}

/// The special wordpieces of a vocabulary.
#[derive(Clone, Copy, Debug)]
pub struct Special {
    pub cls: u32,
    pub sep: u32,
}

/// Packs the passages into windows of at most `limit` wordpieces (at least 26: one token and the special ones), in
/// order. Every token is in exactly one segment of one window.
pub fn windows(passages: &[Passage], special: Special, limit: usize) -> Vec<Window> {
    let mut found: Vec<Window> = Vec::new();
    for (number, passage) in passages.iter().enumerate() {
        for tokens in passage.segments(limit - 2) {
            let cost = passage.pieces[tokens.clone()].iter().map(Vec::len).sum::<usize>() + 1;
            match found.last_mut() {
                Some(window) if window.pieces.len() + cost <= limit => window.push(passage, number, tokens, special),
                _ => {
                    let mut window = Window { pieces: vec![plain(special.cls)], segments: Vec::new() };
                    window.push(passage, number, tokens, special);
                    found.push(window);
                }
            }
        }
    }
    found
}

impl Window {
    fn push(&mut self, passage: &Passage, number: usize, tokens: Range<usize>, special: Special) {
        let mut first = Vec::with_capacity(tokens.len());
        for token in tokens.clone() {
            first.push(self.pieces.len());
            let (case, state) = (passage.tokens.cases[token] as u8, passage.tokens.states[token] as u8);
            self.pieces.extend(passage.pieces[token].iter().map(|&id| Piece { id, case, state }));
        }
        self.pieces.push(plain(special.sep));
        self.segments.push(Segment { passage: number, tokens, first });
    }
}

impl Window {
    /// All that the network and the labels after it depend on.
    pub fn look(&self) -> (&[Piece], Vec<&[usize]>) {
        (&self.pieces, self.segments.iter().map(|segment| segment.first.as_slice()).collect())
    }

    /// Whether there is a word in it, or a number.
    pub fn has_words(&self, passages: &[Passage]) -> bool {
        self.segments.iter().any(|segment| {
            let passage = &passages[segment.passage];
            segment.tokens.clone().any(|token| passage.word(token).contains(char::is_alphanumeric))
        })
    }
}

fn plain(id: u32) -> Piece {
    Piece { id, case: 0, state: 0 }
}

fn is_short_form(word: &str) -> bool {
    let mut chars = word.chars();
    let initial = matches!((chars.next(), chars.next()), (Some(c), None) if c.is_alphabetic());
    initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use proptest::prelude::*;

    const SPECIAL: Special = Special { cls: 0, sep: 1 };

    fn passage<'t>(text: &'t str, vocabulary: &WordPieces) -> Passage<'t> {
        Passage::new(text, Tokens::of(text, Span::new(0, text.len())), vocabulary)
    }

    fn check(marked: &str, limit: usize) {
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        let text = expected.join(" ");
        let vocabulary = WordPieces::new(&["[CLS]", "[SEP]", "[UNK]"], 2);
        let passage = passage(&text, &vocabulary);
        let found: Vec<&str> = passage
            .segments(limit)
            .into_iter()
            .map(|tokens| {
                let spans = &passage.tokens.spans[tokens];
                spans[0].cover(spans[spans.len() - 1]).of(&text)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn cuts_at_sentence_ends() {
        check("One two. | Three four five six.", 6);
        check("A b c d e f | g h", 6);
        check("Mr. Smith went. | Mrs. Jones stayed at home.", 8);
        check("“One. Two,” he said. | “Three four,” she said.", 10);
        check("“Ab bc cd. | De ef fg. | Gh hi ij jk”", 6);
        check("Short.", 6);
    }

    /// Wordpieces that the network runs over.
    fn work(text: &str) -> usize {
        let vocabulary = WordPieces::new(&["[CLS]", "[SEP]", "[UNK]"], 2);
        windows(&[passage(text, &vocabulary)], SPECIAL, 256).iter().map(|window| window.pieces.len()).sum()
    }

    #[test]
    fn twice_the_text_is_twice_the_work() {
        for piece in ["word ", "“", "“ab. ", "a.b ", "🙂 ", "said “it "] {
            let (once, twice) = (work(&piece.repeat(5_000)), work(&piece.repeat(10_000)));
            assert!(once > 0 && 10 * twice <= 21 * once, "{piece}: {once} {twice}");
        }
    }

    proptest! {
        #[test]
        fn windows_hold_every_token_once_and_keep_the_limit(text in "[a-zA-Z .!?“”\n]{0,400}", limit in 26usize..60) {
            let vocabulary = WordPieces::new(&["[CLS]", "[SEP]", "[UNK]", "a", "b", "##a"], 2);
            let passages: Vec<Passage> = text.lines().map(|line| passage(line, &vocabulary)).collect();
            let found = windows(&passages, SPECIAL, limit);
            let mut seen = Vec::new();
            for window in &found {
                prop_assert!(window.pieces.len() <= limit);
                for segment in &window.segments {
                    seen.extend(segment.tokens.clone().map(|token| (segment.passage, token)));
                    prop_assert_eq!(segment.first.len(), segment.tokens.len());
                }
            }
            let all: Vec<(usize, usize)> = passages
                .iter()
                .enumerate()
                .flat_map(|(number, passage)| (0..passage.tokens.spans.len()).map(move |token| (number, token)))
                .collect();
            prop_assert_eq!(seen, all);
        }
    }
}
