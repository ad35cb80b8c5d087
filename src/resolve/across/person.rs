//! Joins of people: full names with full names first, then surnames and offices alone with the full names they fit.

use std::collections::BTreeMap;

use crate::lang::People;

use super::Join;
use super::blocks::{Blocks, LARGEST_BLOCK};
use super::cluster::{Clusters, Merged};
use super::facts::Facts;
use super::score::{self, Sum};

/// A rival within this many log-odds makes a surname ambiguous.
const RIVAL: f64 = 1.4;

/// Joins between different full names of one person.
pub(super) fn joins(merged: &Merged, people: &People) -> Vec<Join> {
    let pairs = Blocks::of_full_names(merged).pairs();
    pairs.into_iter().filter_map(|(a, b)| full_names(merged, a, b, people)).collect()
}

fn full_names(merged: &Merged, a: usize, b: usize, people: &People) -> Option<Join> {
    let mut sum = Sum::new();
    score::names(&mut sum, &merged[&a], &merged[&b], people)?;
    score::context(&mut sum, &merged[&a], &merged[&b]);
    Some(Join { a, b, probability: sum.probability(), evidence: sum.evidence })
}

/// Joins of what has a surname or an office alone: to the one full name that fits, else among themselves.
pub(super) fn attachments(facts: &[Facts], clusters: &Clusters, people: &People) -> Vec<Join> {
    let merged = clusters.merged(facts);
    let bearers = Blocks::of_full_names(&merged);
    let alone: Vec<usize> =
        (0..facts.len()).filter(|&node| facts[node].is_surname_only() && clusters.root(node) == node).collect();
    let mut found = Vec::new();
    let mut orphans = Vec::new();
    for &node in &alone {
        let joins = to_full_names(node, facts, &merged, &bearers, people);
        if joins.is_empty() {
            orphans.push(node);
        }
        found.extend(joins);
    }
    found.extend(among_orphans(facts, &orphans, people));
    found.extend(offices(clusters, &merged));
    found
}

/// Surnames alone that stayed apart, once more with the one full name that fits: it now knows what the surnames joined to it
/// know. Only where nobody else bears the surname, or a crowd would draw ever more of it in.
pub(super) fn second_look(facts: &[Facts], clusters: &Clusters, people: &People) -> Vec<Join> {
    let merged = clusters.merged(facts);
    let bearers = Blocks::of_full_names(&merged);
    let alone = merged.iter().filter(|(_, cluster)| cluster.is_surname_only() && cluster.members == 1);
    let looks = alone.map(|(&node, _)| to_full_names(node, facts, &merged, &bearers, people));
    looks.filter(|joins| joins.len() == 1).flatten().collect()
}

/// A surname alone with every full name that has it; others with the same surname speak against each.
fn to_full_names(node: usize, facts: &[Facts], merged: &Merged, bearers: &Blocks, people: &People) -> Vec<Join> {
    let mut scored: Vec<(usize, Sum)> = Vec::new();
    for root in bearers.of_surname(&facts[node].surname) {
        let mut sum = Sum::new();
        if score::names(&mut sum, &facts[node], &merged[&root], people).is_some() {
            score::context(&mut sum, &facts[node], &merged[&root]);
            scored.push((root, sum));
        }
    }
    add_prominence(&mut scored, merged);
    let totals: Vec<(usize, f64)> = scored.iter().map(|(root, sum)| (*root, sum.total())).collect();
    scored
        .into_iter()
        .map(|(root, mut sum)| {
            let own = sum.total();
            let rivals = totals.iter().filter(|(other, total)| *other != root && *total > own - RIVAL).count();
            if rivals == 0 {
                sum.add(score::ONLY_BEARER, format!("the only {} that fits", facts[node].surname));
            } else {
                sum.add(score::OTHER_BEARERS, format!("{rivals} others of the surname fit as well"));
            }
            Join { a: node.min(root), b: node.max(root), probability: sum.probability(), evidence: sum.evidence }
        })
        .collect()
}

/// Whoever is in many more documents than all others of the surname together is likelier meant by the surname alone.
fn add_prominence(scored: &mut [(usize, Sum)], merged: &Merged) {
    let all: usize = scored.iter().map(|(root, _)| merged[root].members).sum();
    for (root, sum) in scored.iter_mut() {
        let own = merged[root].members;
        if all > own && own >= 4 * (all - own) {
            sum.add(score::PROMINENT, format!("in {own} documents, all others of the surname in {}", all - own));
        }
    }
}

/// Surnames alone that no full name fits: joined when roles or company agree.
fn among_orphans(facts: &[Facts], orphans: &[usize], people: &People) -> Vec<Join> {
    let pairs = Blocks::of(orphans.iter().map(|&node| (node, &facts[node]))).pairs();
    let join = |(a, b): (usize, usize)| {
        let mut sum = Sum::new();
        score::names(&mut sum, &facts[a], &facts[b], people)?;
        score::context(&mut sum, &facts[a], &facts[b]);
        sum.add(score::ONLY_BEARER, "no full name in the set has the surname");
        Some(Join { a, b, probability: sum.probability(), evidence: sum.evidence })
    };
    pairs.into_iter().filter_map(join).collect()
}

/// An office alone ("the governor of Belgorod") with the one known to hold it, or with the same office elsewhere.
fn offices(clusters: &Clusters, merged: &Merged) -> Vec<Join> {
    let mut holders: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (&root, cluster) in merged {
        for (at, role) in cluster.roles.iter().enumerate().filter(|(_, role)| role.is_specific()) {
            holders.entry(role.office_key()).or_default().push((root, at));
        }
    }
    let mut found = Vec::new();
    for (&root, cluster) in
        merged.iter().filter(|(root, cluster)| cluster.is_role_only() && clusters.root(**root) == **root)
    {
        let mut scored: BTreeMap<usize, Sum> = BTreeMap::new();
        for role in &cluster.roles {
            for &(other, at) in holders.get(&role.office_key()).into_iter().flatten().take(LARGEST_BLOCK) {
                let theirs = &merged[&other];
                if other == root || (theirs.is_role_only() && other < root) || !role.same_office(&theirs.roles[at]) {
                    continue;
                }
                scored.entry(other).or_insert_with(|| office_sum(cluster, theirs, &role.head));
            }
        }
        let named = scored.keys().filter(|other| !merged[*other].is_role_only()).count();
        for (other, mut sum) in scored {
            if named > 1 && !merged[&other].is_role_only() {
                sum.add(score::OTHER_BEARERS, "others held the office");
            }
            let (a, b) = (root.min(other), root.max(other));
            found.push(Join { a, b, probability: sum.probability(), evidence: sum.evidence });
        }
    }
    found
}

fn office_sum(a: &Facts, b: &Facts, head: &str) -> Sum {
    let mut sum = Sum::new();
    sum.add(score::SAME_OFFICE, format!("both are the {head} of the same"));
    match a.days_from(b) {
        Some(days) if days > 365 => sum.add(score::OTHER_TIME, format!("{days} days apart: offices change hands")),
        Some(days) if days <= 45 => sum.add(score::NEAR_IN_TIME, format!("{days} days apart")),
        _ => {}
    }
    sum
}
