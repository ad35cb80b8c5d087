//! Extraction: a reading in, attributions out. Three tiers behind one function; what the training data does not mark
//! (chains, addressees, acts …) is added by rules on top of any tier.

pub mod encoder;
mod enrich;
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
}

/// All attributions of one document in text order.
pub fn attributions(reading: &Reading, language: &Language, options: &ExtractOptions) -> Vec<Attribution> {
    let by_rules = rules::attributions(reading, language);
    let trained = match options.extractor {
        Extractor::Rules | Extractor::Fast => None,
        Extractor::Accurate => encoder::encoder(language),
    };
    let Some(encoder) = trained else {
        let mut found = by_rules;
        enrich::enrich(&mut found, &[], reading, language, options);
        return found;
    };
    let mut found = encoder::attributions(reading, encoder);
    enrich::enrich(&mut found, &by_rules, reading, language, options);
    found
}
