//! Material and its derived edges in, one typed graph out. Nodes and edges come in a fixed order.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;

use crate::model::{ClaimEdge, Date, Derivation, DocumentRelation, Evidence, Id, IdKind, Order};
use crate::text::match_key;

use super::{ClaimCard, Edge, EdgeKind, Material, Node, NodeKind, ProvenanceGraph, StatementCard, first_seen};

/// The whole graph of the material. Nodes are ordered by kind and id; edges by kind, ends and claim.
pub fn build(material: &Material, edges: &[ClaimEdge], derivations: &[Derivation]) -> ProvenanceGraph {
    let mut draft = Draft::new(material, edges);
    draft.add_documents();
    draft.add_claims();
    draft.add_relays();
    draft.add_repeats();
    draft.add_derivations(derivations);
    draft.finish()
}

/// Ends and claim of an edge, in the order in which edges are listed.
type EdgeKey = (EdgeKind, Id, Id, Option<Id>);

struct Draft<'m> {
    material: &'m Material,
    claim_edges: &'m [ClaimEdge],
    statements: BTreeMap<&'m Id, &'m StatementCard>,
    claims: BTreeMap<&'m Id, &'m ClaimCard>,
    nodes: BTreeMap<(NodeKind, Id), Node>,
    edges: BTreeMap<EdgeKey, Edge>,
}

impl<'m> Draft<'m> {
    fn new(material: &'m Material, claim_edges: &'m [ClaimEdge]) -> Self {
        let statements = material.statements.iter().map(|statement| (&statement.id, statement)).collect();
        let claims = material.claims.iter().map(|card| (&card.claim.id, card)).collect();
        Draft { material, claim_edges, statements, claims, nodes: BTreeMap::new(), edges: BTreeMap::new() }
    }

    fn node(&mut self, kind: NodeKind, id: &Id, label: &str) -> &mut Node {
        self.nodes.entry((kind, id.clone())).or_insert_with(|| Node {
            kind,
            id: id.clone(),
            label: label.to_string(),
            date: None,
            weight: 0,
            url: None,
        })
    }

    fn add_documents(&mut self) {
        let mut counts: BTreeMap<&Id, usize> = BTreeMap::new();
        for statement in &self.material.statements {
            *counts.entry(&statement.document).or_default() += 1;
        }
        for card in &self.material.documents {
            let weight = counts.get(&card.id).copied().unwrap_or(0);
            let node = self.node(NodeKind::Document, &card.id, &card.title);
            node.date = card.published.clone();
            node.url = card.url.clone();
            node.weight = weight;
            if card.outlet.trim().is_empty() {
                continue;
            }
            let outlet = self.node(NodeKind::Outlet, &card.outlet_id, &card.outlet);
            outlet.weight += weight;
            outlet.date = earliest(outlet.date.take(), card.published.as_ref());
            let mut edge = Edge::plain(EdgeKind::Published, Vec::new());
            edge.weight = 1;
            self.edges.insert((EdgeKind::Published, card.outlet_id.clone(), card.id.clone(), None), edge);
        }
    }

    fn add_claims(&mut self) {
        let material = self.material;
        let dates: BTreeMap<&Id, Option<&Date>> =
            material.documents.iter().map(|card| (&card.id, card.published.as_ref())).collect();
        let mut edges_of: BTreeMap<&Id, Vec<&ClaimEdge>> = BTreeMap::new();
        for edge in self.claim_edges {
            edges_of.entry(&edge.claim).or_default().push(edge);
        }
        for card in &material.claims {
            let by_document = self.members_by_document(card);
            let carriers: Vec<(&Id, Option<&Date>)> =
                by_document.keys().map(|document| (*document, dates.get(document).copied().flatten())).collect();
            let firsts = first_seen(&carriers, edges_of.get(&card.claim.id).map_or(&[], Vec::as_slice));
            self.add_claim_node(card, &firsts, &dates);
            for (document, members) in by_document {
                self.add_quotes(card, document, &members, firsts.contains(document));
            }
            self.add_says(card);
        }
    }

    fn members_by_document(&self, card: &ClaimCard) -> BTreeMap<&'m Id, Vec<&'m StatementCard>> {
        let mut by_document: BTreeMap<&Id, Vec<&StatementCard>> = BTreeMap::new();
        for member in card.claim.members.iter().filter_map(|id| self.statements.get(id)) {
            by_document.entry(&member.document).or_default().push(member);
        }
        by_document
    }

    fn add_claim_node(&mut self, card: &ClaimCard, firsts: &BTreeSet<Id>, dates: &BTreeMap<&Id, Option<&Date>>) {
        let first_date = firsts.iter().filter_map(|id| dates.get(id).copied().flatten()).min().cloned();
        let node = self.node(NodeKind::Claim, &card.claim.id, &card.text);
        node.weight = card.claim.members.len();
        node.date = first_date;
    }

