//! Measuring and training the linking score on judged pairs.

mod folds;
mod measures;
mod pairs;

pub use folds::{FoldOptions, cross_validate};
pub use measures::{CategoryCount, Measures, Scored, average_precision, best_threshold, measures, recall_at_precision};
pub use pairs::{Pair, Side, read_pairs};

use crate::link::{Example, TrainOptions, Weights, pair_features, prepare, probability, train};

/// The features of every pair, with its label.
pub fn examples(pairs: &[&Pair]) -> Vec<Example> {
    let example = |pair: &&Pair| Example {
        features: pair_features(&prepare(&pair.a.variant), &prepare(&pair.b.variant)),
        same: pair.same,
        weight: 1.0,
    };
    pairs.iter().map(example).collect()
}

/// Trains the score on judged pairs. Only texts, speakers, dates, kinds and cues are looked at.
pub fn train_pairs(pairs: &[&Pair], options: &TrainOptions) -> Weights {
    train(&examples(pairs), options)
}

/// Scores with their labels, as probabilities.
pub fn scored(pairs: &[&Pair], scores: &[f64]) -> Vec<Scored> {
    let one = |(pair, score): (&&Pair, &f64)| Scored {
        score: probability(*score),
        same: pair.same,
        category: pair.category.clone(),
    };
    pairs.iter().zip(scores).map(one).collect()
}
