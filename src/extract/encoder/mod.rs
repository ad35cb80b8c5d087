//! The accurate tier: a small encoder tags source, cue and content; a scorer joins them into attributions.
//!
//! In: a reading. Out: attributions as spans of its text. The network (22 MB of int8 weights inside the program) runs on
//! our own kernels: of the ready-made libraries tried, the best reached a fifth of their speed and brought a hundred
//! packages. The weights are touched when the first document comes, not before.

mod crf;
mod join;
mod tagger;
#[cfg(test)]
mod tests;
mod windows;

pub use crf::Role;
pub use join::{CONFIDENCE_FEATURES, Found, GoldAttribution, GoldText, Scorer, Weights, fit_pairs, shipped};
pub use tagger::{Encoder, TaggedSpan};

use std::sync::LazyLock;

use crate::lang::{Language, TAGGER_WEIGHTS};
use crate::model::{Attribution, Reading};
use crate::network;
use crate::text::Span;

/// What is less likely right than this is not reported: on the development articles a floor anywhere between 0.2 and 0.4
/// is worth two points of F1, all of it precision.
const LEAST_CONFIDENCE: f64 = 0.25;

/// All attributions of one document in text order, captions and boilerplate included (their zone says so).
pub fn attributions(reading: &Reading, encoder: &Encoder) -> Vec<Attribution> {
    let found = joined(reading, &tags(reading, encoder), shipped());
    found.into_iter().map(|found| found.attribution).filter(|it| it.confidence >= LEAST_CONFIDENCE).collect()
}

/// Tagged spans joined with given weights.
pub fn joined(reading: &Reading, tagged: &[TaggedSpan], weights: &Weights) -> Vec<Found> {
    join::attributions(reading, tagged, weights)
}

/// The tagged spans of a reading, in text order.
pub fn tags(reading: &Reading, encoder: &Encoder) -> Vec<TaggedSpan> {
    let passages: Vec<Span> = reading.passages.iter().map(|passage| passage.span).collect();
    encoder.tag(reading.text, &passages)
}

/// The encoder of a language, or `None` where there is none: rules and quotation marks still work then.
pub fn encoder(language: &Language) -> Option<&'static Encoder> {
    match language.code {
        "en" => ENGLISH.as_ref(),
        _ => None,
    }
}

/// The English encoder on every way of computing that this machine has, best first, by name. For measuring: all of them
/// find the same.
pub fn on_every_path() -> Vec<(&'static str, Encoder)> {
    let open = |path: network::kernel::Path| Some((path.name(), Encoder::open(TAGGER_WEIGHTS, path).ok()?));
    network::kernel::available().into_iter().filter_map(open).collect()
}

/// `None` only when the shipped file is broken, which a test rules out.
static ENGLISH: LazyLock<Option<Encoder>> =
    LazyLock::new(|| Encoder::open(TAGGER_WEIGHTS, network::kernel::best()).ok());
