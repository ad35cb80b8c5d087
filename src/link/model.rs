//! The calibrated score: a logistic over the features of `terms`, its weights, and how they are trained.
//!
//! Training is cyclic coordinate descent on the penalised log-likelihood, each weight kept to the sign of its term
//! (Newton step a coordinate, clipped at zero). No randomness: same pairs in the same order, same weights.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::lang::{LINK_MEANING_WEIGHTS, LINK_WEIGHTS};

use super::relation::VETOED;
use super::terms::{MEANING, Sign, TERMS, Term, signs, width};

static SHIPPED: LazyLock<Weights> = LazyLock::new(|| Weights::parse(LINK_WEIGHTS).unwrap_or_default());
static SHIPPED_WITH_MEANING: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(LINK_MEANING_WEIGHTS).unwrap_or_default());

/// Weights of the score: log-odds of each step of each term.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Log-odds before any term speaks.
    pub prior: f64,
    /// By rule id, one weight a step.
    pub terms: BTreeMap<String, Vec<f64>>,
}

impl Weights {
    /// The weights that ship with the program: those for pairs with embeddings, or those for pairs without.
    pub fn shipped(with_meaning: bool) -> &'static Weights {
        if with_meaning { &SHIPPED_WITH_MEANING } else { &SHIPPED }
    }

    /// Reads weights from TOML; every term must be there with all its steps and the right sign.
    pub fn parse(text: &str) -> Result<Weights, String> {
        let weights: Weights = toml::from_str(text).map_err(|error| error.to_string())?;
        for term in TERMS {
            let steps = weights.terms.get(term.rule).ok_or_else(|| format!("no weights for {}", term.rule))?;
            let fits = |weight: &f64| match term.sign {
                Sign::For => *weight >= 0.0,
                Sign::Against => *weight <= 0.0,
            };
            if steps.len() + 1 != term.knots.len() || !steps.iter().all(fits) {
                return Err(format!("{} needs {} weights of its sign", term.rule, term.knots.len() - 1));
            }
        }
        Ok(weights)
    }

    /// The weights as TOML, four decimals.
    pub fn to_toml(&self) -> String {
        let round = |weight: f64| (weight * 1e4).round() / 1e4 + 0.0;
        let mut out = format!("prior = {:?}\n\n[terms]\n", round(self.prior));
        for term in TERMS {
            let steps = self.terms.get(term.rule).cloned().unwrap_or_default();
            let steps: Vec<String> = steps.iter().map(|weight| format!("{:?}", round(*weight))).collect();
            out.push_str(&format!("\"{}\" = [{}]\n", term.rule, steps.join(", ")));
        }
        out
    }

    /// The log-odds that each term adds for these features, in the order of `TERMS`.
    pub fn terms(&self, features: &[f64]) -> Vec<f64> {
        let mut at = 0;
        let mut sums = Vec::with_capacity(TERMS.len());
        for term in TERMS {
            let steps = term.knots.len() - 1;
            let weights = self.terms.get(term.rule).map_or(&[][..], Vec::as_slice);
            sums.push(weights.iter().zip(&features[at..at + steps]).map(|(weight, x)| weight * x).sum());
            at += steps;
        }
        sums
    }

    /// Log-odds of a pair with these features.
    pub fn score(&self, features: &[f64]) -> f64 {
        self.prior + self.terms(features).iter().sum::<f64>()
    }
}

/// The probability that belongs to log-odds.
pub fn probability(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// One judged pair for training.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub features: Vec<f64>,
    /// The rule that forbids a link, if any: such a pair teaches the weights nothing.
    pub veto: Option<&'static str>,
    pub same: bool,
    /// How much it counts.
    pub weight: f64,
    /// Drawn in another way than the pairs that set the prior: these have a prior of their own, which is not kept.
    pub drawn_apart: bool,
    /// Both sides were embedded.
    pub with_meaning: bool,
}

/// Knobs of training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainOptions {
    /// Strength of the penalty on the square of each weight (not on the prior).
    pub penalty: f64,
    /// The same for the one term that is not made of counted words and has little room to fit noise.
    pub meaning_penalty: f64,
    pub sweeps: usize,
}

impl Default for TrainOptions {
    fn default() -> Self {
        TrainOptions { penalty: 2.0, meaning_penalty: 0.3, sweeps: 150 }
    }
}

impl Example {
    /// Log-odds under these weights, held down by a veto.
    pub fn score(&self, weights: &Weights) -> f64 {
        let score = weights.score(&self.features);
        if self.veto.is_some() { score.min(log_odds(VETOED)) } else { score }
    }
}

/// The log-odds that belong to a probability.
pub fn log_odds(probability: f64) -> f64 {
    (probability / (1.0 - probability)).ln()
}

/// Strength of the penalty on how far the prior of pairs drawn apart lies from that of the others.
const APART_PENALTY: f64 = 0.01;

