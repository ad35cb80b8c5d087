//! Extraction: a reading in, attributions out. Three tiers behind one function; what the training data does not mark
//! (chains, addressees, acts …) is added by rules on top of any tier.

mod content;
pub mod encoder;
mod enrich;
pub mod fast;
mod grammar;
mod rules;
#[cfg(test)]
mod testing;

use crate::lang::Language;
use crate::model::{Attribution, Date, Extractor, Reading};

/// Knobs of extraction.
#[derive(Clone, Debug, Default)]
pub struct ExtractOptions {
    pub extractor: Extractor,
    /// The document's date, against which "on Tuesday" is resolved.
    pub published: Option<Date>,
    /// Keep quoted sentences without a cue of their own in the attribution they go on from, as the attribution corpora
    /// do; else each is a statement of its own with the same source.
    pub join_continuations: bool,
    /// Weights of the fast tier instead of those that come with the program.
    pub fast_weights: Option<&'static fast::Model>,
}

/// All attributions of one document in text order.
pub fn attributions(reading: &Reading, language: &Language, options: &ExtractOptions) -> Vec<Attribution> {
    let trained = match options.extractor {
        Extractor::Rules => None,
        Extractor::Fast => {
            let model = options.fast_weights.or_else(|| fast::tagger(language));
            model.map(|model| fast::attributions(reading, language, model))
        }
        Extractor::Accurate => encoder::encoder(language).map(|encoder| encoder::attributions(reading, encoder)),
    };
    complete(trained, reading, language, options)
}

/// The accurate tier with a given encoder, one that was opened for another path of the kernels for example.
pub fn attributions_by(
    encoder: &encoder::Encoder,
    reading: &Reading,
    language: &Language,
    options: &ExtractOptions,
) -> Vec<Attribution> {
    complete(Some(encoder::attributions(reading, encoder)), reading, language, options)
}

/// What a trained tier found (the rules tier where there is none), completed by the rules.
fn complete(
    trained: Option<Vec<Attribution>>,
    reading: &Reading,
    language: &Language,
    options: &ExtractOptions,
) -> Vec<Attribution> {
    let by_rules = rules::attributions(reading, language);
    let (mut found, second_look) = match trained {
        Some(found) => (found, by_rules),
        None => (by_rules, Vec::new()),
    };
    enrich::enrich(&mut found, &second_look, reading, language, options);
    found
}
