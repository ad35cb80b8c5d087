//! The fast tier: a staged tagger over hashed features, for bulk work and weak machines.
//!
//! In: a reading. Out: attributions as spans of its text. First the cues of every sentence, then, once per cue, its source
//! and content; both stages are linear models trained as averaged perceptrons, 3 MB of int8 weights inside the program.
//! Sums are whole numbers, so every machine finds the same.

mod confidence;
mod decode;
mod edges;
mod features;
mod model;
mod perceptron;
mod tagger;
mod train;
mod words;

pub use confidence::COUNT as CONFIDENCE_FEATURES;
pub use model::{Model, ModelError};
pub use train::{TrainingText, train};

use std::ops::Range;
use std::sync::LazyLock;

use crate::lang::Language;
use crate::model::{Attribution, Evidence, Extractor, Reading};
use crate::text::Span;

use super::content;
use tagger::{Tagged, tag};
use words::Words;

/// What is less likely right than this is not reported.
const LEAST_CONFIDENCE: f64 = 0.25;

/// An attribution with what its confidence was computed from.
pub struct Found {
    pub attribution: Attribution,
    pub features: [f64; CONFIDENCE_FEATURES],
}

/// All attributions of one document in text order, captions and boilerplate included (their zone says so).
pub fn attributions(reading: &Reading, language: &Language, model: &Model) -> Vec<Attribution> {
    let found = found(reading, language, model).into_iter().map(|found| found.attribution);
    let kept = |own: &Attribution| own.confidence >= LEAST_CONFIDENCE && !answers(own, reading.text);
    found.filter(kept).collect()
}

/// "Asked whether the bridge is closed, the mayor said no": the question is not what the mayor says.
fn answers(own: &Attribution, text: &str) -> bool {
    let ([content], Some(cue)) = (&own.content[..], own.cue.first()) else { return false };
    let before = content.end <= cue.start && own.source.first().is_none_or(|source| content.end <= source.start);
    before && content::puts_a_question(content.of(text))
}

/// Everything the tagger finds, however unlikely.
pub fn found(reading: &Reading, language: &Language, model: &Model) -> Vec<Found> {
    let mut found = Vec::new();
    for number in 0..reading.passages.len() {
        let words = Words::new(reading, number, language);
        found.extend(tag(&words, model).iter().map(|tagged| attribution(reading, language, &words, tagged, model)));
    }
    found
}

fn attribution(reading: &Reading, language: &Language, words: &Words, tagged: &Tagged, model: &Model) -> Found {
    let span = |run: &Range<usize>| words.list[run.start].span.cover(words.list[run.end - 1].span);
    let (cue, source) = edges::settle(reading.text, language, words, tagged);
    let contents: Vec<Span> = tagged.content.iter().map(|run| content::with_marks(reading, span(run))).collect();
    let sources = source.iter().map(span).collect();
    let mut made = Attribution::new(Extractor::Fast, sources, vec![span(&cue)], contents);
    made.kind = content::kind(reading, &made.content);
    made.zone = reading.zone_at(made.start());
    let features = confidence::features(words, tagged, made.kind);
    made.confidence = confidence::of(&features, &model.confidence);
    let note = format!("source {}", two_digits(tagged.source_margin));
    made.evidence.push(Evidence::new("fast.cue", two_digits(tagged.cue_margin), made.cue[0].of(reading.text)));
    made.evidence.push(Evidence::new("fast.roles", two_digits(tagged.content_margin), note));
    Found { attribution: made, features }
}

/// A margin to two significant digits: it has no unit, and says no more than large or small.
fn two_digits(margin: f64) -> f64 {
    if margin.is_finite() { format!("{margin:.1e}").parse().unwrap_or(margin) } else { margin }
}

/// The tagger of a language, or `None` where there is none: rules and quotation marks still work then.
pub fn tagger(language: &Language) -> Option<&'static Model> {
    match language.code {
        "en" => ENGLISH.as_ref(),
        _ => None,
    }
}

/// `None` only when the shipped file is broken, which a test rules out.
static ENGLISH: LazyLock<Option<Model>> = LazyLock::new(|| Model::open(include_bytes!("../../lang/en/fast.bin")).ok());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::show;
    use crate::lang::{UNKNOWN, language};

    #[test]
    fn margins_have_two_digits() {
        let rounded = [0.0, 0.1234, 25.23, 317.5, 1288.76, -3.44].map(two_digits);
        assert_eq!(rounded, [0.0, 0.12, 25.0, 320.0, 1300.0, -3.4]);
    }

    #[test]
    fn the_shipped_weights_open_and_find() {
        let (english, text) =
            (language("en"), "The mayor said that the bridge was closed.\n“We will rebuild it,” Ada Brook said.");
        let model = tagger(english).expect("weights that open");
        let found: Vec<String> =
            attributions(&Reading::of_lines(text), english, model).iter().map(|own| show(text, own)).collect();
        assert_eq!(
            found,
            ["The mayor | said | that the bridge was closed", "Ada Brook | said | “We will rebuild it,”"]
        );
        assert!(tagger(&UNKNOWN).is_none());
    }
}
