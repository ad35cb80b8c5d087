//! Near documents: the index of their runs of words, and the pairs that share several of them, kept up to date.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::graph::document_card;
use crate::graph::lineage::{COMMON_RUN, FIRSTS, Nearness, RARE_RUN, count_of_run, is_enough, partners, rank, several};
use crate::graph::{DocumentCard, Texts};
use crate::model::Id;
use crate::store::Store;

use super::Stored;

/// Documents read at once.
const ROUND: usize = 256;

/// Documents whose texts are compared at once.
const COMPARED: usize = 2048;

/// One new document in so many makes it cheaper to go through the whole index.
const PART: usize = 8;

/// Runs that enter the index together: the more, the less often each of its pages is written.
const TOGETHER: usize = 1 << 21;

/// Pairs counted at once.
const COUNTED: usize = 1 << 23;

/// Adds the documents that are not in the index. Returns these and all others that now share narrative with other documents
/// than before.
pub(super) fn update(store: &Store, texts: &mut Texts) -> Stored<BTreeSet<i64>> {
    let new = store.without_runs()?;
    if new.is_empty() {
        return Ok(BTreeSet::new());
    }
    let few = new.len() * PART <= store.document_count()?;
    let runs = index(store, &new, few, texts)?;
    let new: BTreeSet<i64> = new.into_iter().collect();
    let mut moved = new.clone();
    let pairs = if !few {
        pairs_of_all(store)?
    } else {
        let mut asked = displaced(store, &new, &runs)?;
        asked.extend(&new);
        let mut pairs = BTreeSet::new();
        for &document in &asked {
            pairs.extend(pairs_of(store, document, texts)?);
        }
        let mut known = BTreeSet::new();
        for &document in &asked {
            for (other, narrative) in store.near(document)? {
                let pair = (document.min(other), document.max(other));
                if pairs.contains(&pair) {
                    known.insert(pair);
                } else {
                    store.drop_near(pair.0, pair.1)?;
                    moved.extend([pair.0, pair.1].into_iter().filter(|_| narrative));
                }
            }
        }
        pairs.difference(&known).copied().collect()
    };
    moved.extend(compare(store, &pairs, texts)?);
    Ok(moved)
}

/// Reads documents and adds their runs to the index. Returns, if they are few, every run with how many of them have it.
fn index(store: &Store, new: &[i64], few: bool, texts: &mut Texts) -> Stored<BTreeMap<u32, usize>> {
    let mut counts = BTreeMap::new();
    let mut waiting: Vec<(u32, i64)> = Vec::new();
    for round in new.chunks(ROUND) {
        let cards = cards(store, round)?;
        if texts.count() > COMPARED {
            *texts = Texts::default();
        }
        let own: Vec<DocumentCard> = cards.values().cloned().collect();
        texts.read(&own);
        for (key, card) in &cards {
            let runs = texts.runs(&card.id);
            let rank = store.add_rank(*key, rank(card.published.as_ref(), &card.id))?;
            waiting.extend(runs.iter().map(|run| (*run, rank)));
            if few {
                runs.into_iter().for_each(|run| *counts.entry(run).or_default() += 1);
            }
        }
        if waiting.len() >= TOGETHER {
            store.add_runs(std::mem::take(&mut waiting))?;
        }
    }
    store.add_runs(waiting)?;
    Ok(counts)
}

fn cards(store: &Store, keys: &[i64]) -> Stored<BTreeMap<i64, DocumentCard>> {
    let mut cards = BTreeMap::new();
    for &key in keys {
        if let Some(stored) = store.document(key)? {
            cards.insert(key, document_card(store, stored)?);
        }
    }
    Ok(cards)
}

/// Old documents for which a run counts less through new ones, or that lost their place as one of its first.
fn displaced(store: &Store, new: &BTreeSet<i64>, runs: &BTreeMap<u32, usize>) -> Stored<BTreeSet<i64>> {
    let mut ranks = BTreeSet::new();
    for &document in new {
        ranks.extend(store.rank(document)?);
    }
    let mut found = BTreeSet::new();
    for (&run, &count) in runs {
        let holders = store.shingle_ranks(run, COMMON_RUN + 1 + count)?;
        if holders.len() <= RARE_RUN {
            continue;
        }
        let old: Vec<i64> = holders.iter().copied().filter(|rank| !ranks.contains(rank)).collect();
        let crossed = |limit: usize| old.len() <= limit && holders.len() > limit;
        if crossed(RARE_RUN) || crossed(COMMON_RUN) {
            found.extend(old);
        } else if holders.len() > COMMON_RUN {
            found.extend(old[..FIRSTS].iter().filter(|rank| !holders[..FIRSTS].contains(rank)));
        }
    }
    Ok(store.documents_of_ranks(&found.into_iter().collect::<Vec<_>>())?.into_iter().collect())
}

