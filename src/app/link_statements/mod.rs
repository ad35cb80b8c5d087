//! Links of statements: who shares a rare key, or two that are no stock phrases, is a candidate, whom the bound of their
//! outlines turns away has no relation, and the rest are compared word by word.
//!
//! Few statements are looked up one by one; many go through the whole index of keys once. Both find the same pairs.

mod middling;
mod outlines;
mod sieve;
mod wordings;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use crate::link::{self, LinkOptions, Outline};
use crate::model::{Id, Link, Variant};
use crate::store::{Store, StoreError};

use super::Progress;
use middling::Middling;
pub(super) use outlines::Outlines;
use sieve::Sieve;
use wordings::Wordings;
pub(super) use wordings::read_variants;

type Stored<T> = Result<T, StoreError>;

/// Any two of so many statements that hold one key are candidates.
pub(super) const RARE_KEY: usize = 12;

/// A key that more statements hold than this is a stock phrase: it brings no candidates.
pub(super) const STOCK_KEY: usize = 200;

/// What sharing a key with so many holders is worth; two statements are candidates from `ENOUGH` on.
fn worth(holders: usize) -> u8 {
    if holders <= RARE_KEY { ENOUGH } else { u8::from(holders <= STOCK_KEY) }
}

const ENOUGH: u8 = 2;

/// More statements than this, and more than one in `PART` of all, go through the whole index.
const MANY: usize = 2000;
const PART: usize = 8;

/// Statements of one document are compared with so many before and after them (row keys follow their order): a text of a
/// thousand statements must not cost what all its pairs would.
const WITHIN: i64 = 40;

/// Pairs that are compared before their links are stored.
const BATCH: usize = 1 << 15;

/// Makes the links of the new statements, and takes away those of old ones whose keys the new ones made too common to bring them
/// together: so they would not have been linked in another order of arrival. Returns the statements whose links may be others now.
/// `outlines`: those that lie ready.
pub(super) fn link_new(
    store: &Store,
    new: &BTreeSet<i64>,
    outlines: Outlines,
    progress: &dyn Progress,
) -> Stored<BTreeSet<i64>> {
    let many = MANY.max(store.most_statements()? / PART);
    link_in_bulk_from(many, store, new, outlines, progress)
}

/// As `link_new`; more statements than `many` go through the whole index.
fn link_in_bulk_from(
    many: usize,
    store: &Store,
    new: &BTreeSet<i64>,
    outlines: Outlines,
    progress: &dyn Progress,
) -> Stored<BTreeSet<i64>> {
    let (touched, wordings) = (BTreeSet::new(), Wordings::default());
    let mut linking = Linking { store, many, new, crowded: Vec::new(), touched, wordings, progress };
    linking.link(outlines)?;
    linking.part()?;
    let mut touched = linking.touched;
    touched.extend(new);
    Ok(touched)
}

/// Pairs of statements that are to be compared, as places among their keys: half the room that pairs of keys take.
struct Pairs {
    keys: Vec<i64>,
    places: Vec<(u32, u32)>,
}

struct Linking<'s> {
    store: &'s Store,
    many: usize,
    new: &'s BTreeSet<i64>,
    /// For each key that is worth less through the new ones its old holders, by key.
    crowded: Vec<Vec<i64>>,
    /// Statements that lost or got a link.
    touched: BTreeSet<i64>,
    wordings: Wordings,
    progress: &'s dyn Progress,
}

