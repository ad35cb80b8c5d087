//! Repeated cross-validation of the linking score, by claim and document: pairs about one statement stay in one fold, and
//! no training pair shares a document with a test pair. Pairs drawn apart are never tested and left out in the same way.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::link::{Example, TrainOptions, train};

use super::pairs::Pair;
use super::{examples, examples_apart};

/// How to cross-validate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldOptions {
    pub folds: u64,
    pub repeats: u64,
    /// Leave out of training every pair that shares a document with the test fold.
    pub purge: bool,
    /// Hold vetoed pairs down and learn nothing from them, as linking does. Off for corpora whose "same" allows other numbers.
    pub veto: bool,
    pub train: TrainOptions,
}

impl Default for FoldOptions {
    fn default() -> Self {
        FoldOptions { folds: 5, repeats: 5, purge: true, veto: true, train: TrainOptions::default() }
    }
}

/// Held-out log-odds of every pair, one list for each repeat. `apart` are pairs to learn from only.
pub fn cross_validate(pairs: &[&Pair], apart: &[&Pair], options: &FoldOptions) -> Vec<Vec<f64>> {
    let apart_examples = examples_apart(apart, pairs.len());
    let mut known = Known { pairs, apart, examples: examples(pairs), apart_examples };
    if !options.veto {
        known.examples.iter_mut().chain(&mut known.apart_examples).for_each(|example| example.veto = None);
    }
    let groups = groups(pairs);
    (0..options.repeats).map(|repeat| known.one_repeat(&groups, repeat, options)).collect()
}

struct Known<'p> {
    pairs: &'p [&'p Pair],
    apart: &'p [&'p Pair],
    examples: Vec<Example>,
    apart_examples: Vec<Example>,
}

impl Known<'_> {
    fn one_repeat(&self, groups: &[String], seed: u64, options: &FoldOptions) -> Vec<f64> {
        let of = |group: &String| xxh3_64_with_seed(group.as_bytes(), seed) % options.folds;
        let fold: Vec<u64> = groups.iter().map(of).collect();
        let mut scores = vec![0.0; self.pairs.len()];
        for tested in 0..options.folds {
            let weights = train(&self.kept(&fold, tested, options.purge), &options.train);
            for index in (0..self.pairs.len()).filter(|&index| fold[index] == tested) {
                scores[index] = self.examples[index].score(&weights);
            }
        }
        scores
    }

    /// What is left to learn from when this fold is tested.
    fn kept(&self, fold: &[u64], tested: u64, purge: bool) -> Vec<Example> {
        let is_tested = |index: usize| fold[index] == tested;
        let tested: BTreeSet<&str> = (0..self.pairs.len())
            .filter(|&index| purge && is_tested(index))
            .flat_map(|index| [self.pairs[index].a.document.as_str(), self.pairs[index].b.document.as_str()])
            .collect();
        let shares = |pair: &Pair| [&pair.a, &pair.b].iter().any(|side| tested.contains(side.document.as_str()));
        let own = (0..self.pairs.len()).filter(|&index| !is_tested(index) && !shares(self.pairs[index]));
        let apart = (0..self.apart.len()).filter(|&index| !shares(self.apart[index]));
        own.map(|index| &self.examples[index]).chain(apart.map(|index| &self.apart_examples[index])).cloned().collect()
    }
}

/// For each pair the name of its group: pairs that share a content hang together.
fn groups(pairs: &[&Pair]) -> Vec<String> {
    let mut parent: BTreeMap<&str, &str> = BTreeMap::new();
    fn root<'p>(parent: &BTreeMap<&'p str, &'p str>, mut at: &'p str) -> &'p str {
        while let Some(next) = parent.get(at).filter(|next| **next != at) {
            at = next;
        }
        at
    }
    for pair in pairs {
        let (a, b) = (root(&parent, &pair.a.mention), root(&parent, &pair.b.mention));
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        parent.insert(high, low);
    }
    pairs.iter().map(|pair| root(&parent, &pair.a.mention).to_string()).collect()
}