/// Weights that fit judged pairs. Deterministic.
///
/// How many of a set of pairs are the same depends on how the set was drawn; `drawn_apart` keeps that out of the prior.
pub fn train(examples: &[Example], options: &TrainOptions) -> Weights {
    let examples: Vec<&Example> = examples.iter().filter(|example| example.veto.is_none()).collect();
    let examples = examples.as_slice();
    let (signs, penalties) = (signs(), penalties(options));
    let mut weights = vec![0.0; width()];
    let (mut prior, mut apart) = (0.0, 0.0);
    let mut scores = vec![0.0; examples.len()];
    for _ in 0..options.sweeps {
        let shift = newton(examples, &scores, |_| 1.0, 0.0, 1e-6);
        prior -= shift;
        scores.iter_mut().for_each(|score| *score -= shift);
        let of_apart = |example: &Example| f64::from(u8::from(example.drawn_apart));
        let shift = newton(examples, &scores, of_apart, apart, APART_PENALTY);
        apart -= shift;
        scores.iter_mut().zip(examples).for_each(|(score, example)| *score -= shift * of_apart(example));
        for (index, sign) in signs.iter().enumerate() {
            let feature = |example: &Example| example.features[index];
            let step = newton(examples, &scores, feature, weights[index], penalties[index]);
            let free: f64 = weights[index] - step;
            let kept = if *sign == Sign::For { free.max(0.0) } else { free.min(0.0) };
            let change = kept - weights[index];
            if change != 0.0 {
                weights[index] = kept;
                for (score, example) in scores.iter_mut().zip(examples.iter()) {
                    *score += change * feature(example);
                }
            }
        }
    }
    let mut at = 0;
    let mut terms = BTreeMap::new();
    for term in TERMS {
        let steps = term.knots.len() - 1;
        terms.insert(term.rule.to_string(), weights[at..at + steps].to_vec());
        at += steps;
    }
    Weights { prior, terms }
}

/// One penalty a step of each term.
fn penalties(options: &TrainOptions) -> Vec<f64> {
    let of = |term: &Term| if term.rule == MEANING { options.meaning_penalty } else { options.penalty };
    TERMS.iter().flat_map(|term| vec![of(term); term.knots.len() - 1]).collect()
}

/// The Newton step of one coordinate: gradient over curvature of the penalised loss.
fn newton(examples: &[&Example], scores: &[f64], feature: impl Fn(&Example) -> f64, weight: f64, penalty: f64) -> f64 {
    let mut gradient = penalty * weight;
    let mut curvature = penalty;
    for (example, score) in examples.iter().zip(scores) {
        let x = feature(example);
        if x == 0.0 {
            continue;
        }
        let p = probability(*score);
        gradient += example.weight * (p - f64::from(u8::from(example.same))) * x;
        curvature += example.weight * p * (1.0 - p) * x * x;
    }
    gradient / curvature
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_whole() {
        for text in [LINK_WEIGHTS, LINK_MEANING_WEIGHTS] {
            let weights = Weights::parse(text).unwrap();
            assert_eq!(Weights::parse(&weights.to_toml()).unwrap(), weights);
        }
        assert!(Weights::shipped(false).terms[MEANING].iter().all(|weight| *weight == 0.0));
    }

    #[test]
    fn weights_of_the_wrong_sign_or_number_are_refused() {
        let good = Weights::shipped(false).to_toml();
        let wrong = good.replace("\"link.days\" = [-", "\"link.days\" = [");
        assert_ne!(good, wrong);
        assert!(Weights::parse(&wrong).is_err());
        assert!(Weights::parse("prior = 0.0\n[terms]\n").is_err());
    }

    fn examples() -> Vec<Example> {
        let one = |filled: usize, same: bool| {
            let mut features = vec![0.0; width()];
            features.iter_mut().take(filled).for_each(|x| *x = 1.0);
            Example { features, veto: None, same, weight: 1.0, drawn_apart: false, with_meaning: false }
        };
        (0..40).map(|index| one(index % 8, index % 8 >= 4)).collect()
    }

    #[test]
    fn training_separates_keeps_signs_and_repeats() {
        let weights = train(&examples(), &TrainOptions::default());
        assert!(examples().iter().all(|example| (example.score(&weights) > 0.0) == example.same));
        assert!(Weights::parse(&weights.to_toml()).is_ok());
        assert_eq!(weights, train(&examples(), &TrainOptions::default()));
    }

    #[test]
    fn pairs_drawn_apart_do_not_move_the_prior() {
        let mut many = examples();
        // the same pairs four times over, most of those that are the same left out
        let rare = examples().into_iter().enumerate().filter(|(index, example)| !example.same || index % 16 == 7);
        let rare: Vec<Example> = rare.map(|(_, example)| Example { drawn_apart: true, ..example }).collect();
        (0..4).for_each(|_| many.extend(rare.clone()));
        let of = |examples: &[Example]| train(examples, &TrainOptions::default());
        let together: Vec<Example> =
            many.iter().map(|example| Example { drawn_apart: false, ..example.clone() }).collect();
        let doubtful = &examples()[4].features;
        let (alone, apart, together) = (of(&examples()), of(&many), of(&together));
        let distance = |weights: &Weights| (weights.score(doubtful) - alone.score(doubtful)).abs();
        assert!(distance(&apart) < distance(&together), "{} {}", distance(&apart), distance(&together));
    }

    #[test]
    fn a_vetoed_example_teaches_nothing_and_stays_low() {
        let mut odd = examples();
        odd.push(Example { veto: Some("link.veto_number"), ..odd[7].clone() });
        let weights = train(&odd, &TrainOptions::default());
        assert_eq!(weights, train(&examples(), &TrainOptions::default()));
        assert!(probability(odd[40].score(&weights)) <= VETOED + 1e-9);
    }
}
