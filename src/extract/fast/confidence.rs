//! How sure an attribution of the fast tier is: the margins of the decoder, weighed by a logistic model fitted on articles
//! that were held out when the tagger was trained.

use crate::extract::encoder::Scorer;
use crate::model::Kind;

use super::tagger::Tagged;
use super::words::{Lexicon, Words};

/// How many facts the confidence is computed from.
pub const COUNT: usize = 11;

/// What the confidence is computed from.
pub fn features(words: &Words, tagged: &Tagged, kind: Kind) -> [f64; COUNT] {
    const MOST: f64 = 2000.0;
    let flag = |yes: bool| f64::from(u8::from(yes));
    let margin = |x: f64| (1.0 + x.clamp(0.0, MOST)).ln();
    let is = |lexicon: Lexicon| tagged.cue.iter().any(|&at| words.list[at].lexicon == lexicon);
    let length: usize = tagged.content.iter().map(|run| run.len()).sum();
    [
        1.0,
        margin(tagged.cue_margin),
        margin(tagged.source_margin),
        margin(tagged.content_margin),
        flag(tagged.source.is_empty()),
        flag(tagged.helped),
        flag(kind != Kind::Indirect),
        flag(tagged.content.len() > 1),
        flag(is(Lexicon::Speech)),
        flag(is(Lexicon::Thought)),
        (length as f64).ln(),
    ]
}

/// The probability that an attribution with these features is right, 0 to 1, three decimals.
pub fn of(features: &[f64; COUNT], weights: &Scorer<COUNT>) -> f64 {
    let p = 1.0 / (1.0 + (-weights.log_odds(features)).exp());
    (p * 1000.0).round() / 1000.0
}
