//! Linking: candidate keys of a variant, an explained score of a pair, and claims from links.
//! Pure functions; the index that the keys go into is the store's.

mod align;
mod assertion;
mod bare;
mod changes;
mod claims;
mod facts;
mod form;
mod keys;
mod marks;
mod meaning;
mod model;
mod names;
mod numbers;
mod oppose;
mod outline;
mod place;
mod polarity;
mod relation;
mod replaced;
mod retrieve;
mod roots;
mod scorer;
mod stem;
mod terms;
#[cfg(test)]
mod testing;
mod words;

pub use align::{Alignment, How, Matched, align};
pub use bare::{Bare, Closeness, bare_repeat};
pub use changes::{Change, ChangeKind, Telling, changes};
pub use claims::{Bond, Member, claim_id, claims, joins};
pub use facts::{Facts, measure};
pub use keys::{MOST_KEYS, candidate_keys, shared_weight, weighted_keys};
pub use meaning::Meaning;
pub use model::{Example, TrainOptions, Weights, log_odds, probability, train};
pub use names::SpeakerRelation;
pub use oppose::{OPPOSED, Opposition, oppositions};
pub use outline::{Outline, OutlineSpeakers, may_relate, outline};
pub use place::{PLACE, link_in_place};
pub use relation::{VETOED, explain, link_prepared, veto};
pub use retrieve::{Query, Retriever, likeness};
pub use terms::{Sign, TERMS, Term, features};
pub use words::{MOST_WORDS, Prepared, Word, WordKind, prepare};

use crate::model::{Evidence, Link, Variant};
use crate::text::Span;

/// Knobs of linking.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkOptions {
    /// At or above this probability two variants are linked, where only words were compared.
    pub linked: f64,
    /// The same where meanings were compared, too: they make the score surer than it is right.
    pub linked_by_meaning: f64,
    /// At or above this one (and below `linked`) a link is suggested.
    pub suggested: f64,
}

impl Default for LinkOptions {
    fn default() -> Self {
        LinkOptions { linked: 0.87, linked_by_meaning: 0.97, suggested: 0.5 }
    }
}

impl LinkOptions {
    /// The probability from which a pair is linked, told by what its link rests on.
    pub fn linked_from(&self, evidence: &[Evidence]) -> f64 {
        let meaning = evidence.iter().any(|it| it.rule == terms::MEANING);
        if meaning { self.linked_by_meaning } else { self.linked }
    }
}

/// The relation of two variants with its evidence; `None` where it is below every threshold.
/// The same whichever comes first; for many pairs of the same variants, `prepare` each once and use `link_prepared`.
pub fn link(a: &Variant, b: &Variant, options: &LinkOptions) -> Option<Link> {
    link_prepared(&prepare(a), &prepare(b), options)
}

/// A judged pair as an example to train on or to score.
pub fn example(a: &Prepared, b: &Prepared, same: bool) -> Example {
    let facts = measure(a, b);
    Example {
        features: features(&facts),
        veto: veto(&facts).map(|(rule, _)| rule),
        same,
        weight: 1.0,
        drawn_apart: false,
        with_meaning: facts.meaning.is_some(),
    }
}

/// Which words of two variants answer to each other, and how, in the order of the first one's words. Byte spans of each text.
pub fn alignment(a: &Variant, b: &Variant) -> Vec<(Span, Span, How)> {
    let (left, right) = (prepare(a), prepare(b));
    let pairs = align(&left, &right).pairs;
    pairs.iter().map(|pair| (left.words[pair.a].span, right.words[pair.b].span, pair.how)).collect()
}
