//! The provenance graph: outlets, documents, speakers and claims, and who says, quotes and repeats what.

use petgraph::graph::DiGraph;
use serde::{Deserialize, Serialize};

use crate::model::{Claim, ClaimEdge, Date, Derivation, Id, Kind, Order};

/// A node: what it is, its public id, a label (untrusted text) and a date where it has one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    pub kind: NodeKind,
    pub id: Id,
    pub label: String,
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

/// An edge: what it says, how many statements stand behind it, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    pub kind: EdgeKind,
    pub weight: usize,
    pub first_seen: bool,
    pub order: Order,
    pub note: String,
    /// Statement ids that show it.
    pub statements: Vec<Id>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// Outlet → document.
    Published,
    /// Speaker → claim.
    Says,
    /// Document (or outlet) → claim.
    Quotes,
    /// Document or outlet → the one it repeats a claim from.
    Repeats,
    Cites,
    DerivedFrom,
}

pub type ProvenanceGraph = DiGraph<Node, Edge>;

/// One stored document as the graph room needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentCard {
    pub id: Id,
    pub outlet_id: Id,
    pub outlet: String,
    pub title: String,
    pub published: Option<Date>,
    pub url: Option<String>,
    pub text: String,
    pub language: String,
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
    pub start: usize,
    pub kind: Kind,
    pub marks_lost: bool,
    pub chain: Vec<String>,
    pub repeat_of: Option<Id>,
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
    pub documents: Vec<DocumentCard>,
    pub statements: Vec<StatementCard>,
    pub claims: Vec<ClaimCard>,
}

/// The whole graph of the material.
pub fn build(_material: &Material, _edges: &[ClaimEdge], _derivations: &[Derivation]) -> ProvenanceGraph {
    ProvenanceGraph::new()
}

/// How documents derive from each other, from what they share.
pub fn derivations(_material: &Material) -> Vec<Derivation> {
    Vec::new()
}

/// Who repeats each claim: edges between the documents of a claim.
pub fn claim_edges(_material: &Material, _derivations: &[Derivation]) -> Vec<ClaimEdge> {
    Vec::new()
}