impl Linking<'_> {
    /// Makes all links of the new statements.
    fn link(&mut self, outlines: Outlines) -> Stored<()> {
        let statements = self.new;
        if statements.is_empty() {
            return Ok(());
        }
        if self.store.has_links()? {
            let statements: Vec<i64> = statements.iter().copied().collect();
            self.touched.extend(self.store.linked_with(&statements)?);
            self.store.drop_links(&statements)?;
        }
        let many = statements.len() > self.many;
        if many {
            let pairs = self.pairs_of_many(statements, outlines)?;
            self.compare(&pairs, true)
        } else {
            let pairs = self.pairs_of_few(statements)?;
            self.compare(&pairs, false)
        }
    }

    fn pairs_of_few(&mut self, statements: &BTreeSet<i64>) -> Stored<Pairs> {
        let mut pairs = BTreeSet::new();
        let mut of_document = 0..=0;
        for chunk in statements.iter().copied().collect::<Vec<_>>().chunks(MANY) {
            self.wordings.load(self.store, chunk)?;
            for &statement in chunk {
                if !of_document.contains(&statement) {
                    of_document = self.store.statements_beside(statement)?;
                }
                for other in self.candidates(statement)? {
                    let far = of_document.contains(&other) && (other - statement).abs() > WITHIN;
                    if other != statement && !far {
                        pairs.insert((other.min(statement), other.max(statement)));
                    }
                }
            }
        }
        let keys: BTreeSet<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let place = |key: i64| keys.partition_point(|known| *known < key) as u32;
        Ok(Pairs { places: pairs.into_iter().map(|(a, b)| (place(a), place(b))).collect(), keys })
    }

    /// Statements whose shared keys with this one are worth enough.
    fn candidates(&mut self, statement: i64) -> Stored<BTreeSet<i64>> {
        let mut shared: BTreeMap<i64, u8> = BTreeMap::new();
        let Some(variant) = self.wordings.variants.get(&statement) else { return Ok(BTreeSet::new()) };
        for key in link::candidate_keys(&link::prepare(variant)) {
            let holders = self.store.holders(key, STOCK_KEY + 1)?;
            let worth = worth(holders.len());
            if worth > 0 {
                for holder in &holders {
                    let sum = shared.entry(*holder).or_default();
                    *sum = sum.saturating_add(worth);
                }
            }
            self.crowded.extend(crowded(&holders, self.new));
        }
        Ok(shared.into_iter().filter(|(_, worth)| *worth >= ENOUGH).map(|(other, _)| other).collect())
    }

    /// As `pairs_of_few`, through the whole index at once.
    fn pairs_of_many(&mut self, statements: &BTreeSet<i64>, outlines: Outlines) -> Stored<Pairs> {
        let linkable = self.store.linkable()?;
        let outlines = outlines.of(self.store, &linkable, self.progress)?;
        let keys: Vec<i64> = linkable.iter().map(|(key, _)| *key).collect();
        let asked: Vec<bool> = keys.iter().map(|key| statements.contains(key)).collect();
        let mut sieve = Sieve::new(&outlines);
        let mut add = |a: u32, b: u32| {
            let (one, other) = (linkable[a as usize], linkable[b as usize]);
            let far = one.1 == other.1 && (other.0 - one.0).abs() > WITHIN;
            if (asked[a as usize] || asked[b as usize]) && !far {
                sieve.add(a, b);
            }
        };
        let mut middling = Middling::default();
        let (new, crowded_keys) = (self.new, &mut self.crowded);
        self.store.scan_holders(&mut |holders| {
            crowded_keys.extend(crowded(holders, new));
            let worth = worth(holders.len());
            if worth == 0 || holders.len() < 2 {
                return;
            }
            let places = holders.iter().filter_map(|holder| keys.binary_search(holder).ok().map(|at| at as u32));
            if worth < ENOUGH {
                middling.add(places);
                return;
            }
            let places: Vec<u32> = places.collect();
            for (n, &b) in places.iter().enumerate() {
                places[..n].iter().for_each(|&a| add(a, b));
            }
        })?;
        middling.pairs(keys.len(), ENOUGH, &mut add);
        let places = sieve.finish();
        Ok(Pairs { keys, places })
    }

    /// Takes links away that crowded keys alone had brought about.
    fn part(&mut self) -> Stored<()> {
        let mut crowded = std::mem::take(&mut self.crowded);
        crowded.sort_unstable();
        crowded.dedup();
        let mut doubtful = BTreeSet::new();
        for holders in &crowded {
            for &holder in holders {
                let ties = self.store.ties_of(holder)?;
                let both =
                    ties.iter().filter(|tie| [tie.a, tie.b].iter().all(|end| holders.binary_search(end).is_ok()));
                doubtful.extend(both.map(|tie| (tie.a, tie.b)));
            }
        }
        for pairs in doubtful.into_iter().collect::<Vec<_>>().chunks(MANY) {
            let ends: BTreeSet<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
            self.wordings.load(self.store, &ends.into_iter().collect::<Vec<_>>())?;
            for (a, b) in pairs {
                let (Some(x), Some(y)) = (self.wordings.variants.get(a), self.wordings.variants.get(b)) else {
                    continue;
                };
                if !are_candidates(self.store, x, y)? {
                    self.store.drop_link(*a, *b)?;
                    self.touched.extend([*a, *b]);
                }
            }
        }
        Ok(())
    }

    /// Compares pairs in full and stores the links, batch by batch. `sifted`: the bound of their outlines let them through.
    fn compare(&mut self, pairs: &Pairs, sifted: bool) -> Stored<()> {
        let options = LinkOptions::default();
        for (round, batch) in pairs.places.chunks(BATCH).enumerate() {
            self.progress.at("linking", round * BATCH, pairs.places.len());
            let key = |place: u32| pairs.keys[place as usize];
            let mut wanted: Vec<i64> = batch.iter().flat_map(|(a, b)| [key(*a), key(*b)]).collect();
            wanted.sort_unstable();
            wanted.dedup();
            self.wordings.load(self.store, &wanted)?;
            let variants: Vec<(i64, &Variant)> =
                wanted.iter().filter_map(|key| Some((*key, self.wordings.variants.get(key)?))).collect();
            let prepared: HashMap<i64, (link::Prepared, Outline)> = variants
                .par_iter()
                .map(|(key, variant)| {
                    let prepared = link::prepare(variant);
                    let outline = if sifted { Outline::default() } else { link::outline(&prepared) };
                    (*key, (prepared, outline))
                })
                .collect();
            let links: Vec<Link> = batch
                .par_iter()
                .filter_map(|(a, b)| {
                    let (a, b) = (prepared.get(&key(*a))?, prepared.get(&key(*b))?);
                    let may_relate = sifted || link::may_relate(&a.1, &b.1, &options);
                    if may_relate { link::link_prepared(&a.0, &b.0, &options) } else { None }
                })
                .collect();
            let keys: HashMap<Id, i64> =
                variants.iter().map(|(key, variant)| (variant.statement.clone(), *key)).collect();
            drop(prepared);
            let ends = links.iter().flat_map(|link| [keys.get(&link.a), keys.get(&link.b)]);
            self.touched.extend(ends.flatten());
            self.store.add_links(&links, &keys)?;
        }
        Ok(())
    }
}

/// Of the holders of a key the old ones, if the new ones made it worth less; both by key.
fn crowded(holders: &[i64], new: &BTreeSet<i64>) -> Option<Vec<i64>> {
    let now = worth(holders.len());
    if now == ENOUGH {
        return None;
    }
    let old: Vec<i64> = holders.iter().copied().filter(|holder| !new.contains(holder)).collect();
    (old.len() > 1 && worth(old.len()) > now).then_some(old)
}

/// Whether linking would compare two statements of different documents: the keys they share are worth enough.
pub(super) fn are_candidates(store: &Store, a: &Variant, b: &Variant) -> Stored<bool> {
    let others: BTreeSet<u64> = link::candidate_keys(&link::prepare(b)).into_iter().collect();
    let mut shared = 0;
    for key in link::candidate_keys(&link::prepare(a)).into_iter().filter(|key| others.contains(key)) {
        shared += worth(store.holders(key, STOCK_KEY + 1)?.len());
        if shared >= ENOUGH {
            return Ok(true);
        }
    }
    Ok(false)
}