    fn add_quotes(&mut self, card: &ClaimCard, document: &Id, members: &[&StatementCard], first: bool) {
        let mut edge = Edge::plain(EdgeKind::Quotes, members.iter().map(|member| member.id.clone()).collect());
        edge.first_seen = first;
        edge.wording = members
            .iter()
            .max_by_key(|member| (member.content.len(), std::cmp::Reverse(member.start)))
            .map_or(String::new(), |member| member.content.clone());
        edge.note = quoting_note(members);
        edge.claim = Some(card.claim.id.clone());
        self.edges.insert((EdgeKind::Quotes, document.clone(), card.claim.id.clone(), None), edge);
    }

    fn add_says(&mut self, card: &ClaimCard) {
        let Some(speaker) = &card.speaker else { return };
        // what is repeated without a source is nobody's word
        let unsourced = |id: &&Id| self.statements.get(*id).is_some_and(|it| it.repeat_of.is_some());
        let said: Vec<Id> = card.claim.members.iter().filter(|id| !unsourced(id)).cloned().collect();
        self.node(NodeKind::Speaker, speaker, &card.speaker_name).weight += said.len();
        let mut edge = Edge::plain(EdgeKind::Says, said);
        edge.claim = Some(card.claim.id.clone());
        self.edges.insert((EdgeKind::Says, speaker.clone(), card.claim.id.clone(), None), edge);
    }

    /// "RIA, citing emergency services": document → RIA → emergency services. A relay is a speaker node: the speaker
    /// of that name where there is one.
    fn add_relays(&mut self) {
        let material = self.material;
        let mut known: BTreeMap<String, Id> = BTreeMap::new();
        for card in &material.claims {
            if let Some(speaker) = &card.speaker {
                known.entry(match_key(&card.speaker_name)).or_insert_with(|| speaker.clone());
            }
        }
        for statement in material.statements.iter().filter(|statement| !statement.chain.is_empty()) {
            let mut from = statement.document.clone();
            for name in statement.chain.iter().rev() {
                let key = match_key(name);
                let id = known.get(&key).cloned().unwrap_or_else(|| Id::of(IdKind::Entity, &["relay", &key]));
                if id == from {
                    continue;
                }
                self.node(NodeKind::Speaker, &id, name).weight += 1;
                let edge = self
                    .edges
                    .entry((EdgeKind::Cites, from, id.clone(), None))
                    .or_insert_with(|| Edge::plain(EdgeKind::Cites, Vec::new()));
                edge.weight += 1;
                edge.statements.push(statement.id.clone());
                from = id;
            }
        }
    }

    fn add_repeats(&mut self) {
        for edge in self.claim_edges {
            let mut statements = Vec::new();
            if let Some(card) = self.claims.get(&edge.claim) {
                let by_document = self.members_by_document(card);
                for end in [&edge.to, &edge.from] {
                    statements.extend(by_document.get(end).into_iter().flatten().map(|member| member.id.clone()));
                }
            }
            let mut repeat = Edge::plain(EdgeKind::Repeats, statements);
            repeat.claim = Some(edge.claim.clone());
            infer(&mut repeat, edge.relation, edge.order, edge.score, &edge.evidence);
            self.edges
                .insert((EdgeKind::Repeats, edge.to.clone(), edge.from.clone(), Some(edge.claim.clone())), repeat);
        }
    }

    fn add_derivations(&mut self, derivations: &[Derivation]) {
        for derivation in derivations {
            let mut edge = Edge::plain(EdgeKind::DerivedFrom, Vec::new());
            edge.weight = 1;
            infer(&mut edge, derivation.relation, derivation.order, derivation.score, &derivation.evidence);
            self.edges.insert((EdgeKind::DerivedFrom, derivation.to.clone(), derivation.from.clone(), None), edge);
        }
    }

    fn finish(self) -> ProvenanceGraph {
        let mut graph = ProvenanceGraph::with_capacity(self.nodes.len(), self.edges.len());
        let mut at: BTreeMap<Id, NodeIndex> = BTreeMap::new();
        for ((_, id), node) in self.nodes {
            at.insert(id, graph.add_node(node));
        }
        for ((_, from, to, _), edge) in self.edges {
            if let (Some(from), Some(to)) = (at.get(&from), at.get(&to)) {
                graph.add_edge(*from, *to, edge);
            }
        }
        graph
    }
}

fn infer(edge: &mut Edge, relation: DocumentRelation, order: Order, score: f64, evidence: &[Evidence]) {
    edge.relation = Some(relation);
    edge.order = order;
    edge.score = score;
    edge.note = evidence.iter().map(|reason| reason.note.as_str()).collect::<Vec<_>>().join("; ");
}

fn quoting_note(members: &[&StatementCard]) -> String {
    let mut notes: Vec<&str> = members.iter().map(|member| member.kind.name()).collect();
    if members.iter().any(|member| member.marks_lost) {
        notes.push("quotation marks lost");
    }
    if members.iter().all(|member| member.repeat_of.is_some()) {
        notes.push("repeated without source");
    } else if members.iter().all(|member| member.source.is_empty() && member.speaker.is_none()) {
        notes.push("no source named");
    }
    notes.dedup();
    notes.join(", ")
}

fn earliest(known: Option<Date>, other: Option<&Date>) -> Option<Date> {
    match (known, other) {
        (Some(known), Some(other)) => Some(known.min(other.clone())),
        (known, other) => known.or_else(|| other.cloned()),
    }
}
