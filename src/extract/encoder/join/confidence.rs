//! How sure an attribution is: the model's own probabilities and the joins, weighed by a logistic model fitted on
//! held-out articles.

use crate::model::Kind;

use super::super::tagger::TaggedSpan;
use super::Joined;
use super::scorer::{Scorer, probability};

/// The features by name, in the order of the weights.
pub const NAMES: [&str; COUNT] =
    ["always", "cue", "source", "content", "join", "no_source", "no_cue", "quoted", "several_contents"];
pub const COUNT: usize = 9;

/// Log-odds of a probability, kept within ±7.
pub fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(0.001, 0.999);
    (p / (1.0 - p)).ln()
}

/// The probability that an attribution with these features is right, 0 to 1, three decimals.
pub fn of(features: &[f64; COUNT], weights: &Scorer<COUNT>) -> f64 {
    (probability(weights.log_odds(features)) * 1000.0).round() / 1000.0
}

/// What the confidence is computed from.
pub fn features(spans: &[TaggedSpan], joined: &Joined, kind: Kind) -> [f64; COUNT] {
    let of = |index: Option<usize>| index.map_or(0.0, |index| log_odds(spans[index].probability));
    let contents = joined.contents.iter().map(|&index| log_odds(spans[index].probability));
    let flag = |yes: bool| f64::from(u8::from(yes));
    [
        1.0,
        of(joined.cue),
        of(joined.source),
        contents.fold(f64::INFINITY, f64::min).min(7.0),
        joined.score.unwrap_or(0.0).clamp(-7.0, 7.0),
        flag(joined.source.is_none()),
        flag(joined.cue.is_none()),
        flag(kind != Kind::Indirect),
        flag(joined.contents.len() > 1),
    ]
}
