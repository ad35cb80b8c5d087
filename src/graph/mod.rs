//! The provenance graph: outlets, documents, speakers and claims, and who says, quotes and repeats what.
//!
//! In: the stored documents, statements and claims (`Material`). Out: how documents derive from each other
//! (`derivations`), who repeats each claim (`claim_edges`), and the graph that pictures and exports are made of (`build`).
//! It knows nothing of pictures, of the store, or of how statements and links were found.

mod build;
mod first_seen;
pub mod lineage;
mod select;
mod tree;

use std::collections::BTreeSet;

use petgraph::graph::DiGraph;
use serde::{Deserialize, Serialize};

use crate::model::{Claim, Date, DocumentRelation, Id, Kind, Order};
use crate::text::Span;

pub use build::build;
pub use first_seen::{first_seen, surely_before};
pub use lineage::{
    Around, BareRepeat, Credited, Ground, Place, SamePlace, SharedRun, SharedSentence, SharedText, Texts, Tie,
    citations, claim_edges, credits, derivations, shared_text,
};
pub use select::{Hidden, about, around, limit};
pub use tree::{Witness, cheapest_tree, wording_tree};

/// A node: what it is, its public id, a label (untrusted text) and a date where it has one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub kind: NodeKind,
    pub id: Id,
    pub label: String,
    /// Documents: published. Outlets: their earliest document. Claims: first seen.
    pub date: Option<Date>,
    /// How many statements stand behind it.
    pub weight: usize,
    pub url: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    Outlet,
    Document,
    Speaker,
    Claim,
}

impl NodeKind {
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Outlet => "outlet",
            NodeKind::Document => "document",
            NodeKind::Speaker => "speaker",
            NodeKind::Claim => "claim",
        }
    }
}

/// An edge: what it says, how many statements stand behind it, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    pub kind: EdgeKind,
    pub weight: usize,
    /// For `Quotes`: this document is the first (or one of several possible firsts) known to carry the claim.
    pub first_seen: bool,
    /// For `Repeats` and `DerivedFrom`: in what manner.
    pub relation: Option<DocumentRelation>,
    /// For `Repeats` and `DerivedFrom`: what the direction rests on; `Unknown` means that no direction is claimed.
    pub order: Order,
    /// 0 to 1; 1 where nothing is inferred.
    pub score: f64,
    /// The claim a `Repeats` edge is about.
    pub claim: Option<Id>,
    /// For `Quotes`: the words as the document has them (untrusted text).
    pub wording: String,
    /// The reasons in words.
    pub note: String,
    /// Statement ids that show it.
    pub statements: Vec<Id>,
}

impl Edge {
    /// An edge that states a fact of the store, with nothing inferred.
    pub fn plain(kind: EdgeKind, statements: Vec<Id>) -> Self {
        Edge {
            kind,
            weight: statements.len(),
            first_seen: false,
            relation: None,
            order: Order::Unknown,
            score: 1.0,
            claim: None,
            wording: String::new(),
            note: String::new(),
            statements,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// Outlet → document.
    Published,
    /// Speaker → claim.
    Says,
    /// Document → claim.
    Quotes,
    /// Document → the document it repeats a claim from (no direction where the order is unknown).
    Repeats,
    /// Document → the relay it names (a speaker node), and relay → the source the relay names.
    Cites,
    /// Document → the document it derives from (no direction where the order is unknown).
    DerivedFrom,
}

impl EdgeKind {
    pub fn name(self) -> &'static str {
        match self {
            EdgeKind::Published => "published",
            EdgeKind::Says => "says",
            EdgeKind::Quotes => "quotes",
            EdgeKind::Repeats => "repeats",
            EdgeKind::Cites => "cites",
            EdgeKind::DerivedFrom => "derived_from",
        }
    }
}

pub type ProvenanceGraph = DiGraph<Node, Edge>;

/// One stored document as the graph room needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentCard {
    pub id: Id,
    pub outlet_id: Id,
    /// Empty where unknown: such a document stands for itself, it is never pooled with others of unknown outlet.
    pub outlet: String,
    pub title: String,
    pub published: Option<Date>,
    pub url: Option<String>,
    pub text: String,
    pub language: String,
    /// Passages that are not the story (boilerplate, captions), as byte spans in order; lineage leaves them out.
    pub asides: Vec<Span>,
    /// Headlines, as byte spans in order.
    pub headlines: Vec<Span>,
}

/// One stored statement as the graph room needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementCard {
    pub id: Id,
    pub document: Id,
    pub speaker: Option<Id>,
    pub speaker_name: String,
    pub source: String,
    pub cue: String,
    /// The exact words.
    pub content: String,
    /// Byte offset in the document's text where the statement (its first part) starts.
    pub start: usize,
    /// The content as byte spans.
    pub spans: Vec<Span>,
    /// Source, cue and content as byte spans.
    pub parts: Vec<Span>,
    pub kind: Kind,
    pub marks_lost: bool,
    pub chain: Vec<String>,
    pub repeat_of: Option<Id>,
}

impl StatementCard {
    /// Whether it is known who speaks, in the document itself or across documents.
    pub fn has_speaker(&self) -> bool {
        self.speaker.is_some() || !self.speaker_name.is_empty()
    }
}

/// A claim with its text and members.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimCard {
    pub claim: Claim,
    pub text: String,
    pub speaker_name: String,
    pub speaker: Option<Id>,
}

/// All that a graph is made of; every list sorted by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Material {
    /// Names of outlets whose documents are not all here.
    pub outlets: Vec<String>,
    pub documents: Vec<DocumentCard>,
    pub statements: Vec<StatementCard>,
    pub claims: Vec<ClaimCard>,
    /// Statements that belong to their claims by their place alone, in a text that both documents have: how they differ from
    /// the others tells nothing about who copied.
    pub by_place: BTreeSet<Id>,
}
