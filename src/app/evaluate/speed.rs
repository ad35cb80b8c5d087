//! How fast each tier extracts: processor seconds of one thread, so that what else runs on the machine hardly counts.

use serde::Serialize;

use crate::extract::{ExtractOptions, attributions, attributions_by, encoder};
use crate::lang::{self, Language};
use crate::model::{Extractor, Reading};
use crate::read;

use super::gold::GoldDocument;

/// Words of the article that speeds are told in.
const ARTICLE: f64 = 750.0;

/// One tier on one way of computing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Speed {
    pub extractor: &'static str,
    /// Instruction set of the kernels; empty where there are none.
    pub path: &'static str,
    /// Processor seconds; wall-clock seconds where the system tells no others.
    pub seconds: f64,
    /// Articles of 750 words a second.
    pub articles: f64,
}

/// Extracts all documents with every tier, the accurate one on every path of this machine. Reading is not counted.
pub fn speeds(gold: &[GoldDocument]) -> Vec<Speed> {
    let Ok(one) = rayon::ThreadPoolBuilder::new().num_threads(1).build() else { return Vec::new() };
    one.install(|| {
        let language = |document: &GoldDocument| lang::language(document.language.as_deref().unwrap_or("en"));
        let readings: Vec<(Reading, &Language)> = gold
            .iter()
            .map(|document| (read::reading(&document.text, language(document)), language(document)))
            .collect();
        let words: usize = gold.iter().map(|document| document.text.split_whitespace().count()).sum();
        let mut found = Vec::new();
        let mut measure = |extractor: Extractor, path: &'static str, extract: &dyn Fn(&Reading, &Language)| {
            readings.iter().take(1).for_each(|(reading, language)| extract(reading, language)); // tables and weights
            let start = processor_seconds();
            readings.iter().for_each(|(reading, language)| extract(reading, language));
            let seconds = processor_seconds() - start;
            let articles = words as f64 / ARTICLE / seconds.max(1e-9);
            found.push(Speed { extractor: extractor.name(), path, seconds, articles });
        };
        for extractor in [Extractor::Rules, Extractor::Fast] {
            measure(extractor, "", &|reading, language| {
                let options = ExtractOptions { extractor, ..ExtractOptions::default() };
                std::hint::black_box(attributions(reading, language, &options));
            });
        }
        for (path, encoder) in encoder::on_every_path() {
            measure(Extractor::Accurate, path, &|reading, language| {
                std::hint::black_box(attributions_by(&encoder, reading, language, &ExtractOptions::default()));
            });
        }
        found
    })
}

/// Processor time of this thread, where the system tells it.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(wall_seconds, |n| n / 1e9)
}

fn wall_seconds() -> f64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0.0, |now| now.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tier_and_path_is_measured() {
        let text = "Ada Brook said that the bridge was closed.".to_string();
        let found = speeds(&[GoldDocument { text, ..GoldDocument::default() }]);
        let tiers: Vec<&str> = found.iter().map(|speed| speed.extractor).collect();
        assert_eq!(tiers[..3], ["rules", "fast", "accurate"]);
        assert_eq!(found.last().map(|speed| speed.path), Some("portable"));
    }
}