/// The pairs of one document that share several runs, smaller key first.
fn pairs_of(store: &Store, document: i64, texts: &mut Texts) -> Stored<Vec<(i64, i64)>> {
    let Some(own) = store.rank(document)? else { return Ok(Vec::new()) };
    let read = cards(store, &[document])?;
    let Some(card) = read.get(&document) else { return Ok(Vec::new()) };
    texts.read(std::slice::from_ref(card));
    let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
    for run in texts.runs(&card.id) {
        let mut holders = store.shingle_ranks(run, COMMON_RUN + 1)?;
        let place = holders.iter().position(|rank| *rank == own).unwrap_or(holders.len());
        if holders.len() > COMMON_RUN && place < FIRSTS {
            holders = store.shingle_ranks(run, usize::MAX >> 1)?;
        }
        let with = partners(place, holders.len());
        let counts_for = count_of_run(holders.len());
        holders[with]
            .iter()
            .filter(|rank| **rank != own)
            .for_each(|rank| *counts.entry(*rank).or_default() += counts_for);
    }
    let several: Vec<i64> = counts.into_iter().filter(|(_, count)| is_enough(*count)).map(|(rank, _)| rank).collect();
    let others = store.documents_of_ranks(&several)?;
    Ok(others.into_iter().map(|other| (document.min(other), document.max(other))).collect())
}

/// All pairs that share several runs, smaller key first; counted in as many parts as keep memory bounded.
fn pairs_of_all(store: &Store) -> Stored<Vec<(i64, i64)>> {
    let ranks = store.ranks()?;
    let place = |rank: &i64| ranks.binary_search_by_key(rank, |(rank, _)| *rank).ok();
    let mut all = 0;
    store.scan_shingles(&mut |holders| {
        all += (0..holders.len()).map(|at| partners(at, holders.len()).len().min(at)).sum::<usize>();
    })?;
    let parts = all / COUNTED + 1;
    let mut found = Vec::new();
    for part in 0..parts {
        let mut shared: Vec<(u32, u32)> = Vec::new();
        store.scan_shingles(&mut |holders| {
            let places: Vec<u32> = holders.iter().filter_map(place).map(|at| at as u32).collect();
            for (at, &b) in places.iter().enumerate() {
                let before = places[partners(at, places.len())].iter().filter(|a| **a < b);
                let here = before.filter(|a| (**a as usize).wrapping_mul(31).wrapping_add(b as usize) % parts == part);
                shared.extend(here.flat_map(|a| std::iter::repeat_n((*a, b), count_of_run(places.len()))));
            }
        })?;
        found.extend(several(shared));
    }
    let key = |at: u32| ranks[at as usize].1;
    let mut pairs: Vec<(i64, i64)> = found.into_iter().map(|(a, b)| (key(a).min(key(b)), key(a).max(key(b)))).collect();
    pairs.sort_unstable();
    Ok(pairs)
}

/// Compares pairs and stores them. Returns the documents that share narrative.
fn compare(store: &Store, pairs: &[(i64, i64)], texts: &mut Texts) -> Stored<BTreeSet<i64>> {
    let mut found = BTreeSet::new();
    let mut from = 0;
    while from < pairs.len() {
        let mut documents = BTreeSet::new();
        let fits = |(a, b): &&(i64, i64)| {
            documents.extend([*a, *b]);
            documents.len() <= COMPARED
        };
        let many = pairs[from..].iter().take_while(fits).count().max(1);
        let batch = &pairs[from..from + many];
        let documents: BTreeSet<i64> = batch.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let ids = read(store, &documents, texts)?;
        let known: Vec<&(i64, i64)> =
            batch.iter().filter(|(a, b)| ids.contains_key(a) && ids.contains_key(b)).collect();
        let named: Vec<(&Id, &Id)> = known.iter().map(|(a, b)| (&ids[a], &ids[b])).collect();
        for (&&(a, b), near) in known.iter().zip(texts.nearness(&named)) {
            if near != Nearness::Nothing {
                store.add_near(a, b, near == Nearness::Narrative)?;
            }
            found.extend([a, b].into_iter().filter(|_| near == Nearness::Narrative));
        }
        from += many;
    }
    Ok(found)
}

/// Reads those texts that are not read yet; returns the ids.
fn read(store: &Store, documents: &BTreeSet<i64>, texts: &mut Texts) -> Stored<BTreeMap<i64, Id>> {
    if texts.count() > COMPARED {
        *texts = Texts::default();
    }
    let mut ids = BTreeMap::new();
    let mut unread = Vec::new();
    for &document in documents {
        let Some(id) = store.document_id(document)? else { continue };
        if !texts.has(&id) {
            unread.push(document);
        }
        ids.insert(document, id);
    }
    for round in unread.chunks(ROUND) {
        let cards: Vec<DocumentCard> = cards(store, round)?.into_values().collect();
        texts.read(&cards);
    }
    Ok(ids)
}
