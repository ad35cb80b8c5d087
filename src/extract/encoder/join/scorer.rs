//! Logistic scorers with named weights.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{confidence, features};

/// One logistic scorer.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorer<const N: usize>(pub [f64; N]);

impl<const N: usize> Scorer<N> {
    pub fn log_odds(&self, features: &[f64; N]) -> f64 {
        self.0.iter().zip(features).map(|(weight, value)| weight * value).sum()
    }

    /// Fits the weights by logistic regression with a little shrinkage, by Newton's method.
    pub fn fit(examples: &[([f64; N], bool)]) -> Self {
        const SHRINK: f64 = 1.0;
        const ROUNDS: usize = 15;
        let mut weights = [0f64; N];
        for _ in 0..ROUNDS {
            let mut gradient = weights.map(|weight| -SHRINK * weight);
            let mut curvature = [[0f64; N]; N];
            for (row, own) in curvature.iter_mut().enumerate() {
                own[row] = SHRINK;
            }
            for (features, right) in examples {
                let p = probability(Scorer(weights).log_odds(features));
                let error = f64::from(u8::from(*right)) - p;
                let spread = (p * (1.0 - p)).max(1e-6);
                for i in 0..N {
                    gradient[i] += error * features[i];
                    for j in 0..N {
                        curvature[i][j] += spread * features[i] * features[j];
                    }
                }
            }
            for (weight, step) in weights.iter_mut().zip(solve(curvature, gradient)) {
                *weight += step;
            }
        }
        Scorer(weights)
    }

    fn named(table: &BTreeMap<String, f64>, names: [&str; N]) -> Self {
        Scorer(names.map(|name| table.get(name).copied().unwrap_or_default()))
    }
}

/// The probability with these log-odds.
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Solves a symmetric positive system by elimination.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        let own = matrix[pivot];
        for row in pivot + 1..N {
            let factor = matrix[row][pivot] / own[pivot];
            for column in pivot..N {
                matrix[row][column] -= factor * own[column];
            }
            right[row] -= factor * right[pivot];
        }
    }
    let mut solution = [0f64; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * solution[column]).sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    solution
}

/// The scorers of both kinds of pair, and the one that turns it all into a confidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    pub content: Scorer<{ features::COUNT }>,
    pub source: Scorer<{ features::COUNT }>,
    pub confidence: Scorer<{ confidence::COUNT }>,
}

/// As written: weights by feature name.
#[derive(Debug, Deserialize)]
struct Table {
    content: BTreeMap<String, f64>,
    source: BTreeMap<String, f64>,
    confidence: BTreeMap<String, f64>,
}

impl Weights {
    /// From TOML with a table per scorer. A feature that is not named weighs nothing.
    ///
    /// # Errors
    /// When the text is no TOML of this form.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let table: Table = toml::from_str(text)?;
        Ok(Weights {
            content: Scorer::named(&table.content, features::NAMES),
            source: Scorer::named(&table.source, features::NAMES),
            confidence: Scorer::named(&table.confidence, confidence::NAMES),
        })
    }

    /// As TOML, three decimals.
    pub fn to_toml(&self) -> String {
        let table = |title: &str, names: &[&str], weights: &[f64]| {
            let lines = names.iter().zip(weights).map(|(name, weight)| format!("{name} = {weight:.3}\n"));
            format!("[{title}]\n{}", lines.collect::<String>())
        };
        [
            table("content", &features::NAMES, &self.content.0),
            table("source", &features::NAMES, &self.source.0),
            table("confidence", &confidence::NAMES, &self.confidence.0),
        ]
        .join("\n")
    }
}

/// The weights that come with the program.
pub fn shipped() -> &'static Weights {
    static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
        let nothing = "[content]\n[source]\n[confidence]\n";
        let text = include_str!("weights.toml"); // a test reads it
        Weights::parse(text).or_else(|_| Weights::parse(nothing)).expect("empty tables are tables")
    });
    &SHIPPED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_name_known_features_only() {
        let table: Table = toml::from_str(include_str!("weights.toml")).unwrap();
        for name in table.content.keys().chain(table.source.keys()) {
            assert!(features::NAMES.contains(&name.as_str()), "{name}");
        }
        for name in table.confidence.keys() {
            assert!(confidence::NAMES.contains(&name.as_str()), "{name}");
        }
        assert_eq!(Weights::parse(&shipped().to_toml()).unwrap(), *shipped());
    }

    #[test]
    fn fitting_finds_the_feature_that_decides() {
        let example = |value: f64, right: bool| ([1.0, value, 0.0], right);
        let mut examples = vec![example(1.0, true); 40];
        examples.extend(vec![example(0.0, false); 40]);
        examples.extend([example(1.0, false), example(0.0, true)]);
        let scorer = Scorer::fit(&examples);
        assert!(scorer.log_odds(&[1.0, 1.0, 0.0]) > 1.5);
        assert!(scorer.log_odds(&[1.0, 0.0, 0.0]) < -1.5);
        assert_eq!(scorer.0[2], 0.0);
    }
}
