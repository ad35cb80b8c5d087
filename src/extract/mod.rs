//! Extraction: a reading in, attributions out. Three tiers behind one function; what the training data does not mark
//! (chains, addressees, acts …) is added by rules on top of any tier.

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
}

/// All attributions of one document in text order.
pub fn attributions(reading: &Reading, language: &Language, _options: &ExtractOptions) -> Vec<Attribution> {
    rules::attributions(reading, language)
}
