//! Repeated cross-validation of the linking score, by claim and document: pairs about one statement stay in one fold, and
//! no training pair shares a document with a test pair.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::link::{Example, TrainOptions, Weights, train};

use super::pairs::Pair;

/// How to cross-validate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldOptions {
    pub folds: u64,
    pub repeats: u64,
    /// Leave out of training every pair that shares a document with the test fold.
    pub purge: bool,
    /// Hold vetoed pairs down, as linking does. Off for corpora whose "same" allows other numbers.
    pub veto: bool,
    pub train: TrainOptions,
}

impl Default for FoldOptions {
    fn default() -> Self {
        FoldOptions { folds: 5, repeats: 5, purge: true, veto: true, train: TrainOptions::default() }
    }
}

/// Held-out log-odds of every pair, one list for each repeat.
pub fn cross_validate(pairs: &[&Pair], examples: &[Example], options: &FoldOptions) -> Vec<Vec<f64>> {
    let groups = groups(pairs);
    (0..options.repeats).map(|repeat| one_repeat(pairs, examples, &groups, repeat, options)).collect()
}

fn one_repeat(pairs: &[&Pair], examples: &[Example], groups: &[String], seed: u64, options: &FoldOptions) -> Vec<f64> {
    let fold: Vec<u64> = groups.iter().map(|group| xxh3_64_with_seed(group.as_bytes(), seed) % options.folds).collect();
    let mut scores = vec![0.0; pairs.len()];
    for tested in 0..options.folds {
        let documents: BTreeSet<&str> = (0..pairs.len())
            .filter(|&index| options.purge && fold[index] == tested)
            .flat_map(|index| [pairs[index].a.document.as_str(), pairs[index].b.document.as_str()])
            .collect();
        let shares =
            |pair: &Pair| documents.contains(pair.a.document.as_str()) || documents.contains(pair.b.document.as_str());
        let kept: Vec<Example> = (0..pairs.len())
            .filter(|&index| fold[index] != tested && !shares(pairs[index]))
            .map(|index| examples[index].clone())
            .collect();
        let weights: Weights = train(&kept, &options.train);
        for index in (0..pairs.len()).filter(|&index| fold[index] == tested) {
            let example = &examples[index];
            scores[index] = if options.veto { example.score(&weights) } else { weights.score(&example.features) };
        }
    }
    scores
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
