//! The public JSON contracts: field names that other programs rely on. Fields are only ever added.
//!
//! All offsets are Unicode code points into the stored text, end exclusive.

use serde::Serialize;

use crate::model::{Date, Document, Id, Statement};
use crate::text::{CodePoints, Span};

/// The schema tag of one statement.
pub const STATEMENT: &str = "provenance.statement/1";

/// Code points of context before and after a statement.
const CONTEXT: usize = 32;

#[derive(Clone, Debug, Serialize)]
pub struct StatementJson {
    pub schema: &'static str,
    pub id: String,
    pub document: DocumentRef,
    pub kind: &'static str,
    pub act: &'static str,
    pub negated: bool,
    pub marks_lost: bool,
    pub zone: &'static str,
    pub cue: Vec<SpanJson>,
    pub source: Vec<SpanJson>,
    pub content: Vec<SpanJson>,
    pub prefix: String,
    pub suffix: String,
    pub speaker: Option<SpeakerJson>,
    pub addressee: Option<String>,
    pub medium: Option<String>,
    pub said_on: Option<String>,
    pub chain: Vec<String>,
    pub nested_in: Option<String>,
    pub claim: Option<String>,
    pub repeat_of: Option<String>,
    pub confidence: f64,
    pub status: &'static str,
    pub extractor: &'static str,
    /// The document's address with a text fragment that leads to the words, where it has one and they stand once.
    pub fragment: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DocumentRef {
    pub id: String,
    pub external_id: Option<String>,
    pub path: Option<String>,
    pub sha256: String,
    pub outlet: Option<String>,
    pub outlet_from: Option<String>,
    pub title: Option<String>,
    pub published: Option<String>,
    pub published_from: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SpanJson {
    pub start: usize,
    pub end: usize,
    pub exact: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct SpeakerJson {
    pub id: Option<String>,
    pub name: String,
    pub kind: &'static str,
    pub via: &'static str,
}

/// What identifies a document in every answer.
pub fn document_ref(id: &Id, sha256: &str, document: &Document) -> DocumentRef {
    DocumentRef {
        id: id.to_string(),
        external_id: document.external_id.clone(),
        path: document.path.clone(),
        sha256: sha256.to_string(),
        outlet: document.outlet.as_ref().map(|outlet| outlet.value.clone()),
        outlet_from: document.outlet.as_ref().map(|outlet| outlet.from.clone()),
        title: document.title.as_ref().map(|title| title.value.clone()),
        published: document.published.as_ref().map(|date| date.value.to_string()),
        published_from: document.published.as_ref().map(|date| date.from.clone()),
        url: document.url.as_ref().map(|url| url.value.clone()),
        language: document.language.as_ref().map(|language| language.value.clone()),
    }
}

/// One statement in the contract's shape. `points` indexes the document's text.
pub fn statement(it: &Statement, id: &Id, sha256: &str, document: &Document, points: &CodePoints) -> StatementJson {
    let text = document.text.as_str();
    let spans = |spans: &[Span]| spans.iter().map(|span| span_json(text, *span, points)).collect();
    let words = |span: Option<Span>| span.map(|span| span.of(text).to_string());
    let attribution = &it.attribution;
    let content = Span::covering(&attribution.content).unwrap_or_default();
    let speaker = it.speaker_name.as_ref().map(|name| SpeakerJson {
        id: it.speaker.as_ref().map(Id::to_string),
        name: name.clone(),
        kind: it.speaker_kind.map_or("unnamed", |kind| kind.name()),
        via: it.via.map_or("name", |via| via.name()),
    });
    StatementJson {
        schema: STATEMENT,
        id: it.id.to_string(),
        document: document_ref(id, sha256, document),
        kind: attribution.kind.name(),
        act: attribution.act.name(),
        negated: attribution.negated,
        marks_lost: attribution.marks_lost,
        zone: attribution.zone.name(),
        cue: spans(&attribution.cue),
        source: spans(&attribution.source),
        content: spans(&attribution.content),
        prefix: before(text, content.start),
        suffix: after(text, content.end),
        speaker,
        addressee: words(attribution.addressee),
        medium: words(attribution.medium),
        said_on: attribution.said_on.as_ref().map(Date::to_string),
        chain: attribution.chain.iter().map(|span| span.of(text).to_string()).collect(),
        nested_in: it.nested_in.as_ref().map(Id::to_string),
        claim: it.claim.as_ref().map(Id::to_string),
        repeat_of: it.repeat_of.as_ref().map(Id::to_string),
        confidence: (attribution.confidence * 1000.0).round() / 1000.0,
        status: "auto",
        extractor: attribution.extractor.name(),
        fragment: document.url.as_ref().and_then(|url| fragment(&url.value, text, content)),
    }
}

fn span_json(text: &str, span: Span, points: &CodePoints) -> SpanJson {
    let (start, end) = points.of_span(span);
    SpanJson { start, end, exact: span.of(text).to_string() }
}

/// The code points before a place, at most `CONTEXT`.
pub(super) fn before(text: &str, at: usize) -> String {
    let head = text.get(..at).unwrap_or("");
    let from = head.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(byte, _)| byte);
    head[from..].to_string()
}

/// The code points after a place, at most `CONTEXT`.
pub(super) fn after(text: &str, at: usize) -> String {
    text.get(at..).unwrap_or("").chars().take(CONTEXT).collect()
}

/// An address with a text fragment (WICG Scroll to Text Fragment) that names the first and last words of `span`;
/// `None` unless the address is http(s) and the first words stand exactly once in the text.
fn fragment(url: &str, text: &str, span: Span) -> Option<String> {
    const EDGE_WORDS: usize = 6;
    if !(url.starts_with("http://") || url.starts_with("https://")) {
        return None;
    }
    let words = span.of(text).trim_matches(|c: char| !c.is_alphanumeric());
    if words.is_empty() || words.contains('\n') {
        return None;
    }
    let ends: Vec<usize> = words.match_indices(' ').map(|(at, _)| at).collect();
    let directive = if ends.len() < 2 * EDGE_WORDS {
        once(text, words)?;
        percent_encoded(words)
    } else {
        let first = &words[..ends[EDGE_WORDS - 1]];
        let last = &words[ends[ends.len() - EDGE_WORDS] + 1..];
        once(text, first)?;
        format!("{},{}", percent_encoded(first), percent_encoded(last))
    };
    let page = url.split('#').next().unwrap_or(url);
    Some(format!("{page}#:~:text={directive}"))
}

fn once(text: &str, words: &str) -> Option<()> {
    let mut found = text.match_indices(words);
    (found.next().is_some() && found.next().is_none()).then_some(())
}

fn percent_encoded(words: &str) -> String {
    let mut out = String::with_capacity(words.len() * 2);
    for byte in words.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_name_words_that_stand_once() {
        let text = "He said it works, and it works well.";
        let span = |words: &str| {
            let start = text.find(words).unwrap();
            Span::new(start, start + words.len())
        };
        let link = fragment("https://x.example/a#top", text, span("it works, and"));
        assert_eq!(link.as_deref(), Some("https://x.example/a#:~:text=it%20works%2C%20and"));
        assert_eq!(fragment("https://x.example/a", text, span("it works")), None);
        assert_eq!(fragment("javascript:alert(1)", text, span("He said")), None);
    }

    #[test]
    fn context_is_counted_in_code_points() {
        let text = format!("{}X{}", "é".repeat(40), "ü".repeat(40));
        let at = text.find('X').unwrap();
        assert_eq!(before(&text, at).chars().count(), CONTEXT);
        assert_eq!(after(&text, at + 1).chars().count(), CONTEXT);
        assert_eq!(before("ab", 1), "a");
    }
}
