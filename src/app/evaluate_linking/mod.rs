//! Measuring and training the linking score on judged pairs.

mod clusters;
mod folds;
mod measures;
mod pairs;
mod retrieval;
mod strings;

pub use clusters::{Bcubed, bcubed};
pub use folds::{FoldOptions, cross_validate};
pub use measures::{CategoryCount, Measures, Scored, average_precision, best_threshold, measures, recall_at_precision};
pub use pairs::{Pair, Side, read_pairs};
pub use retrieval::{JudgedQuery, Ranked, RankedClaim, RetrievalMeasures, measure_retrieval};
pub use strings::{STRING_METRICS, StringMetric};

use rayon::prelude::*;

use crate::lang::language;
use crate::link::{
    Example, Meaning, TERMS, TrainOptions, Weights, example, features, measure, prepare, probability, shared_weight,
    train, veto, weighted_keys,
};
use crate::model::Variant;

/// The features and veto of every pair, with its label.
pub fn examples(pairs: &[&Pair]) -> Vec<Example> {
    pairs.iter().map(|pair| example(&prepare(&pair.a.variant), &prepare(&pair.b.variant), pair.same)).collect()
}

/// How often the weight of all other pairs those count at most that are drawn apart.
const APART: f64 = 8.0;

/// The same of pairs drawn in another way, which teach everything but the prior. However many they are, the `others` keep a say: what
/// speaks against a link is learnt from pairs of which much is alike, and most of these are not.
pub fn examples_apart(pairs: &[&Pair], others: usize) -> Vec<Example> {
    let weight = (APART * others as f64 / pairs.len().max(1) as f64).min(1.0);
    examples(pairs).into_iter().map(|example| Example { drawn_apart: true, weight, ..example }).collect()
}

/// What was measured on a pair, with its label: for those who look for better terms.
pub fn pair_facts(pair: &Pair) -> serde_json::Value {
    let (a, b) = (prepare(&pair.a.variant), prepare(&pair.b.variant));
    let facts = measure(&a, &b);
    let values: serde_json::Map<String, serde_json::Value> =
        TERMS.iter().map(|term| (term.rule.to_string(), (term.value)(&facts).into())).collect();
    serde_json::json!({
        "candidate": shared_weight(&weighted_keys(&a), &weighted_keys(&b)) > 0.0,
        "id": pair.id, "label": u8::from(pair.same), "category": pair.category, "terms": values,
        "veto": veto(&facts).map(|(rule, _)| rule), "features": features(&facts),
    })
}

/// Fills in the embedding of every side, in the order of the pairs: what the accurate tier adds.
pub fn embed_pairs(pairs: &mut [Pair]) {
    pairs.par_chunks_mut(64).for_each(|pairs| {
        let Some(mut meaning) = Meaning::of(language("en")) else { return };
        let sides = pairs.iter_mut().flat_map(|pair| [&mut pair.a.variant, &mut pair.b.variant]);
        let mut sides: Vec<&mut Variant> = sides.filter(|side| side.language == "en").collect();
        let made = meaning.of_variants(sides.iter().map(|side| &**side));
        sides.iter_mut().zip(made).for_each(|(side, made)| side.embedding = Some(made));
    });
}

/// Trains the score on judged pairs, and on pairs drawn apart. Only texts, speakers, dates, kinds and cues are looked at.
pub fn train_pairs(pairs: &[&Pair], apart: &[&Pair], options: &TrainOptions) -> Weights {
    let all: Vec<Example> = examples(pairs).into_iter().chain(examples_apart(apart, pairs.len())).collect();
    train(&all, options)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::matching::{BankClaim, MatchOptions, read_bank};

    /// Text of a shared measuring file; `None` (said aloud) where the folder is not beside the checkout.
    fn shared(path: &str) -> Option<String> {
        let path = format!("{}/../shared/eval/{path}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).ok();
        if text.is_none() {
            eprintln!("skipped: no {path}");
        }
        text
    }

    /// Floors a little under the figures of docs/accuracy.md.
    #[test]
    fn held_out_pairs_stay_above_their_floors() {
        let (Some(first), Some(second)) =
            (shared("linking/polnear_pairs.jsonl"), shared("linking/polnear_pairs_2.jsonl"))
        else {
            return;
        };
        let (first, second) = (read_pairs(&first).0, read_pairs(&second).0);
        let all: Vec<&Pair> = first.iter().chain(&second).collect();
        let options = FoldOptions { repeats: 1, ..FoldOptions::default() };
        let scores = cross_validate(&all, &[], &options).remove(0);
        let (one, two) = scores.split_at(first.len());
        let one = measures(&scored(&all[..first.len()], one), 0.5);
        let two = measures(&scored(&all[first.len()..], two), 0.5);
        assert!(one.f1 >= 0.83 && one.average_precision >= 0.92, "{one:?}");
        assert!(two.f1 >= 0.63 && two.average_precision >= 0.70, "{two:?}");
        let wrong: usize =
            ["neg:negation", "neg:number", "neg:antonym"].iter().map(|it| one.categories[*it].linked).sum();
        assert!(wrong <= 3, "{:?}", one.categories);
    }

    #[test]
    fn a_claim_bank_answers_tweets() {
        let (Some(bank), Some(queries)) = (shared("retrieval/claims.jsonl"), shared("retrieval/queries_dev.jsonl"))
        else {
            return;
        };
        let bank: Vec<BankClaim> = read_bank(bank.as_bytes(), false).unwrap();
        let queries: Vec<JudgedQuery> = queries.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let options = MatchOptions { meaning: false, ..MatchOptions::default() };
        let (found, _) = measure_retrieval(&bank, &queries, &options);
        assert!(found.map5 >= 0.82, "{found:?}");
    }
}
