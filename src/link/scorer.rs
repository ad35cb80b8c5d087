//! Weights laid out for scoring many pairs: one flat list in the order of the terms, nothing looked up by name.

use std::sync::LazyLock;

use super::facts::Facts;
use super::model::Weights;
use super::terms::TERMS;

static WORDS: LazyLock<Scorer> = LazyLock::new(|| Scorer::of(Weights::shipped(false)));
static MEANING: LazyLock<Scorer> = LazyLock::new(|| Scorer::of(Weights::shipped(true)));

/// Places of the terms that read who speaks.
static READ_SPEAKERS: LazyLock<Vec<usize>> =
    LazyLock::new(|| (0..TERMS.len()).filter(|at| TERMS[*at].rule.contains("speaker")).collect());

/// The shipped weights, ready to use.
pub struct Scorer {
    pub prior: f64,
    /// In the order of `TERMS`.
    terms: Vec<Climb>,
}

/// A term as a rise over its knots.
struct Climb {
    knots: &'static [f64],
    weights: Vec<f64>,
    /// The height at every knot; empty where the term says nothing.
    heights: Vec<f64>,
}

impl Climb {
    fn of(knots: &'static [f64], mut weights: Vec<f64>) -> Climb {
        weights.resize(knots.len() - 1, 0.0);
        let mut heights = vec![0.0];
        heights.extend(weights.iter().scan(0.0, |height, weight| {
            *height += weight;
            Some(*height)
        }));
        if weights.iter().all(|weight| *weight == 0.0) {
            heights.clear();
        }
        Climb { knots, weights, heights }
    }

    /// The height at a value.
    fn height(&self, value: f64) -> f64 {
        let step = self.knots.iter().take_while(|knot| value > **knot).count();
        if step == 0 || step == self.knots.len() {
            return self.heights[step.saturating_sub(1)];
        }
        let (from, to) = (self.knots[step - 1], self.knots[step]);
        self.heights[step - 1] + self.weights[step - 1] * ((value - from) / (to - from))
    }
}

impl Scorer {
    pub fn of(weights: &Weights) -> Scorer {
        let of_term = |rule: &str| weights.terms.get(rule).cloned().unwrap_or_default();
        Scorer {
            prior: weights.prior,
            terms: TERMS.iter().map(|term| Climb::of(term.knots, of_term(term.rule))).collect(),
        }
    }

    /// The weights for pairs with embeddings, or those for pairs without.
    pub fn shipped(with_meaning: bool) -> &'static Scorer {
        if with_meaning { &MEANING } else { &WORDS }
    }

    /// The log-odds that each term adds, in the order of `TERMS`.
    pub fn terms(&self, facts: &Facts) -> [f64; TERMS.len()] {
        let mut sums = [0.0; TERMS.len()];
        (0..TERMS.len()).for_each(|at| self.add(at, facts, &mut sums));
        sums
    }

    /// Works out again what those terms add that read who speaks.
    pub fn speaker_terms(&self, facts: &Facts, sums: &mut [f64; TERMS.len()]) {
        READ_SPEAKERS.iter().for_each(|&at| self.add(at, facts, sums));
    }

    fn add(&self, at: usize, facts: &Facts, sums: &mut [f64; TERMS.len()]) {
        let climb = &self.terms[at];
        if !climb.heights.is_empty() {
            sums[at] = climb.height((TERMS[at].value)(facts));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::said;
    use crate::link::{SpeakerRelation, features, measure, prepare};

    #[test]
    fn the_same_terms_as_by_name() {
        let (a, b) = (
            said("Ines Falk", "2031-05-01", "the ferry Aurora carried 40 goats to Bergen"),
            said("Falk", "2031-05-02", "forty goats went to Bergen by ferry"),
        );
        let facts = measure(&prepare(&a), &prepare(&b));
        for with_meaning in [false, true] {
            let by_name = Weights::shipped(with_meaning).terms(&features(&facts));
            assert_eq!(Scorer::shipped(with_meaning).terms(&facts).to_vec(), by_name);
        }
    }

    #[test]
    fn other_speakers_change_only_terms_that_read_them() {
        let (a, b) = (said("Ines Falk", "2031-05-01", "the ferry carried goats"), said("Falk", "2031-05-01", "goats"));
        let mut facts = measure(&prepare(&a), &prepare(&b));
        for with_meaning in [false, true] {
            let scorer = Scorer::shipped(with_meaning);
            let mut terms = scorer.terms(&facts);
            for speaker in [SpeakerRelation::Different, SpeakerRelation::Unknown, SpeakerRelation::Same] {
                facts.speaker = speaker;
                scorer.speaker_terms(&facts, &mut terms);
                assert_eq!(terms, scorer.terms(&facts));
            }
        }
    }
}
