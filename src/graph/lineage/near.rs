//! Which documents are worth comparing: those that share several runs of words.
//!
//! A quarter of all runs is looked at, chosen by their hash, so that the same runs are chosen in every document (modulo
//! sampling: Manber, "Finding similar files in a large file system", 1994). A run that many documents have is a stock phrase,
//! unless they are many copies of one text: it brings each of them together with the first few. What a pair shares depends
//! on nothing but who has the runs of the two, so that a store can keep it up to date document by document.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::graph::DocumentCard;
use crate::model::{Date, Id};

use super::profile::Profile;

/// One run in so many is looked at.
const ONE_IN: u64 = 4;

/// A run in at most so many documents is rare: two of them in common make a pair worth looking at, as four others do. What a
/// crowd shares is mostly a turn of phrase.
pub const RARE_RUN: usize = 4;

/// What the runs that a pair shares must count together.
const ENOUGH: usize = 4;

/// Runs in more documents than this bring only the first few of them together with the others.
pub const COMMON_RUN: usize = 24;

/// The first few.
pub const FIRSTS: usize = COMMON_RUN / 4;

/// The runs of a document that are looked at, as short hashes; sorted, each once.
pub fn chosen_runs(profile: &Profile) -> Vec<u32> {
    let chosen = profile.shingles.iter().map(|(hash, _)| *hash).filter(|hash| hash.is_multiple_of(ONE_IN));
    let short: BTreeSet<u32> = chosen.map(|hash| (hash >> 32) as u32).collect();
    short.into_iter().collect()
}

/// Where a document comes among all that have a run: by day, undated ones last, then by a hash of its id. Fits 48 bits.
pub fn rank(published: Option<&Date>, id: &Id) -> i64 {
    const UNDATED: i64 = 0xFFFF;
    // days from 1 January 1900 on; what is older comes first
    let day = published.and_then(|date| Date::parse_iso("1900-01-01").and_then(|first| date.days_since(&first)));
    let day = day.map_or(UNDATED, |day| day.clamp(0, UNDATED - 1));
    (day << 32) | i64::from(xxh3_64(id.as_str().as_bytes()) as u32)
}

/// With whom a run brings together the one at this place, of so many that have it in order of their ranks. The place itself
/// may be among them.
pub fn partners(place: usize, holders: usize) -> Range<usize> {
    if holders <= COMMON_RUN || place < FIRSTS { 0..holders } else { 0..FIRSTS }
}

/// What sharing a run that so many documents have counts.
pub fn count(holders: usize) -> usize {
    if holders <= RARE_RUN { 2 } else { 1 }
}

/// Whether a pair whose shared runs count so much together is worth looking at.
pub fn is_enough(counted: usize) -> bool {
    counted >= ENOUGH
}

/// Pairs of documents that share several runs, by place, smaller first; sorted.
pub fn among(documents: &[DocumentCard], profiles: &[&Profile]) -> Vec<(usize, usize)> {
    let mut holders: Vec<(u32, i64, u32)> = profiles
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, profile)| {
            let rank = rank(documents[at].published.as_ref(), &documents[at].id);
            chosen_runs(profile).into_iter().map(move |run| (run, rank, at as u32))
        })
        .collect();
    holders.par_sort_unstable();
    let mut shared: Vec<(u32, u32)> = Vec::new();
    for list in holders.chunk_by(|x, y| x.0 == y.0) {
        for (place, &(_, _, b)) in list.iter().enumerate() {
            let before = partners(place, list.len()).filter(|&other| other < place);
            let pairs = before.map(|other| list[other].2).map(|a| (a.min(b), a.max(b)));
            shared.extend(pairs.flat_map(|pair| std::iter::repeat_n(pair, count(list.len()))));
        }
    }
    several(shared).into_iter().map(|(a, b)| (a as usize, b as usize)).collect()
}

/// Of pairs that are given as often as each run they share counts, those that are given often enough; sorted.
pub fn several<T: Ord + Copy + Send>(mut shared: Vec<(T, T)>) -> Vec<(T, T)> {
    shared.par_sort_unstable();
    shared.chunk_by(|x, y| x == y).filter(|same| is_enough(same.len())).map(|same| same[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_days_and_fit_48_bits() {
        let of = |day: &str, id: &str| rank(Date::parse_iso(day).as_ref(), &Id(id.into()));
        assert!(of("2024-03-01", "d2") < of("2024-03-02", "d1"));
        assert!(of("2024-03-02", "d1") < of("", "d1"));
        assert!(of("0800-01-01", "d1") < of("2024-03-02", "d1"));
        assert!(of("9999-12-31", "d1") >= 0 && of("", "d9") < 1 << 48);
        assert_eq!(of("2024-03-02", "d1"), of("2024-03-02", "d1"));
        assert_ne!(of("2024-03-02", "d1"), of("2024-03-02", "d2"));
    }

    #[test]
    fn a_common_run_brings_everyone_to_the_first_few() {
        assert_eq!(partners(20, 24), 0..24);
        assert_eq!(partners(20, 25), 0..FIRSTS);
        assert_eq!(partners(2, 1000), 0..1000);
    }

    #[test]
    fn pairs_count_from_two_rare_runs_on() {
        let shared = |runs: &[usize]| runs.iter().map(|holders| count(*holders)).sum::<usize>();
        assert!(is_enough(shared(&[2, 4])));
        assert!(is_enough(shared(&[2, 5, 24])));
        assert!(!is_enough(shared(&[5, 9, 24])));
        assert_eq!(several(vec![(1, 2), (3, 4), (1, 2), (1, 3), (1, 2), (1, 2), (3, 4)]), [(1, 2)]);
    }
}
