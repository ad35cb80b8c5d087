//! An attribution: who is credited with saying what, as spans of one document.

use serde::{Deserialize, Serialize};

use crate::text::Span;

use super::{Date, Evidence, PassageKind};

/// Form of discourse (PARC/PolNeAR): all content quoted, some of it, none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Direct,
    Mixed,
    Indirect,
}

names!(Kind {
    Direct => "direct",
    Mixed => "mixed",
    Indirect => "indirect",
});

/// What the speaker does by saying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Statement,
    Denial,
    NoComment,
    Accusation,
    ClaimOfResponsibility,
    Announcement,
    Question,
    /// A thought, belief or plan rather than speech.
    Thought,
}

names!(Act {
    Statement => "statement",
    Denial => "denial",
    NoComment => "no_comment",
    Accusation => "accusation",
    ClaimOfResponsibility => "claim_of_responsibility",
    Announcement => "announcement",
    Question => "question",
    Thought => "thought",
});

/// Which tier found an attribution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extractor {
    /// The encoder.
    #[default]
    Accurate,
    /// The hashed-feature tagger.
    Fast,
    /// The cue table and patterns alone.
    Rules,
}

names!(Extractor {
    Accurate => "accurate",
    Fast => "fast",
    Rules => "rules",
});

/// One attribution relation. All spans are byte spans of the same document, in text order within a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// Who is credited; empty where the text names nobody ("accusations have mounted").
    pub source: Vec<Span>,
    /// What signals reporting; empty where nothing does (a continuation, a bare quotation).
    pub cue: Vec<Span>,
    /// What was said, enclosing quotation marks included. Never empty.
    pub content: Vec<Span>,
    pub addressee: Option<Span>,
    /// Through what: "Telegram", "a regular call with reporters".
    pub medium: Option<Span>,
    /// Sources behind the source, farthest first ("Emergency services", then "RIA Novosti"): the last one is the nearest.
    pub chain: Vec<Span>,
    /// Index, in the same list, of the attribution whose content this one stands in.
    pub parent: Option<usize>,
    pub kind: Kind,
    pub act: Act,
    /// The cue itself negates ("did not say", "has yet to confirm").
    pub negated: bool,
    /// Verbatim words printed without their quotation marks.
    pub marks_lost: bool,
    pub zone: PassageKind,
    /// When it was said, where the text tells; relative to the document's date.
    pub said_on: Option<Date>,
    /// 0 to 1: the estimated probability that the attribution is right.
    pub confidence: f64,
    pub extractor: Extractor,
    pub evidence: Vec<Evidence>,
}

impl Attribution {
    /// An attribution with the given spans and nothing else known.
    pub fn new(extractor: Extractor, source: Vec<Span>, cue: Vec<Span>, content: Vec<Span>) -> Self {
        Attribution {
            source,
            cue,
            content,
            addressee: None,
            medium: None,
            chain: Vec::new(),
            parent: None,
            kind: Kind::Indirect,
            act: Act::Statement,
            negated: false,
            marks_lost: false,
            zone: PassageKind::Body,
            said_on: None,
            confidence: 0.5,
            extractor,
            evidence: Vec::new(),
        }
    }

    /// The first byte of anything in it.
    pub fn start(&self) -> usize {
        self.parts().map(|span| span.start).min().unwrap_or(0)
    }

    /// From the first to the last byte of source, cue and content.
    pub fn cover(&self) -> Span {
        let spans: Vec<Span> = self.parts().copied().collect();
        Span::covering(&spans).unwrap_or_default()
    }

    fn parts(&self) -> impl Iterator<Item = &Span> {
        self.source.iter().chain(&self.cue).chain(&self.content)
    }
}
