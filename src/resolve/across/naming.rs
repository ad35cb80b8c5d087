//! What an entity is called, its spellings with their kinds, and its public id.
//!
//! The id comes from the kind and the plain form of the name, so that it is the same in any order of ingest and for
//! any transliteration style; only entities without a full name, and namesakes, carry the key of a member in it.

use std::collections::BTreeMap;

use crate::lang::people_of_all;
use crate::model::{Alias, AliasKind, Entity, EntityKind, Evidence, Id, IdKind, KnownName};
use crate::text::match_key;

use super::super::KnownLocal;
use super::super::spelling::{plain_form, same_style};
use super::cluster::Clusters;
use super::facts::Facts;
use super::gathering::{EVIDENCE_KEPT, Node};

/// Surnames and offices alone of which it is shown why they are in an entity.
pub const LONE_SHOWN: usize = 8;

/// An entity with its members.
pub(super) struct Named {
    pub entity: Entity,
    /// What the caller knows its local entities by.
    pub rows: Vec<i64>,
    /// Key of the first that has a name which tells who it is (of the first of all where none has).
    pub first: String,
    /// How many have one.
    pub uses: usize,
    pub root: usize,
}

pub(super) fn entity(
    members: &[usize],
    nodes: &[Node],
    facts: &[Facts],
    clusters: &Clusters,
    known: Option<&KnownName>,
) -> Entity {
    let (chief, name) = chief(members, nodes, facts);
    let evidence = evidence(members, nodes, facts, clusters);
    let first = super::first(members, nodes, facts);
    Entity {
        id: id(&facts[chief], &name, &first),
        aliases: with_given(aliases(members, nodes, facts, chief), known),
        kind: facts[chief].kind,
        name,
        evidence,
    }
}

/// Why the members are one, and what the documents of the first of them gave as reasons.
fn evidence(members: &[usize], nodes: &[Node], facts: &[Facts], clusters: &Clusters) -> Vec<Evidence> {
    let mut evidence = members.first().map(|&node| clusters.evidence(clusters.root(node))).unwrap_or_default();
    let (names, lone): (Vec<usize>, Vec<usize>) = members.iter().partition(|&&node| facts[node].tells_who());
    let shown = || names.iter().chain(lone.iter().take(LONE_SHOWN)).copied();
    let reasons = shown().flat_map(|node| clusters.reasons(node));
    for item in reasons.chain(shown().flat_map(|node| &nodes[node].evidence)) {
        if !evidence.contains(item) && evidence.len() < EVIDENCE_KEPT {
            evidence.push(item.clone());
        }
    }
    evidence
}

/// The entity of one that is never joined with others.
pub(super) fn alone(local: &KnownLocal) -> Entity {
    let (entity, node) = (&local.entity, Node::of(local));
    Entity {
        id: Id::of(IdKind::Entity, &[entity.kind.name(), &match_key(&entity.name), &local.key]),
        name: entity.name.clone(),
        kind: entity.kind,
        aliases: counted(node.spelled.spellings.into_iter().collect()),
        evidence: node.evidence,
    }
}

/// The member whose name stands for all, and the name as most often spelled: a full name before a surname, the one in most
/// documents, then the longest.
fn chief(members: &[usize], nodes: &[Node], facts: &[Facts]) -> (usize, String) {
    let mut names: BTreeMap<&str, Known> = BTreeMap::new();
    for &node in members {
        let known = names.entry(&facts[node].key).or_insert_with(|| Known { node, uses: 0, spelled: BTreeMap::new() });
        known.uses += facts[node].members;
        for (name, count) in &nodes[node].spelled.names {
            *known.spelled.entry(name).or_insert(0) += count;
        }
    }
    let rank = |(key, known): &(&str, Known)| {
        let facts = &facts[known.node];
        let full = facts.is_full() || facts.body.acronym.is_none() && facts.kind == EntityKind::Organisation;
        (is_latin(key), full, known.uses, key.len(), std::cmp::Reverse(key.to_string()))
    };
    let Some((_, best)) = names.into_iter().max_by_key(rank) else { return (0, String::new()) };
    let spelled = best.spelled.iter().max_by_key(|(name, count)| (is_latin(name), **count, std::cmp::Reverse(**name)));
    (best.node, spelled.map(|(name, _)| name.to_string()).unwrap_or_default())
}

