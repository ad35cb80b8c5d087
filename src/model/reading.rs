//! A reading: one text cut into passages, sentences, tokens and quotation pairs. Spans only; the text is borrowed.

use serde::{Deserialize, Serialize};

use crate::text::{QuotePair, Span, Token, lines, quote_pairs, sentences, tokens};

use super::Evidence;

/// What a passage is. Nothing is ever cut out; what is not body is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageKind {
    Body,
    Headline,
    Caption,
    Boilerplate,
}

names!(PassageKind {
    Body => "body",
    Headline => "headline",
    Caption => "caption",
    Boilerplate => "boilerplate",
});

/// A paragraph-like unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    pub span: Span,
    pub kind: PassageKind,
    /// Why the kind is not plain body.
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub span: Span,
    /// Index into `Reading::passages`.
    pub passage: usize,
}

/// One text, read. All parts are in text order.
#[derive(Clone, Debug)]
pub struct Reading<'t> {
    pub text: &'t str,
    pub passages: Vec<Passage>,
    pub sentences: Vec<Sentence>,
    pub tokens: Vec<Token>,
    pub quotes: Vec<QuotePair>,
}

impl<'t> Reading<'t> {
    /// The plainest reading: every line that is not blank is a body passage. Marks nothing; for text that is known to be
    /// an article and nothing else (gold data, tests).
    pub fn of_lines(text: &'t str) -> Reading<'t> {
        let mut passages = Vec::new();
        let mut cut = Vec::new();
        for (passage, line) in lines(text).into_iter().enumerate() {
            passages.push(Passage { span: line, kind: PassageKind::Body, evidence: Vec::new() });
            cut.extend(sentences(text, line).into_iter().map(|span| Sentence { span, passage }));
        }
        Reading { text, passages, sentences: cut, tokens: tokens(text), quotes: quote_pairs(text) }
    }
}

impl Reading<'_> {
    /// Index of the passage that holds byte `at` (or the last one that starts before it).
    pub fn passage_at(&self, at: usize) -> Option<usize> {
        self.passages.partition_point(|passage| passage.span.start <= at).checked_sub(1)
    }

    /// Index of the sentence that holds byte `at` (or the last one that starts before it).
    pub fn sentence_at(&self, at: usize) -> Option<usize> {
        self.sentences.partition_point(|sentence| sentence.span.start <= at).checked_sub(1)
    }

    /// The kind of passage at byte `at`; body where there is none.
    pub fn zone_at(&self, at: usize) -> PassageKind {
        self.passage_at(at).map_or(PassageKind::Body, |i| self.passages[i].kind)
    }

    /// Tokens that lie inside `span`.
    pub fn tokens_in(&self, span: Span) -> &[Token] {
        let from = self.tokens.partition_point(|token| token.span.start < span.start);
        let to = self.tokens.partition_point(|token| token.span.end <= span.end);
        &self.tokens[from..to.max(from)]
    }

    /// Index of the first token that starts at or after byte `at`.
    pub fn token_from(&self, at: usize) -> usize {
        self.tokens.partition_point(|token| token.span.start < at)
    }
}
