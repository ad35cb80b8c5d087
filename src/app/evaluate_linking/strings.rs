//! Plain string metrics on the same pairs, to compare the linking score with: each from 0 to 1.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::{background, keys, language};
use crate::text::match_key;

/// A metric: its name and how alike two texts are by it.
pub type StringMetric = (&'static str, fn(&str, &str) -> f64);

/// All metrics, in the order of the table.
pub const STRING_METRICS: &[StringMetric] = &[
    ("Jaro-Winkler", jaro_winkler),
    ("Levenshtein ratio", levenshtein),
    ("indel ratio", indel),
    ("token set", token_set),
    ("TF-IDF cosine", tf_idf),
];

fn jaro_winkler(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(&match_key(a), &match_key(b))
}

fn levenshtein(a: &str, b: &str) -> f64 {
    strsim::normalized_levenshtein(&match_key(a), &match_key(b))
}

fn indel(a: &str, b: &str) -> f64 {
    rapidfuzz::fuzz::ratio(match_key(a).chars(), match_key(b).chars())
}

/// The best indel ratio among the words both share and those words with each side's own (as in fuzzywuzzy's token set ratio).
fn token_set(a: &str, b: &str) -> f64 {
    let (a, b) = (match_key(a), match_key(b));
    let (x, y): (BTreeSet<&str>, BTreeSet<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let join = |words: Vec<&str>| words.join(" ");
    let shared = join(x.intersection(&y).copied().collect());
    let one = format!("{shared} {}", join(x.difference(&y).copied().collect()));
    let other = format!("{shared} {}", join(y.difference(&x).copied().collect()));
    let ratio = |x: &str, y: &str| rapidfuzz::fuzz::ratio(x.trim().chars(), y.trim().chars());
    if shared.is_empty() {
        return ratio(&one, &other);
    }
    ratio(&shared, &one).max(ratio(&shared, &other)).max(ratio(&one, &other))
}

fn tf_idf(a: &str, b: &str) -> f64 {
    let weights = background(language("en"));
    let vector = |text: &str| -> BTreeMap<String, f64> {
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        for (key, _) in keys(text) {
            *counts.entry(key).or_default() += 1.0;
        }
        counts.into_iter().map(|(key, count)| (key.clone(), count * weights.idf(&key))).collect()
    };
    let (x, y) = (vector(a), vector(b));
    let dot: f64 = x.iter().filter_map(|(key, weight)| y.get(key).map(|other| weight * other)).sum();
    let norm = |v: &BTreeMap<String, f64>| v.values().map(|weight| weight * weight).sum::<f64>().sqrt();
    let length = norm(&x) * norm(&y);
    if length > 0.0 { dot / length } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_one_for_equal_texts_and_less_for_others() {
        for (name, metric) in STRING_METRICS {
            assert!((metric("The ferry sank.", "the ferry sank") - 1.0).abs() < 1e-9, "{name}");
            assert!(metric("The ferry sank.", "two goats ate cabbage") < 0.75, "{name}");
        }
    }
}
