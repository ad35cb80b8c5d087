//! A `Span` is a byte range of exactly one text. It never owns the text.

use serde::{Deserialize, Serialize};

/// A half-open byte range `start..end` of one document's text, on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    /// A span from `start` to `end` (bytes). A reversed range becomes empty at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end: end.max(start) }
    }

    pub fn len(&self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The exact words: `""` where the span does not lie on character boundaries of `text`.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }

    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn holds(&self, byte: usize) -> bool {
        self.start <= byte && byte < self.end
    }

    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that holds both.
    pub fn cover(&self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The smallest span that holds all of `spans`; `None` when there are none.
    pub fn covering(spans: &[Span]) -> Option<Span> {
        spans.iter().copied().reduce(|a, b| a.cover(b))
    }

    /// This span without white space at either end (an all-blank span becomes empty at its start).
    pub fn trimmed(&self, text: &str) -> Span {
        self.trimmed_matches(text, char::is_whitespace)
    }

    /// This span without characters at either end for which `drop` holds.
    pub fn trimmed_matches(&self, text: &str, drop: impl Fn(char) -> bool) -> Span {
        let words = self.of(text);
        let left = words.len() - words.trim_start_matches(&drop).len();
        let kept = words.trim_matches(&drop).len();
        Span::new(self.start + left.min(words.len()), self.start + left + kept)
    }

    /// This span shrunk inwards to the nearest character boundaries and the end of `text`.
    pub fn snapped(&self, text: &str) -> Span {
        let mut start = self.start.min(text.len());
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let mut end = self.end.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Span::new(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trims_white_space_only_at_the_ends() {
        let text = "  “a b” \n";
        assert_eq!(Span::new(0, text.len()).trimmed(text).of(text), "“a b”");
        assert!(Span::new(0, 2).trimmed(text).is_empty());
    }

    proptest! {
        #[test]
        fn a_snapped_span_always_slices(text in ".*", a in 0usize..200, b in 0usize..200) {
            let span = Span::new(a, b).snapped(&text);
            prop_assert!(text.get(span.start..span.end).is_some());
            let trimmed = span.trimmed(&text);
            prop_assert_eq!(trimmed.of(&text), span.of(&text).trim());
        }
    }
}
