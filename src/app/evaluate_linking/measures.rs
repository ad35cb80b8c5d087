//! Measures of pair scores: precision, recall, F1, average precision, Brier, calibration error, per category.
//! The same definitions as the usual scorer: a pair counts as linked at a score of at least the threshold.

use std::collections::BTreeMap;

/// One judged pair with its score (a probability).
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub score: f64,
    pub same: bool,
    pub category: String,
}

/// Counts of one category: how many pairs, how many of them linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoryCount {
    pub pairs: usize,
    pub linked: usize,
}

/// All measures of one set of pairs at one threshold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measures {
    pub pairs: usize,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    pub accuracy: f64,
    pub average_precision: f64,
    pub brier: f64,
    /// Expected calibration error over ten bins.
    pub ece: f64,
    pub categories: BTreeMap<String, CategoryCount>,
}

/// All measures. An empty set gives zeros.
pub fn measures(pairs: &[Scored], threshold: f64) -> Measures {
    let linked = |pair: &Scored| pair.score >= threshold;
    let count = |keep: &dyn Fn(&Scored) -> bool| pairs.iter().filter(|pair| keep(pair)).count();
    let hits = count(&|pair| linked(pair) && pair.same);
    let false_links = count(&|pair| linked(pair) && !pair.same);
    let missed = count(&|pair| !linked(pair) && pair.same);
    let (precision, recall, f1) = precision_recall(hits, false_links, missed);
    let mut categories: BTreeMap<String, CategoryCount> = BTreeMap::new();
    for pair in pairs {
        let entry = categories.entry(pair.category.clone()).or_default();
        entry.pairs += 1;
        entry.linked += usize::from(linked(pair));
    }
    Measures {
        pairs: pairs.len(),
        precision,
        recall,
        f1,
        accuracy: ratio(pairs.len() - false_links - missed, pairs.len()),
        average_precision: average_precision(pairs),
        brier: brier(pairs),
        ece: calibration_error(pairs),
        categories,
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn precision_recall(hits: usize, false_links: usize, missed: usize) -> (f64, f64, f64) {
    let precision = ratio(hits, hits + false_links);
    let recall = ratio(hits, hits + missed);
    let sum = precision + recall;
    (precision, recall, if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 })
}

/// Mean of the precision at each true pair, from the highest score down; ties keep the order of the input.
pub fn average_precision(pairs: &[Scored]) -> f64 {
    let mut order: Vec<&Scored> = pairs.iter().collect();
    order.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (mut hits, mut sum) = (0usize, 0.0);
    for (rank, pair) in order.iter().enumerate() {
        if pair.same {
            hits += 1;
            sum += ratio(hits, rank + 1);
        }
    }
    if hits == 0 { 0.0 } else { sum / hits as f64 }
}

fn brier(pairs: &[Scored]) -> f64 {
    let sum: f64 = pairs.iter().map(|pair| (pair.score - truth(pair)).powi(2)).sum();
    if pairs.is_empty() { 0.0 } else { sum / pairs.len() as f64 }
}

fn truth(pair: &Scored) -> f64 {
    f64::from(u8::from(pair.same))
}

fn calibration_error(pairs: &[Scored]) -> f64 {
    let mut bins = [(0usize, 0.0f64, 0.0f64); 10];
    for pair in pairs {
        let bin = &mut bins[((pair.score * 10.0).floor().clamp(0.0, 9.0)) as usize];
        *bin = (bin.0 + 1, bin.1 + pair.score, bin.2 + truth(pair));
    }
    let gap = |bin: &(usize, f64, f64)| (bin.1 - bin.2).abs() / pairs.len().max(1) as f64;
    bins.iter().map(gap).sum()
}

/// The highest F1 that any threshold reaches on these very pairs, and that threshold: an upper bound, not a result.
pub fn best_threshold(pairs: &[Scored]) -> (f64, f64) {
    let mut thresholds: Vec<f64> = pairs.iter().map(|pair| pair.score).collect();
    thresholds.sort_by(f64::total_cmp);
    thresholds.dedup();
    let mut best = (0.0, 1.0);
    for threshold in thresholds {
        let hits = pairs.iter().filter(|pair| pair.score >= threshold && pair.same).count();
        let false_links = pairs.iter().filter(|pair| pair.score >= threshold && !pair.same).count();
        let missed = pairs.iter().filter(|pair| pair.score < threshold && pair.same).count();
        let (_, _, f1) = precision_recall(hits, false_links, missed);
        if f1 > best.0 {
            best = (f1, threshold);
        }
    }
    best
}

/// Recall at the lowest threshold from which on precision never falls below `floor`, and that threshold.
pub fn recall_at_precision(pairs: &[Scored], floor: f64) -> (f64, f64) {
    let mut order: Vec<&Scored> = pairs.iter().collect();
    order.sort_by(|a, b| b.score.total_cmp(&a.score));
    let all = pairs.iter().filter(|pair| pair.same).count();
    let (mut hits, mut best) = (0usize, (0.0, 1.0));
    for (rank, pair) in order.iter().enumerate() {
        hits += usize::from(pair.same);
        let tied = order.get(rank + 1).is_some_and(|next| next.score == pair.score);
        if !tied && ratio(hits, rank + 1) >= floor {
            best = (ratio(hits, all), pair.score);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(rows: &[(f64, bool)]) -> Vec<Scored> {
        rows.iter()
            .map(|&(score, same)| Scored { score, same, category: if same { "yes" } else { "no" }.to_string() })
            .collect()
    }

    /// Expected values computed by hand.
    #[test]
    fn measures_are_those_of_the_definitions() {
        let found = measures(&pairs(&[(0.9, true), (0.8, false), (0.6, true), (0.2, true), (0.1, false)]), 0.5);
        assert!((found.precision - 2.0 / 3.0).abs() < 1e-12);
        assert!((found.recall - 2.0 / 3.0).abs() < 1e-12);
        assert!((found.average_precision - (1.0 + 2.0 / 3.0 + 3.0 / 4.0) / 3.0).abs() < 1e-12);
        assert!((found.brier - (0.01 + 0.64 + 0.16 + 0.64 + 0.01) / 5.0).abs() < 1e-12);
        assert!((found.ece - (0.1 + 0.8 + 0.4 + 0.8 + 0.1) / 5.0).abs() < 1e-12);
        assert_eq!(found.categories["no"], CategoryCount { pairs: 2, linked: 1 });
    }

    #[test]
    fn thresholds() {
        let rows = pairs(&[(0.9, true), (0.8, true), (0.7, false), (0.6, true)]);
        assert_eq!(best_threshold(&rows).1, 0.6);
        assert_eq!(recall_at_precision(&rows, 0.97), (2.0 / 3.0, 0.8));
        assert_eq!(measures(&[], 0.5), Measures::default());
    }
}
