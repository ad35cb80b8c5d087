//! Links between variants and between documents, and the claims and echoes they make up.

use serde::{Deserialize, Serialize};

use super::{Act, Date, Evidence, Id, Kind};

/// One content as worded in one document, with all that linking may look at. A pure function of its document.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub statement: Id,
    pub document: Id,
    /// The words of the content (spans joined by a space).
    pub text: String,
    /// The document's own name for the speaker ("Vyacheslav Gladkov"); empty where there is none.
    pub speaker: String,
    /// Other names and roles of the speaker in the document.
    pub speaker_aliases: Vec<String>,
    pub cue: String,
    pub kind: Kind,
    pub negated: bool,
    pub act: Act,
    /// The entity across documents, where known.
    pub entity: Option<Id>,
    pub outlet: String,
    pub date: Option<Date>,
    pub language: String,
    /// What "speaker cue content" means; `None` where no sentence network was asked.
    pub embedding: Option<Embedding>,
}

/// A direction of meaning, as whole numbers from −127 to 127.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embedding(pub Vec<i8>);

impl Embedding {
    /// Cosine of the angle between two, −1 to 1; 0 where one has no direction or they are of different width.
    pub fn cosine(&self, other: &Embedding) -> f64 {
        if self.0.len() != other.0.len() {
            return 0.0;
        }
        let product = |a: &[i8], b: &[i8]| -> i32 { a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum() };
        let lengths = f64::from(product(&self.0, &self.0)) * f64::from(product(&other.0, &other.0));
        if lengths > 0.0 { f64::from(product(&self.0, &other.0)) / lengths.sqrt() } else { 0.0 }
    }
}

/// What two variants are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    Verbatim,
    Edited,
    /// One is a clip of the other.
    Contained,
    /// Direct speech on one side, reported speech on the other.
    ReportedAs,
    Paraphrase,
    Contradicts,
    /// The same words or proposition, another speaker.
    Echo,
    Unrelated,
}

names!(Relation {
    Verbatim => "verbatim",
    Edited => "edited",
    Contained => "contained",
    ReportedAs => "reported_as",
    Paraphrase => "paraphrase",
    Contradicts => "contradicts",
    Echo => "echo",
    Unrelated => "unrelated",
});

impl Relation {
    /// Whether two variants so related belong to one claim.
    pub fn joins(self) -> bool {
        !matches!(self, Relation::Contradicts | Relation::Echo | Relation::Unrelated)
    }
}

/// How sure a link is and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkStatus {
    /// Above the linking threshold.
    Auto,
    /// Between the two thresholds: shown as a suggestion, joins nothing.
    Suggested,
    Confirmed,
    Rejected,
}

names!(LinkStatus {
    Auto => "auto",
    Suggested => "suggested",
    Confirmed => "confirmed",
    Rejected => "rejected",
});

/// A scored, explained relation between two statements; `a < b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub a: Id,
    pub b: Id,
    pub relation: Relation,
    /// Sum of the evidence's log-odds.
    pub score: f64,
    /// Probability that both are the same claim.
    pub probability: f64,
    pub status: LinkStatus,
    pub evidence: Vec<Evidence>,
}

/// What several variants have in common: the same proposition credited to the same speaker.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub id: Id,
    /// The member whose words stand for the claim.
    pub representative: Id,
    /// All members, representative included, sorted by first seen, then id.
    pub members: Vec<Id>,
}

/// What one document is to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentRelation {
    Copy,
    Edited,
    BackTranslated,
    Paraphrased,
    Cites,
    /// Both descend from something that is not in the store.
    CommonSource,
}

names!(DocumentRelation {
    Copy => "copy",
    Edited => "edited",
    BackTranslated => "back_translated",
    Paraphrased => "paraphrased",
    Cites => "cites",
    CommonSource => "common_source",
});

/// What the direction of an edge rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    Citation,
    Wording,
    Date,
    /// No direction is claimed.
    Unknown,
}

names!(Order {
    Citation => "citation",
    Wording => "wording",
    Date => "date",
    Unknown => "unknown",
});

/// A relation between two documents; `from` is the parent (for `Unknown` order, only the smaller id).
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    pub from: Id,
    pub to: Id,
    pub relation: DocumentRelation,
    pub order: Order,
    /// 0 to 1.
    pub score: f64,
    pub evidence: Vec<Evidence>,
}

/// Who repeats a claim: one document after another.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimEdge {
    pub claim: Id,
    pub from: Id,
    pub to: Id,
    pub relation: DocumentRelation,
    pub order: Order,
    pub score: f64,
    pub evidence: Vec<Evidence>,
}
