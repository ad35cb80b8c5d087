//! Parts of a graph: what belongs to some claims, what lies around a node, what fits in a picture.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::graph::NodeIndex;

use crate::model::Id;

use super::{EdgeKind, NodeKind, ProvenanceGraph};

/// How many nodes of each kind are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    pub outlets: usize,
    pub documents: usize,
    pub speakers: usize,
    pub claims: usize,
}

impl Hidden {
    pub fn total(&self) -> usize {
        self.outlets + self.documents + self.speakers + self.claims
    }

    fn count(&mut self, kind: NodeKind) {
        match kind {
            NodeKind::Outlet => self.outlets += 1,
            NodeKind::Document => self.documents += 1,
            NodeKind::Speaker => self.speakers += 1,
            NodeKind::Claim => self.claims += 1,
        }
    }
}

/// The given claims, who says them, the documents that carry them, their outlets and relays, and the repeats of these
/// claims alone.
pub fn about(graph: &ProvenanceGraph, claims: &[Id]) -> ProvenanceGraph {
    let wanted: BTreeSet<&Id> = claims.iter().collect();
    let mut kept: BTreeSet<NodeIndex> = BTreeSet::new();
    for index in graph.node_indices().filter(|&index| wanted.contains(&graph[index].id)) {
        kept.extend(claim_and_company(graph, index));
    }
    let shown: BTreeSet<&Id> = statements_of(graph, &wanted);
    for edge in graph.edge_indices() {
        let Some((from, to)) = graph.edge_endpoints(edge) else { continue };
        let cites = graph[edge].kind == EdgeKind::Cites;
        if cites && graph[edge].statements.iter().any(|id| shown.contains(id)) {
            kept.extend([from, to]);
        }
    }
    graph.filter_map(
        |index, node| kept.contains(&index).then(|| node.clone()),
        |_, edge| {
            let other = edge.claim.as_ref().is_some_and(|claim| !wanted.contains(claim));
            (!other).then(|| edge.clone())
        },
    )
}

fn statements_of<'g>(graph: &'g ProvenanceGraph, claims: &BTreeSet<&Id>) -> BTreeSet<&'g Id> {
    graph
        .edge_weights()
        .filter(|edge| edge.kind == EdgeKind::Quotes)
        .filter(|edge| edge.claim.as_ref().is_some_and(|claim| claims.contains(claim)))
        .flat_map(|edge| &edge.statements)
        .collect()
}

/// The node with this id and everything within `hops` edges of it, whichever way they point. Empty where there is none.
pub fn around(graph: &ProvenanceGraph, id: &Id, hops: usize) -> ProvenanceGraph {
    let mut kept: BTreeSet<NodeIndex> = graph.node_indices().filter(|&index| graph[index].id == *id).collect();
    let mut frontier = kept.clone();
    for _ in 0..hops {
        let next: BTreeSet<NodeIndex> = frontier
            .iter()
            .flat_map(|&index| graph.neighbors_undirected(index))
            .filter(|n| !kept.contains(n))
            .collect();
        kept.extend(&next);
        frontier = next;
    }
    keep(graph, &kept)
}

/// At most `max_nodes` nodes: claims that most documents carry come first, each with its documents, outlets and
/// speaker; a claim that no longer fits is left out whole. Says how many nodes are not shown.
pub fn limit(graph: &ProvenanceGraph, max_nodes: usize) -> (ProvenanceGraph, Hidden) {
    if graph.node_count() <= max_nodes {
        return (graph.clone(), Hidden::default());
    }
    let mut kept: BTreeSet<NodeIndex> = BTreeSet::new();
    for claim in claims_by_spread(graph) {
        let fresh: Vec<NodeIndex> =
            claim_and_company(graph, claim).into_iter().filter(|index| !kept.contains(index)).collect();
        if kept.len() + fresh.len() <= max_nodes {
            kept.extend(fresh);
        }
    }
    let mut rest: Vec<NodeIndex> = graph.node_indices().filter(|index| !kept.contains(index)).collect();
    rest.sort_by_key(|&index| (std::cmp::Reverse(graph[index].weight), index));
    rest.retain(|&index| graph[index].kind != NodeKind::Claim);
    kept.extend(rest.into_iter().take(max_nodes.saturating_sub(kept.len())));
    let mut hidden = Hidden::default();
    for index in graph.node_indices().filter(|index| !kept.contains(index)) {
        hidden.count(graph[index].kind);
    }
    (keep(graph, &kept), hidden)
}

fn keep(graph: &ProvenanceGraph, kept: &BTreeSet<NodeIndex>) -> ProvenanceGraph {
    graph.filter_map(|index, node| kept.contains(&index).then(|| node.clone()), |_, edge| Some(edge.clone()))
}

fn claims_by_spread(graph: &ProvenanceGraph) -> Vec<NodeIndex> {
    let spread = |index: NodeIndex| {
        graph.edges_directed(index, Direction::Incoming).filter(|edge| edge.weight().kind == EdgeKind::Quotes).count()
    };
    let mut claims: Vec<(usize, usize, NodeIndex)> = graph
        .node_indices()
        .filter(|&index| graph[index].kind == NodeKind::Claim)
        .map(|index| (spread(index), graph[index].weight, index))
        .collect();
    claims.sort_by_key(|&(spread, weight, index)| (std::cmp::Reverse((spread, weight)), index));
    claims.into_iter().map(|(_, _, index)| index).collect()
}

/// A claim, its speaker, the documents that carry it and their outlets.
fn claim_and_company(graph: &ProvenanceGraph, claim: NodeIndex) -> BTreeSet<NodeIndex> {
    let mut company = BTreeSet::from([claim]);
    let around: BTreeMap<NodeIndex, NodeKind> =
        graph.neighbors_directed(claim, Direction::Incoming).map(|index| (index, graph[index].kind)).collect();
    for (index, kind) in around {
        company.insert(index);
        if kind == NodeKind::Document {
            let outlets = graph.neighbors_directed(index, Direction::Incoming);
            company.extend(outlets.filter(|&outlet| graph[outlet].kind == NodeKind::Outlet));
        }
    }
    company
}
