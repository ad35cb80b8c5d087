//! Words that surround a cue: audiences, media, relays, and the acts that phrases perform.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::Act;

use super::Language;

/// The reporting words of one language, lower case.
#[derive(Debug, Deserialize)]
pub struct Reporting {
    /// Nouns that name who is told.
    pub audiences: BTreeSet<String>,
    /// One-word names of services ("telegram").
    pub services: BTreeSet<String>,
    /// Two-word names of services ("truth social").
    pub service_pairs: BTreeSet<String>,
    /// Head nouns of a medium ("statement").
    pub media: BTreeSet<String>,
    /// Words that make a name an outlet.
    pub outlet_words: BTreeSet<String>,
    /// Before the one that words come from.
    pub citing: Vec<String>,
    /// Before the one that passed words on.
    pub relayed_by: Vec<String>,
    /// Cues before the one whose words an outlet prints ("quoted the skipper as saying").
    pub quoting: BTreeSet<String>,
    /// Starts of contents that say no more than that a source wants no name.
    pub anonymous: Vec<String>,
    #[serde(rename = "act")]
    pub acts: Vec<ActPhrases>,
}

/// Phrases that perform an act, with the sentences that hold them to account.
#[derive(Debug, Deserialize)]
pub struct ActPhrases {
    pub act: Act,
    /// Phrases that touch the cue.
    pub phrases: Vec<String>,
    /// Phrases anywhere in the content.
    #[serde(default)]
    pub content: Vec<String>,
    /// Sentences whose attribution performs the act.
    pub accept: Vec<String>,
    /// Sentences that do not.
    pub reject: Vec<String>,
}

static ENGLISH: LazyLock<Reporting> = LazyLock::new(|| {
    toml::from_str(include_str!("en/reporting.toml")).expect("the reporting table is checked by a test")
});

/// The reporting words of `language`; `None` where it has no table.
pub fn reporting(language: &Language) -> Option<&'static Reporting> {
    (language.code == "en").then(|| &*ENGLISH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{UNKNOWN, language};

    #[test]
    fn the_table_loads_and_every_act_has_both_kinds_of_sentences() {
        let table = reporting(language("en")).unwrap();
        assert!(table.audiences.contains("reporters") && !table.audiences.contains("table"));
        for row in &table.acts {
            assert!(!row.accept.is_empty() && !row.reject.is_empty(), "{:?}", row.act);
        }
        assert!(reporting(&UNKNOWN).is_none());
    }
}
