//! Weights laid out for scoring many pairs: one flat list in the order of the terms, nothing looked up by name.

use std::sync::LazyLock;

use super::facts::Facts;
use super::model::Weights;
use super::terms::TERMS;

static WORDS: LazyLock<Scorer> = LazyLock::new(|| Scorer::of(Weights::shipped(false)));
static MEANING: LazyLock<Scorer> = LazyLock::new(|| Scorer::of(Weights::shipped(true)));

/// The shipped weights, ready to use.
pub struct Scorer {
    pub prior: f64,
    /// Weights of all steps of all terms, one after the other.
    steps: Vec<f64>,
}

impl Scorer {
    pub fn of(weights: &Weights) -> Scorer {
        let of_term = |rule: &str, many: usize| {
            let mut steps = weights.terms.get(rule).cloned().unwrap_or_default();
            steps.resize(many, 0.0);
            steps
        };
        let steps = TERMS.iter().flat_map(|term| of_term(term.rule, term.knots.len() - 1)).collect();
        Scorer { prior: weights.prior, steps }
    }

    /// The weights for pairs with embeddings, or those for pairs without.
    pub fn shipped(with_meaning: bool) -> &'static Scorer {
        if with_meaning { &MEANING } else { &WORDS }
    }

    /// The log-odds that each term adds, in the order of `TERMS`.
    pub fn terms(&self, facts: &Facts) -> [f64; TERMS.len()] {
        let mut sums = [0.0; TERMS.len()];
        let mut at = 0;
        for (sum, term) in sums.iter_mut().zip(TERMS) {
            let weights = &self.steps[at..at + term.knots.len() - 1];
            at += weights.len();
            if weights.iter().all(|weight| *weight == 0.0) {
                continue;
            }
            let value = (term.value)(facts);
            let climbed = |step: &[f64]| ((value - step[0]) / (step[1] - step[0])).clamp(0.0, 1.0);
            *sum = term.knots.windows(2).zip(weights).map(|(step, weight)| weight * climbed(step)).sum();
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::said;
    use crate::link::{features, measure, prepare};

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
}
