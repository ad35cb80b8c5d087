//! What both kinds of report are made of: claims with their variants in order, and what lost its source.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::ProvenanceGraph;
use crate::model::{DocumentRelation, Id, Order};
use crate::render::scene::{Carry, ClaimMark, Repeat, Scene};
use crate::render::style;

use super::{Quoted, Report};

/// A claim with everything that carries it, first seen first.
pub struct Entry<'s> {
    pub number: usize,
    pub claim: &'s ClaimMark,
    pub carries: Vec<&'s Carry>,
}

/// Claims by their numbers: the most widely carried first.
pub fn entries(scene: &Scene) -> Vec<Entry<'_>> {
    let mut by_claim: BTreeMap<usize, Vec<&Carry>> = BTreeMap::new();
    for carry in &scene.carries {
        by_claim.entry(carry.claim).or_default().push(carry);
    }
    let mut found: Vec<Entry> = by_claim
        .into_iter()
        .map(|(at, mut carries)| {
            carries.sort_by_key(|it| (!it.first_seen, it.date.is_none(), it.date.clone(), it.document.clone()));
            Entry { number: scene.claims[at].number, claim: &scene.claims[at], carries }
        })
        .collect();
    found.sort_by_key(|entry| entry.number);
    found
}

pub fn scene(graph: &ProvenanceGraph) -> Scene {
    Scene::of(graph)
}

/// The first statement behind a carry that has a context.
pub fn quoted<'r>(report: &'r Report, carry: &Carry) -> Option<&'r Quoted> {
    carry.statements.iter().find_map(|statement| report.quoted.get(statement))
}

/// "first seen", or how it repeats whom and what the direction rests on; without a direction, with whom it is related.
pub fn how(scene: &Scene, carry: &Carry) -> String {
    let manner = style::carried(carry.first_seen, carry.relation).words;
    let of_claim = |repeat: &&Repeat| repeat.claim == carry.claim && repeat.from != repeat.to;
    let label = |at: usize| scene.carriers[at].label.as_str();
    if carry.relation.is_some() && !carry.first_seen && carry.order != Order::Unknown {
        let from = scene.repeats.iter().filter(of_claim).find(|it| it.to == carry.carrier && it.order == carry.order);
        let from = from.map_or(String::new(), |it| format!(" from {}", label(it.from)));
        let order = style::order_words(carry.order);
        return format!("{manner}{from} ({})", order.strip_prefix("order: ").unwrap_or(order));
    }
    let open = |it: &&Repeat| it.order == Order::Unknown && (it.to == carry.carrier || it.from == carry.carrier);
    match scene.repeats.iter().filter(of_claim).find(open) {
        Some(it) => {
            let other = label(if it.to == carry.carrier { it.from } else { it.to });
            let open = if it.relation == DocumentRelation::CommonSource { "" } else { ", no direction known" };
            format!("{manner}, with {other}{open}")
        }
        None => manner.to_string(),
    }
}

/// Documents that carry a claim without naming any source, while others name one.
pub fn lost_source<'e, 's>(entries: &'e [Entry<'s>]) -> Vec<(&'e Entry<'s>, &'s Carry)> {
    let unsourced =
        |carry: &Carry| ["no source named", "repeated without source"].iter().any(|it| carry.note.contains(it));
    let mut found = Vec::new();
    for entry in entries {
        if entry.carries.iter().all(|carry| unsourced(carry)) {
            continue;
        }
        found.extend(entry.carries.iter().filter(|carry| unsourced(carry)).map(|carry| (entry, *carry)));
    }
    found
}

/// Speakers with how many claims and documents, the most carried first.
pub fn speakers(entries: &[Entry]) -> Vec<(String, usize, usize)> {
    let mut found: BTreeMap<&Id, (&str, usize, BTreeSet<&Id>)> = BTreeMap::new();
    for entry in entries {
        let Some((id, name)) = &entry.claim.speaker else { continue };
        let row = found.entry(id).or_insert((name, 0, BTreeSet::new()));
        row.1 += 1;
        row.2.extend(entry.carries.iter().map(|carry| &carry.document));
    }
    let mut rows: Vec<(String, usize, usize)> =
        found.into_values().map(|(name, claims, documents)| (name.to_string(), claims, documents.len())).collect();
    rows.sort_by(|a, b| (b.2, b.1, &a.0).cmp(&(a.2, a.1, &b.0)));
    rows
}
