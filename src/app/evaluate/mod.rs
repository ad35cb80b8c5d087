//! Extraction measured against gold: precision, recall and F1 of spans and attributions, by kind, for speech alone, with
//! lost quotation marks, how far confidence can be trusted, and every error in context.
//!
//! The measures are those of the published scorer; its figures on the same predictions are the test.

mod errors;
mod gold;
mod marks;
mod matching;
mod measures;
mod reliability;
mod run;
mod speech;
mod speed;
#[cfg(test)]
mod tests;
mod train;
mod train_fast;
mod words;

pub use errors::{Miss, Wrong, errors as errors_of};
pub use gold::{GoldDocument, Item, Points, parse, predictions_jsonl};
pub use marks::MarkedPassages;
pub use measures::{Measures, Prf};
pub use reliability::{Bin, Reliability};
pub use run::{EvaluateOptions, Evaluation, evaluate, measure, predict};
pub use speed::{Speed, speeds};
pub use train::{JoinTraining, train_join};
pub use train_fast::{FastTraining, train_fast};

/// The spans of an attribution, in the order of the published tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Source,
    Cue,
    Content,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Source, Role::Cue, Role::Content];

    pub fn name(self) -> &'static str {
        ["source", "cue", "content"][self as usize]
    }
}
