//! The lines of one text with what the rules look at, and the marks they set.

use crate::model::PassageKind;
use crate::text::{Span, is_double_mark, lines};

/// One line that is not blank.
pub(super) struct Line<'t> {
    pub span: Span,
    /// Trimmed.
    pub text: &'t str,
    /// How many words it has.
    pub words: usize,
    /// A blank line (or the start of the text) stands before it.
    pub blank_before: bool,
    /// It ends as sentences end.
    pub ends: bool,
    /// It holds double quotation marks.
    pub quotes: bool,
    /// A list of links follows it.
    pub opens: bool,
}

pub(super) struct Mark {
    pub kind: PassageKind,
    pub rule: String,
    pub note: String,
}

pub(super) struct Page<'t> {
    pub lines: Vec<Line<'t>>,
    pub marks: Vec<Option<Mark>>,
    /// Blank lines stand between the paragraphs, so lines without one between them belong together.
    pub spaced: bool,
}

/// Words that make a line a paragraph rather than a heading, label or caption.
pub(super) const PARAGRAPH: usize = 25;

impl<'t> Page<'t> {
    pub fn of(text: &'t str) -> Page<'t> {
        let mut found: Vec<Line> = Vec::new();
        for span in lines(text) {
            let before = found.last().map_or("\n\n", |last: &Line| &text[last.span.end..span.start]);
            let blank_before = before.matches('\n').count() > 1;
            found.push(Line::of(text, span, blank_before));
        }
        let long = |line: &&Line| line.words >= PARAGRAPH;
        let paragraphs = found.iter().filter(long).count();
        let apart = found.iter().filter(long).filter(|line| line.blank_before).count();
        let marks = found.iter().map(|_| None).collect();
        Page { lines: found, marks, spaced: paragraphs > 0 && 2 * apart >= paragraphs }
    }

    /// Marks line `at` unless it is marked already.
    pub fn mark(&mut self, at: usize, kind: PassageKind, rule: &str, note: impl Into<String>) {
        if self.marks[at].is_none() {
            self.marks[at] = Some(Mark { kind, rule: rule.to_string(), note: note.into() });
        }
    }

    pub fn is_free(&self, at: usize) -> bool {
        self.marks.get(at).is_some_and(Option::is_none)
    }

    /// Whether line `at` was marked by one of `rules`.
    pub fn marked_by(&self, at: usize, rules: &[&str]) -> bool {
        matches!(self.marks.get(at), Some(Some(mark)) if rules.contains(&mark.rule.as_str()))
    }

    /// Runs of lines without a blank line between them, as index ranges.
    pub fn blocks(&self) -> Vec<std::ops::Range<usize>> {
        let mut found: Vec<std::ops::Range<usize>> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            match found.last_mut() {
                Some(block) if !line.blank_before => block.end = at + 1,
                _ => found.push(at..at + 1),
            }
        }
        found
    }
}

impl<'t> Line<'t> {
    fn of(text: &'t str, span: Span, blank_before: bool) -> Line<'t> {
        let words = span.of(text).trim();
        let bare = words.trim_end_matches(|c: char| is_double_mark(c) || "’')]»".contains(c));
        Line {
            span,
            text: words,
            words: words.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count(),
            blank_before,
            ends: bare.ends_with(['.', '!', '?', '…', '。']),
            quotes: words.chars().filter(|c| is_double_mark(*c)).count() >= 2 || words.contains("''"),
            opens: false,
        }
    }
}