/// A name of a cluster: a node that has it, in how many documents it is, how it is spelled.
struct Known<'n> {
    node: usize,
    uses: usize,
    spelled: BTreeMap<&'n str, usize>,
}

fn is_latin(name: &str) -> bool {
    name.chars().all(|c| !c.is_alphabetic() || c < '\u{250}')
}

pub(super) fn id(facts: &Facts, name: &str, first: &str) -> Id {
    let kind = facts.kind;
    if let Some(person) = facts.name.as_ref().filter(|name| name.is_full()) {
        let given = plain_form(&match_key(person.first().unwrap_or("")));
        let suffix = person.suffix.clone().unwrap_or_default();
        return Id::of(IdKind::Entity, &[kind.name(), &given, &plain_form(&person.surname_key()), &suffix]);
    }
    if facts.is_proper_body() && !super::body::is_generic(facts) {
        return Id::of(IdKind::Entity, &[kind.name(), &facts.body.text()]);
    }
    Id::of(IdKind::Entity, &[kind.name(), &match_key(name), first])
}

/// Namesakes get ids of their own: the one whose names are in most documents keeps the plain one, the others add a member's key.
pub(super) fn make_ids_distinct(named: &mut [Named]) {
    let mut by_id: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for (at, it) in named.iter().enumerate() {
        by_id.entry(it.entity.id.clone()).or_default().push(at);
    }
    for (id, mut same) in by_id.into_iter().filter(|(_, same)| same.len() > 1) {
        same.sort_by_key(|&at| (std::cmp::Reverse(named[at].uses), named[at].first.clone()));
        for &at in &same[1..] {
            named[at].entity.id = Id::of(IdKind::Entity, &[id.as_str(), &named[at].first]);
        }
    }
}

/// The spellings that only the user's table has: no document does, so they count nothing.
fn with_given(mut aliases: Vec<Alias>, known: Option<&KnownName>) -> Vec<Alias> {
    for text in known.into_iter().flat_map(|known| std::iter::once(&known.name).chain(&known.aliases)) {
        if !aliases.iter().any(|alias| &alias.text == text) {
            aliases.push(Alias { text: text.clone(), kind: AliasKind::Given, count: 0 });
        }
    }
    aliases
}

/// All spellings, counted; the kind says how each differs from the name.
fn aliases(members: &[usize], nodes: &[Node], facts: &[Facts], chief: usize) -> Vec<Alias> {
    let mut counts = Counts::new();
    for &node in members {
        for ((kind, text), count) in &nodes[node].spelled.spellings {
            let kind = kind_of(*kind, &facts[node], &facts[chief]);
            *counts.entry((kind, text.clone())).or_insert(0) += count;
        }
    }
    counted(counts)
}

/// How often each spelling was seen.
type Counts = BTreeMap<(AliasKind, String), usize>;

fn counted(counts: Counts) -> Vec<Alias> {
    let mut aliases: Vec<Alias> = counts.into_iter().map(|((kind, text), count)| Alias { text, kind, count }).collect();
    aliases.sort_by(|a, b| {
        (a.kind, std::cmp::Reverse(a.count), &a.text).cmp(&(b.kind, std::cmp::Reverse(b.count), &b.text))
    });
    aliases
}

fn kind_of(kind: AliasKind, own: &Facts, chief: &Facts) -> AliasKind {
    let named = matches!(kind, AliasKind::Name | AliasKind::Surname);
    if !named || own.key == chief.key {
        return kind;
    }
    if own.kind == EntityKind::Organisation {
        return match (own.body.acronym.is_some(), own.body.same_words(&chief.body)) {
            (true, _) => AliasKind::Acronym,
            (false, true) => AliasKind::Translation,
            (false, false) => AliasKind::Spelling,
        };
    }
    let people = people_of_all();
    let styled = !own.surname.is_empty() && own.surname != chief.surname && same_style(&own.surname, &chief.surname);
    let given = match (&own.name, &chief.name) {
        (Some(a), Some(b)) => match (a.first(), b.first()) {
            (Some(x), Some(y)) => match_key(x) != match_key(y) && people.same_given(x, y),
            _ => false,
        },
        _ => false,
    };
    match (styled || given, own.surname == chief.surname) {
        (true, _) => AliasKind::Transliteration,
        (false, true) => kind,
        (false, false) => AliasKind::Spelling,
    }
}
