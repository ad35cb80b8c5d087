//! Language data: cue tables, titles, metonyms, spelling variants, stems; trained weights beside them.
//! Data is TOML under `src/lang/xx/`, with sentences that run as tests.

mod assertion;
mod background;
mod cues;
mod keys;
mod line_pattern;
mod months;
mod outlets;
mod passages;
mod people;
mod remembered;
mod reporting;
mod tables;
mod wording;
mod words;

pub use assertion::{Assertions, CueSense, Mode, assertions, opposed_sentences};
pub use background::{Background, background, table as background_table};
pub use cues::{Cue, CueTable, Takes, cues};
pub use keys::{key, keys};
pub use months::month_named;
pub use outlets::{host_of, is_agency, known_outlet, outlet_of_url, registrable_domain};
pub use passages::{LineRule, line_rule_for, line_rules};
pub use people::{Gender, Head, People, Pronoun, people, people_of_all};
pub use remembered::Remembered;
pub use reporting::{ActPhrases, Reporting, reporting};
pub use wording::{Unit, Wording, antonym_sentences, is_function_key, wording};
pub use words::{WordClass, WordClasses, word_classes};

/// Trained weights of the linking score, as TOML; `link` reads them.
pub const LINK_WEIGHTS: &str = include_str!("en/link.toml");

/// The same for pairs of which both sides were embedded.
pub const LINK_MEANING_WEIGHTS: &str = include_str!("en/link_meaning.toml");

/// Weights of the network that tags source, cue and content; its word table serves the sentence network too.
pub static TAGGER_WEIGHTS: &[u8] = include_bytes!("en/encoder.bin");

/// Weights of the network that embeds sentences, without word table.
pub static SENTENCE_WEIGHTS: &[u8] = include_bytes!("en/sentence.bin");

/// A language the program has tables for. No core type has a default language: a `Language` is passed.
#[derive(Debug)]
pub struct Language {
    /// ISO 639-1 code.
    pub code: &'static str,
    pub name: &'static str,
}

/// Every language with a folder under `src/lang/`.
pub const LANGUAGES: &[Language] = &[Language { code: "en", name: "English" }];

/// Used where a document's language has no tables: quotation marks and punctuation still work.
pub const UNKNOWN: Language = Language { code: "und", name: "undetermined" };

/// The language with this ISO 639-1 code, or `UNKNOWN`.
pub fn language(code: &str) -> &'static Language {
    LANGUAGES.iter().find(|language| language.code == code).unwrap_or(&UNKNOWN)
}
