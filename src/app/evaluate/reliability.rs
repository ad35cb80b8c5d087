//! Does confidence mean anything? Ten bins of stated confidence against the share that was right.

use serde::Serialize;

use super::gold::{GoldDocument, Item};
use super::matching::{ItemWords, Level, matches};
use super::words::Words;

/// Predictions with a confidence inside one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Lower edge, 0.0 to 0.9.
    pub from: f64,
    pub count: usize,
    /// Mean confidence.
    pub confidence: f64,
    /// Share that matched the gold at the attribution level.
    pub right: f64,
}

/// The ten bins and the expected calibration error.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Reliability {
    pub bins: Vec<Bin>,
    /// Mean distance between stated and observed, weighted by count, 0 to 1.
    pub ece: f64,
    /// Mean squared error of the confidence.
    pub brier: f64,
}

/// Confidence and outcome of every prediction of a document that states one.
pub fn outcomes(gold: &GoldDocument, predicted: &[Item]) -> Vec<(f64, bool)> {
    let words = Words::new(&gold.text);
    let sets = |items: &[Item]| items.iter().map(|item| ItemWords::new(&words, item)).collect::<Vec<_>>();
    let found = matches(&sets(&gold.attributions), &sets(predicted));
    let right = |number: usize| found.iter().any(|pair| pair.predicted == number && pair.reaches(Level::Attribution));
    let stated = predicted.iter().enumerate().filter_map(|(number, item)| Some((item.confidence?, right(number))));
    stated.collect()
}

pub fn reliability(outcomes: &[(f64, bool)]) -> Reliability {
    let mut bins: Vec<Bin> = (0..10).map(|tenth| Bin { from: f64::from(tenth) / 10.0, ..Bin::default() }).collect();
    let mut brier = 0.0;
    for &(confidence, right) in outcomes {
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        let hit = f64::from(u8::from(right));
        bin.count += 1;
        bin.confidence += confidence;
        bin.right += hit;
        brier += (confidence - hit) * (confidence - hit);
    }
    let total = outcomes.len().max(1) as f64;
    let mut ece = 0.0;
    for bin in bins.iter_mut().filter(|bin| bin.count > 0) {
        ece += (bin.confidence - bin.right).abs() / total;
        bin.confidence /= bin.count as f64;
        bin.right /= bin.count as f64;
    }
    Reliability { bins, ece, brier: brier / total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn perfect_and_worthless_confidence() {
        let perfect: Vec<(f64, bool)> = (0..100).map(|i| (0.75, i % 4 != 0)).collect();
        assert!(reliability(&perfect).ece < 1e-9);
        let worthless = [(0.95, false), (0.95, false)];
        assert!((reliability(&worthless).ece - 0.95).abs() < 1e-9);
        assert_eq!(reliability(&worthless).bins[9].count, 2);
        assert_eq!(reliability(&[(1.0, true)]).bins[9].right, 1.0);
    }
}
