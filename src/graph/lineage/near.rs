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

/// Pairs with fewer of these runs in common are not looked at.
pub const SHARED_RUNS: usize = 2;

/// Runs in more documents than this bring only the first few of them together with the others.
pub const COMMON_RUN: usize = 24;

/// The first few.
pub const FIRSTS: usize = COMMON_RUN / 4;

/// The runs of a document that are looked at, as short hashes; sorted, each once.
pub fn chosen_runs(profile: &Profile) -> Vec<i32> {
    let chosen = profile.shingles.iter().map(|(hash, _)| *hash).filter(|hash| hash.is_multiple_of(ONE_IN));
    let short: BTreeSet<i32> = chosen.map(|hash| (hash >> 32) as u32 as i32).collect();
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

/// Pairs of documents that share several runs, by place, smaller first; sorted.
pub fn among(documents: &[DocumentCard], profiles: &[&Profile]) -> Vec<(usize, usize)> {
    let mut holders: Vec<(i32, i64, u32)> = profiles
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
            shared.extend(before.map(|other| list[other].2).map(|a| (a.min(b), a.max(b))));
        }
    }
    several(shared).into_iter().map(|(a, b)| (a as usize, b as usize)).collect()
}

/// Of pairs that may be given several times, those that are given often enough; sorted.
pub fn several<T: Ord + Copy + Send>(mut shared: Vec<(T, T)>) -> Vec<(T, T)> {
    shared.par_sort_unstable();
    shared.chunk_by(|x, y| x == y).filter(|same| same.len() >= SHARED_RUNS).map(|same| same[0]).collect()
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
    fn pairs_count_from_the_second_run_on() {
        assert_eq!(several(vec![(1, 2), (3, 4), (1, 2), (1, 3)]), [(1, 2)]);
    }
}
