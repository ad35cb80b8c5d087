//! Entities across documents: which local entities of different documents are one.
//!
//! In: local entities with their contexts, and what people decided. Out: a `Resolution`.
//! The result is a function of the *set* of inputs: everything is sorted first, and candidates come from blocks
//! (surname codes, name words, acronyms, role keys), never from all pairs.

mod blocks;
mod body;
mod card;
mod cluster;
mod company;
mod facts;
mod gathering;
mod naming;
mod person;
mod region;
mod score;
mod typed;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::people_of_all;
use crate::model::{Entity, EntityKind, Evidence};

use super::bodies::BodyKey;
use super::name::PersonName;
use super::role::RoleKey;
use super::{KnownLocal, NameDecisions, Resolution};
pub use blocks::{BEST_KNOWN, CROWD, Crowds, FRONT, LOOKED_THROUGH, is_id_key};
pub use card::{Card, Sort, is_known_alike, may_be_one};
use cluster::Clusters;
use facts::Facts;
pub use gathering::Gathering;
pub use gathering::SAMPLE;
use gathering::{Gathered, Node};
pub use naming::LONE_SHOWN;
use naming::Named;
pub use region::{AllUses, Region};
pub(super) use score::SUGGESTED;
use typed::Typed;
pub use typed::{Judged, Merges, is_tied, plain, spellings};
pub(super) use typed::{tied, untied};

/// The entity of one that is compared with nothing: of a kind that never meets others, or with a name that says too little.
pub fn alone(local: &KnownLocal) -> Option<Entity> {
    let apart = !may_meet(local.entity.kind) || Card::of(local).sort == Sort::Apart;
    apart.then(|| naming::alone(local))
}

/// A join of two nodes with what speaks for it.
#[derive(Clone, Debug, PartialEq)]
struct Join {
    a: usize,
    b: usize,
    probability: f64,
    evidence: Vec<Evidence>,
    /// The node of the two that has a surname or an office alone, where the other one has a name.
    alone: Option<usize>,
}

/// Joins local entities in whatever order they come.
pub(super) fn entities(locals: &[KnownLocal], decisions: &NameDecisions) -> Resolution {
    let mut sorted: Vec<KnownLocal> = locals.to_vec();
    sorted.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| a.entity.name.cmp(&b.entity.name)));
    let mut gathering = Gathering::new(decisions.clone());
    let mut alone = Vec::new();
    for document in sorted.chunk_by(|x, y| Arc::ptr_eq(&x.together_with, &y.together_with)) {
        alone.extend(gathering.add(document.to_vec()));
    }
    let mut resolution = gathering.resolve();
    resolution.entities.extend(alone.into_iter().map(|(entity, row)| (entity, vec![row])));
    resolution
}

/// `settled`: nodes at the end that are already known to be one with another one, each with that.
fn resolve(everything: Gathered, decisions: &NameDecisions, decided: bool, settled: &[(usize, usize)]) -> Resolution {
    let Gathered { nodes, facts, crowds } = everything;
    let open = facts.len() - settled.len();
    let all = Gathered { nodes: &nodes[..open], facts: &facts[..open], crowds };
    let people = people_of_all();
    let typed = if decided { Typed::of(nodes, facts) } else { Typed::default() };
    let mut clusters = Clusters::new(facts, &typed, decisions);
    clusters.join_alike(all.facts);
    clusters.apply_same(&typed, decisions);
    clusters.apply_table(&typed, decisions);
    let merged = clusters.merged(all.facts);
    let mut joins = person::joins(all, &clusters, &merged, people);
    joins.extend(body::joins(all, &clusters, &merged));
    drop(merged);
    let mut open = clusters.join_all(joins, facts);
    open.extend(clusters.join_all(person::attachments(all, &clusters, people), facts));
    settled.iter().for_each(|&(node, with)| clusters.settle(node, with));
    resolution(nodes, facts, &clusters, open, decisions)
}

/// Whether a name alone tells who is meant: a person's name in full, a body with a name of its own.
pub(super) fn tells_who(name: &str, kind: EntityKind) -> bool {
    let people = people_of_all();
    match kind {
        EntityKind::Person => PersonName::of_text(name, people).is_full() && RoleKey::of_text(name, people).is_none(),
        EntityKind::Organisation => {
            let body = BodyKey::of(name, people);
            (!body.initials.is_empty() || body.acronym.is_some()) && !body::is_common(&body)
        }
        _ => false,
    }
}

fn resolution(
    nodes: &[Node],
    facts: &[Facts],
    clusters: &Clusters,
    open: Vec<Join>,
    decisions: &NameDecisions,
) -> Resolution {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in 0..nodes.len() {
        members.entry(clusters.root(node)).or_default().push(node);
    }
    let mut named: Vec<Named> = members
        .into_iter()
        .map(|(root, members)| {
            let known = clusters.row(root).map(|row| &decisions.known[row]);
            let mut rows: Vec<i64> = members.iter().flat_map(|&node| nodes[node].rows.iter().copied()).collect();
            rows.sort_unstable();
            Named {
                entity: naming::entity(&members, nodes, facts, clusters, known),
                rows,
                first: first(&members, nodes, facts),
                uses: names_of(&members, facts).map(|node| facts[node].members).sum(),
                root,
            }
        })
        .collect();
    naming::make_ids_distinct(&mut named);
    named.sort_by(|a, b| a.entity.id.cmp(&b.entity.id));
    let place: BTreeMap<usize, usize> = named.iter().enumerate().map(|(at, it)| (it.root, at)).collect();
    let qids = named
        .iter()
        .filter_map(|it| {
            let known = &decisions.known[clusters.row(it.root)?];
            (!known.qid.is_empty()).then(|| (it.entity.id.clone(), known.qid.clone()))
        })
        .collect();
    let mut suggested: BTreeMap<(usize, usize), (f64, Vec<Evidence>)> = BTreeMap::new();
    // Who a surname might have been besides the one it was joined to says nothing about these two.
    let waits = |join: &Join| join.alone.is_none_or(|node| clusters.is_single(node));
    for join in open.into_iter().filter(|join| join.probability >= SUGGESTED && waits(join)) {
        let (a, b) = (place[&clusters.root(join.a)], place[&clusters.root(join.b)]);
        if a == b || clusters.are_apart(join.a, join.b) {
            continue;
        }
        let known = suggested.entry((a.min(b), a.max(b))).or_insert((0.0, Vec::new()));
        if known.0 < join.probability {
            *known = (join.probability, join.evidence);
        }
    }
    Resolution {
        entities: named.into_iter().map(|it| (it.entity, it.rows)).collect(),
        qids,
        suggested: suggested.into_iter().map(|((a, b), (p, evidence))| (a, b, p, evidence)).collect(),
    }
}

/// Members whose names tell who they are.
fn names_of(members: &[usize], facts: &[Facts]) -> impl Iterator<Item = usize> {
    members.iter().copied().filter(|&node| facts[node].tells_who())
}

fn first(members: &[usize], nodes: &[Node], facts: &[Facts]) -> String {
    let named = names_of(members, facts).map(|node| &nodes[node].first).min();
    named.or_else(|| members.iter().map(|&node| &nodes[node].first).min()).cloned().unwrap_or_default()
}

/// Groups and unnamed voices are never joined across documents.
pub(super) fn may_meet(kind: EntityKind) -> bool {
    matches!(kind, EntityKind::Person | EntityKind::Organisation)
}
