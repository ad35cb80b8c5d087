//! Who is compared with whom: only names that share a key.
//!
//! In: nodes with their keys. Out: groups of nodes to be compared, and the best-known bearers of a surname or holders of an
//! office. What is looked at depends on the names alone and never on when they came or how many others there are elsewhere, so
//! that few need to be looked at again when documents arrive.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use super::super::spelling::{codes, french_form, plain_form};
use super::body;
use super::card::{self, Sort};
use super::facts::Facts;
use super::gathering::Gathered;
use crate::text::match_key;

/// A block of more tells nothing: names in it meet in others that are smaller, or not at all.
pub const CROWD: usize = 200;
/// Of those who bear one name and are not taken for one, so many are compared with others: the first by their documents' ids.
pub const FRONT: usize = 60;
/// Bearers of a surname or holders of an office that somebody may be: those in most documents.
pub const BEST_KNOWN: usize = 60;
/// Bearers are looked for in blocks of at most so many names.
pub const LOOKED_THROUGH: usize = 3000;

/// Blocks that are too large to be looked at, where only some of their nodes are here.
#[derive(Clone, Debug, Default)]
pub struct Crowds {
    /// Not compared with each other, by sort (that of names that tell who they are, where some do).
    pub compared: HashSet<(Sort, i64)>,
    /// Not looked through for the best known.
    pub looked_through: HashSet<i64>,
}

/// Nodes by key, ascending in each block.
pub(super) struct Blocks<'g> {
    blocks: BTreeMap<i64, Vec<usize>>,
    all: Gathered<'g>,
    sort: Sort,
}

impl<'g> Blocks<'g> {
    /// `sort`: of the nodes that are wanted, where some tell who they are of these.
    pub fn of(all: Gathered<'g>, sort: Sort, wanted: impl Fn(&Facts) -> bool) -> Blocks<'g> {
        let mut blocks: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (node, _) in all.facts.iter().enumerate().filter(|(_, facts)| wanted(facts)) {
            for key in &all.nodes[node].keys {
                blocks.entry(*key).or_default().push(node);
            }
        }
        Blocks { blocks, all, sort }
    }

    /// Of each block that is no crowd the nodes that are compared with each other.
    pub fn fronts(&self) -> impl Iterator<Item = Vec<usize>> {
        self.blocks.keys().map(|key| self.front(*key)).filter(|front| front.len() > 1)
    }

    /// As `fronts`, of one block.
    pub fn front(&self, key: i64) -> Vec<usize> {
        let Some(block) = self.blocks.get(&key) else { return Vec::new() };
        let front = front(block, self.all.facts);
        let is_crowd = match self.all.crowds {
            Some(crowds) => crowds.compared.contains(&(self.sort, key)),
            None => front.len() > CROWD,
        };
        if is_crowd { Vec::new() } else { front }
    }

    /// The best-known names in blocks of which these are the keys; `None` where too many names share one.
    pub fn best_known(&self, keys: &[i64], fits: impl Fn(&Facts) -> bool) -> Option<Vec<usize>> {
        let facts = self.all.facts;
        let mut found: BTreeSet<(Reverse<usize>, &str, usize)> = BTreeSet::new();
        for (key, block) in keys.iter().filter_map(|key| Some((key, self.blocks.get(key)?))) {
            let too_many = match self.all.crowds {
                Some(crowds) => crowds.looked_through.contains(key),
                None => block.len() > LOOKED_THROUGH,
            };
            if too_many {
                return None;
            }
            let fitting = block.iter().filter(|node| fits(&facts[**node]));
            found.extend(fitting.map(|&node| (Reverse(facts[node].weight), facts[node].key.as_str(), node)));
        }
        Some(found.into_iter().take(BEST_KNOWN).map(|(_, _, node)| node).collect())
    }
}

/// Those of a block that would be compared with each other, by surname and name.
fn front(block: &[usize], facts: &[Facts]) -> Vec<usize> {
    let mut ordered = block.to_vec();
    ordered.sort_by_key(|&node| (&facts[node].surname, &facts[node].key, node));
    let bearers = ordered.chunk_by(|&a, &b| facts[a].key == facts[b].key);
    bearers.flat_map(|it| it.iter().take(FRONT)).copied().collect()
}

/// The keys of somebody as one document knows them. Sorted.
pub(super) fn keys(facts: &Facts) -> Vec<i64> {
    let mut keys: Vec<i64> =
        facts.roles.iter().filter(|role| role.is_specific()).map(|role| office(&role.office_key())).collect();
    if !facts.surname.is_empty() {
        keys.extend(surname_keys(&facts.surname));
        let given = facts.name.as_ref().and_then(|name| name.first()).map(|given| plain_form(&match_key(given)));
        // Stays small where a surname is common.
        let initial = given.and_then(|given| given.chars().next());
        keys.extend(initial.map(|initial| hash("initial", &format!("{} {initial}", plain_form(&facts.surname)))));
    }
    if facts.is_proper_body() {
        keys.extend(body::keys(facts));
    }
    keys.extend(card::id_key(facts));
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A Daitch–Mokotoff code, the plain form, the first letters of a long name.
fn surname_keys(surname: &str) -> Vec<i64> {
    let mut keys: Vec<i64> = codes(surname).iter().map(|code| hash("code", code)).collect();
    let plain = plain_form(surname);
    if plain.len() >= 8 {
        keys.push(hash("head", &plain.chars().take(6).collect::<String>()));
    }
    keys.push(hash("plain", &plain));
    keys.extend(french_form(surname).map(|form| hash("plain", &form)));
    keys
}

/// The key of an office.
pub(super) fn office(office: &str) -> i64 {
    hash("office", office)
}

/// A key of this sort: even.
pub(super) fn hash(sort: &str, text: &str) -> i64 {
    xxh3_64(format!("{sort} {text}").as_bytes()) as i64 & !1
}

/// Whether it is the key of the id that is made from a name: odd.
pub fn is_id_key(key: i64) -> bool {
    key & 1 == 1
}
