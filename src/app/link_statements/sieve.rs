//! Pairs on their way through the bound of their outlines.

use std::hint::black_box;

use rayon::prelude::*;

use crate::link::{self, LinkOptions, Outline};

/// Pairs that wait before they are sorted out.
const WAITING: usize = 1 << 22;

/// Pairs whose outlines are fetched from memory together: waiting for one after the other takes as long as comparing them.
const AT_ONCE: usize = 16;

/// Pairs on their way through the bound: each once, and only those that may relate.
pub(super) struct Sieve<'o> {
    outlines: &'o [Outline],
    waiting: Vec<(u32, u32)>,
    left: Vec<(u32, u32)>,
    /// So many of those left are there once.
    once: usize,
}

impl<'o> Sieve<'o> {
    /// `outlines` are those of all statements; pairs name two of them by their places.
    pub fn new(outlines: &'o [Outline]) -> Sieve<'o> {
        Sieve { outlines, waiting: Vec::new(), left: Vec::new(), once: 0 }
    }

    pub fn add(&mut self, a: u32, b: u32) {
        self.waiting.push((a, b));
        if self.waiting.len() >= WAITING {
            self.sift();
        }
    }

    fn sift(&mut self) {
        let options = LinkOptions::default();
        self.waiting.par_sort_unstable();
        self.waiting.dedup();
        let outlines = self.outlines;
        let relate = |(a, b): &&(u32, u32)| link::may_relate(&outlines[*a as usize], &outlines[*b as usize], &options);
        let related = |pairs: &[(u32, u32)]| -> Vec<(u32, u32)> {
            black_box(pairs.iter().fold(0, |sum, (_, b)| sum ^ outlines[*b as usize].touch()));
            pairs.iter().filter(relate).copied().collect()
        };
        let left: Vec<(u32, u32)> = self.waiting.par_chunks(AT_ONCE).flat_map_iter(related).collect();
        self.waiting.clear();
        self.left.reserve_exact(left.len());
        self.left.extend(left);
        // A pair that shares many keys comes again and again.
        if self.left.len() > self.once + self.once / 4 + WAITING / 4 {
            self.tidy();
        }
    }

    fn tidy(&mut self) {
        self.left.par_sort_unstable();
        self.left.dedup();
        self.once = self.left.len();
    }

    /// The pairs that may relate, sorted.
    pub fn finish(mut self) -> Vec<(u32, u32)> {
        self.sift();
        self.tidy();
        self.left
    }
}
