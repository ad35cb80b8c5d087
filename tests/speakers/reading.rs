//! A plain reading of a text, by paragraphs, and gold attributions as the library's own.

use provenance::model::{Attribution, Extractor, Passage, PassageKind, Reading, Sentence};
use provenance::text::{Span, lines, quote_pairs, sentences, tokens};

pub fn shared(path: &str) -> std::path::PathBuf {
    std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")).join(path)
}

/// Every non-blank line is a passage of body text.
pub fn read(text: &str) -> Reading<'_> {
    let spans = lines(text);
    let passages: Vec<Passage> =
        spans.iter().map(|span| Passage { span: *span, kind: PassageKind::Body, evidence: Vec::new() }).collect();
    let mut all = Vec::new();
    for (passage, span) in spans.iter().enumerate() {
        all.extend(sentences(text, *span).into_iter().map(|span| Sentence { span, passage }));
    }
    Reading { text, passages, sentences: all, tokens: tokens(text), quotes: quote_pairs(text) }
}

/// Turns code points into bytes of one text.
pub struct Bytes(Vec<usize>);

impl Bytes {
    pub fn of(text: &str) -> Bytes {
        Bytes(text.char_indices().map(|(at, _)| at).chain([text.len()]).collect())
    }

    pub fn span(&self, start: u64, end: u64) -> Span {
        let at = |i: u64| self.0[(i as usize).min(self.0.len() - 1)];
        Span::new(at(start), at(end))
    }
}

pub fn attribution(source: Vec<Span>, cue: Vec<Span>, content: Vec<Span>) -> Attribution {
    Attribution::new(Extractor::Rules, source, cue, content)
}
