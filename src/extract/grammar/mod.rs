//! A shallow grammar that every tier's rules share: units of items, noun phrases by shape, cue groups.
//! Function words, capitals and commas alone decide; there is no tagger.

mod cue;
mod phrase;
mod unit;

pub use cue::{CueGroup, Form, cue_groups, cue_over};
pub use phrase::{Phrase, phrase_end, subject_before, with_apposition};
pub use unit::{Unit, units};
