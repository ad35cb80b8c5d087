//! Joins of people: full names with full names first, then surnames and offices alone with the full names they fit.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::lang::People;

use super::super::spelling::same_surname;
use super::Join;
use super::blocks::{self, Blocks};
use super::card::Sort;
use super::cluster::{Clusters, Merged};
use super::facts::Facts;
use super::gathering::Gathered;
use super::score::{self, Sum};

/// A rival within this many log-odds makes a surname ambiguous.
const RIVAL: f64 = 1.4;

/// Joins between different full names of one person.
pub(super) fn joins(all: Gathered, clusters: &Clusters, merged: &Merged, people: &People) -> Vec<Join> {
    let full = Blocks::of(all, Sort::Person, Facts::is_full);
    let pairs: BTreeSet<(usize, usize)> =
        pairs(&full, all.facts).into_iter().filter_map(|(a, b)| clusters.roots(a, b)).collect();
    pairs.into_iter().filter_map(|(a, b)| full_names(merged, a, b, people)).collect()
}

fn full_names(merged: &Merged, a: usize, b: usize, people: &People) -> Option<Join> {
    let mut sum = Sum::new();
    score::names(&mut sum, &merged[&a], &merged[&b], people)?;
    score::context(&mut sum, &merged[&a], &merged[&b]);
    Some(Join { a, b, probability: sum.probability(), evidence: sum.evidence, alone: None })
}

/// Pairs of nodes in a block whose surnames can be one, the smaller node first, each pair once.
fn pairs(blocks: &Blocks, facts: &[Facts]) -> HashSet<(usize, usize)> {
    let mut found = HashSet::new();
    for front in blocks.fronts() {
        for (at, a) in front.iter().enumerate() {
            // Bearers of one surname stand together: it is compared once.
            let surname = facts[*a].surname.as_str();
            let mut compared = (surname, true);
            for b in &front[at + 1..] {
                let other = facts[*b].surname.as_str();
                if compared.0 != other {
                    compared = (other, same_surname(surname, other));
                }
                if compared.1 {
                    found.insert((*a.min(b), *a.max(b)));
                }
            }
        }
    }
    found
}

/// Joins of what has a surname or an office alone: to the one full name that fits, else among themselves.
pub(super) fn attachments(all: Gathered, clusters: &Clusters, people: &People) -> Vec<Join> {
    let facts = all.facts;
    let merged = clusters.merged(facts);
    let bearers = Blocks::of(all, Sort::Person, |facts| facts.sort() == Sort::Person);
    let mut known: HashMap<&str, Option<Vec<usize>>> = HashMap::new();
    let mut found = Vec::new();
    let mut orphans = BTreeSet::new();
    for node in (0..facts.len()).filter(|&node| facts[node].is_surname_only() && clusters.is_single(node)) {
        let surname = facts[node].surname.as_str();
        let bearers = known.entry(surname).or_insert_with(|| {
            bearers.best_known(&all.nodes[node].keys, |other| same_surname(surname, &other.surname))
        });
        let Some(bearers) = bearers else { continue };
        let mut by_root: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        bearers.iter().for_each(|&bearer| by_root.entry(clusters.root(bearer)).or_default().push(bearer));
        let joins = to_full_names(node, facts, &merged, &by_root, people);
        if joins.is_empty() {
            orphans.insert(node);
        }
        found.extend(joins);
    }
    found.extend(among_orphans(all, &orphans, people));
    found.extend(offices(all, clusters, &merged));
    found
}

/// A surname alone with everybody who has it in a full name; others with the same surname speak against each. `bearers`: by
/// cluster; who has several surnames may go by another one.
fn to_full_names(
    node: usize,
    facts: &[Facts],
    merged: &Merged,
    bearers: &BTreeMap<usize, Vec<usize>>,
    people: &People,
) -> Vec<Join> {
    let mut scored: Vec<(usize, Sum)> = Vec::new();
    for (&root, names) in bearers {
        let known_as = std::iter::once(&*merged[&root]).chain(names.iter().map(|&name| &facts[name]));
        let mut fitting = known_as.filter_map(|named| {
            let mut sum = Sum::new();
            score::names(&mut sum, &facts[node], named, people).map(|_| sum)
        });
        if let Some(mut sum) = fitting.next() {
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
            let (a, b) = (node.min(root), node.max(root));
            Join { a, b, probability: sum.probability(), evidence: sum.evidence, alone: Some(node) }
        })
        .collect()
}

/// Whoever is in many more documents than all others of the surname together is likelier meant by the surname alone.
fn add_prominence(scored: &mut [(usize, Sum)], merged: &Merged) {
    let all: usize = scored.iter().map(|(root, _)| merged[root].weight).sum();
    for (root, sum) in scored.iter_mut() {
        let own = merged[root].weight;
        if all > own && own >= 4 * (all - own) {
            let note = format!("in {own} documents or more, all others of the surname in {} or more", all - own);
            sum.add(score::PROMINENT, note);
        }
    }
}

/// Surnames alone that no full name fits: joined when roles or company agree.
fn among_orphans(all: Gathered, orphans: &BTreeSet<usize>, people: &People) -> Vec<Join> {
    let facts = all.facts;
    let surnames = Blocks::of(all, Sort::Surname, Facts::is_surname_only);
    let pairs = pairs(&surnames, facts).into_iter().filter(|(a, b)| orphans.contains(a) && orphans.contains(b));
    let join = |(a, b): (usize, usize)| {
        let mut sum = Sum::new();
        score::names(&mut sum, &facts[a], &facts[b], people)?;
        score::context(&mut sum, &facts[a], &facts[b]);
        sum.add(score::ONLY_BEARER, "no full name in the set has the surname");
        Some(Join { a, b, probability: sum.probability(), evidence: sum.evidence, alone: None })
    };
    pairs.filter_map(join).collect()
}

/// An office alone ("the governor of Belgorod") with the one known to hold it, or with the same office elsewhere.
fn offices(all: Gathered, clusters: &Clusters, merged: &Merged) -> Vec<Join> {
    let facts = all.facts;
    let alone = |node: &usize| facts[*node].is_role_only() && clusters.is_single(*node);
    let named = Blocks::of(all, Sort::Person, |facts| facts.sort() == Sort::Person);
    let unnamed = Blocks::of(all, Sort::Office, Facts::is_role_only);
    let mut known: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    for node in (0..facts.len()).filter(alone) {
        let mut scored: BTreeMap<usize, Sum> = BTreeMap::new();
        for role in facts[node].roles.iter().filter(|role| role.is_specific()) {
            let office = blocks::office(&role.office_key());
            let holders = known.entry(office).or_insert_with(|| {
                let mut holders = named.best_known(&[office], |_| true).unwrap_or_default();
                holders.extend(unnamed.front(office));
                holders
            });
            for &holder in holders.iter() {
                let other = clusters.root(holder);
                let theirs = &merged[&other];
                let again = other == node || (theirs.is_role_only() && other < node);
                if !again && theirs.roles.iter().any(|it| it.is_specific() && role.same_office(it)) {
                    scored.entry(other).or_insert_with(|| office_sum(&facts[node], theirs, &role.head));
                }
            }
        }
        let named = scored.keys().filter(|other| !merged[*other].is_role_only()).count();
        for (other, mut sum) in scored {
            let alone = (!merged[&other].is_role_only()).then_some(node);
            if named > 1 && alone.is_some() {
                sum.add(score::OTHER_BEARERS, "others held the office");
            }
            let (a, b) = (node.min(other), node.max(other));
            found.push(Join { a, b, probability: sum.probability(), evidence: sum.evidence, alone });
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
