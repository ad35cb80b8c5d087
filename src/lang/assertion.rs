//! Tables about what a clause asserts: clause boundaries, moods, modes of a predicate, cues that deny or refuse.
//! All look-ups are by folded word, apostrophes left out.

use std::sync::LazyLock;

use serde::Deserialize;

use super::tables::{HashMap, HashSet};
use super::{Language, key};

/// What an auxiliary makes of its predicate. The later one counts where several stand together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// No auxiliary.
    #[default]
    Open,
    Present,
    Past,
    Future,
    Would,
    Can,
    Ought,
}

/// What a cue makes of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CueSense {
    Deny,
    Refuse,
    Will,
    Stance,
}

#[derive(Debug, Default, Deserialize)]
struct Modes {
    present: Vec<String>,
    past: Vec<String>,
    future: Vec<String>,
    would: Vec<String>,
    ought: Vec<String>,
    can: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Cues {
    deny: Vec<String>,
    refuse: Vec<String>,
    will: Vec<String>,
    stance: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Antonyms {
    circumstances: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Sentences {
    accept: Vec<[String; 2]>,
    reject: Vec<[String; 2]>,
}

#[derive(Debug, Default, Deserialize)]
struct File {
    sentences: Sentences,
    clause_starts: HashSet<String>,
    relatives: HashSet<String>,
    objects: HashSet<String>,
    joiners: HashSet<String>,
    subjects: HashSet<String>,
    unasserted: HashSet<String>,
    unsure: HashSet<String>,
    credited: HashSet<String>,
    self_direct: HashSet<String>,
    self_reported: HashSet<String>,
    raising: HashSet<String>,
    degrees: HashSet<String>,
    modes: Modes,
    cues: Cues,
    antonyms: Antonyms,
}

/// The tables of one language, indexed.
#[derive(Debug, Default)]
pub struct Assertions {
    words: File,
    modes: HashMap<String, Mode>,
    cues: HashMap<String, CueSense>,
    circumstances: HashSet<String>,
}

static ENGLISH: LazyLock<Assertions> = LazyLock::new(|| english().expect("the assertion tables are checked by a test"));
static NONE: LazyLock<Assertions> = LazyLock::new(Assertions::default);

/// The assertion tables of a language; empty ones where none ship.
pub fn assertions(language: &Language) -> &'static Assertions {
    match language.code {
        "en" => &ENGLISH,
        _ => &NONE,
    }
}

/// Sentence pairs of the table: those that must be found to oppose each other, and those that must not.
pub fn opposed_sentences() -> (Vec<[String; 2]>, Vec<[String; 2]>) {
    english().map(|table| (table.words.sentences.accept, table.words.sentences.reject)).unwrap_or_default()
}

fn english() -> Result<Assertions, toml::de::Error> {
    let words: File = toml::from_str(include_str!("en/assertion.toml"))?;
    let of = |lists: Vec<(&Vec<String>, Mode)>| -> HashMap<String, Mode> {
        lists.into_iter().flat_map(|(list, mode)| list.iter().map(move |word| (word.clone(), mode))).collect()
    };
    let modes = of(vec![
        (&words.modes.present, Mode::Present),
        (&words.modes.past, Mode::Past),
        (&words.modes.future, Mode::Future),
        (&words.modes.would, Mode::Would),
        (&words.modes.can, Mode::Can),
        (&words.modes.ought, Mode::Ought),
    ]);
    let senses = [
        (&words.cues.deny, CueSense::Deny),
        (&words.cues.refuse, CueSense::Refuse),
        (&words.cues.will, CueSense::Will),
        (&words.cues.stance, CueSense::Stance),
    ];
    let cues =
        senses.into_iter().flat_map(|(list, sense)| list.iter().map(move |word| (word.clone(), sense))).collect();
    let circumstances = words.antonyms.circumstances.iter().map(|word| key(word)).collect();
    Ok(Assertions { modes, cues, circumstances, words })
}

impl Assertions {
    pub fn starts_clause(&self, folded: &str) -> bool {
        self.words.clause_starts.contains(folded)
    }

    /// A word whose clause ends at the next comma, where the clause before it goes on.
    pub fn is_relative(&self, folded: &str) -> bool {
        self.words.relatives.contains(folded)
    }

    /// A word that begins a clause if a subject follows it.
    pub fn joins(&self, folded: &str) -> bool {
        self.words.joiners.contains(folded)
    }

    pub fn is_subject(&self, folded: &str) -> bool {
        self.words.subjects.contains(folded)
    }

    /// A pronoun in the place of an object: somebody else than the speaker.
    pub fn is_object(&self, folded: &str) -> bool {
        self.words.objects.contains(folded)
    }

    pub fn is_unasserted(&self, folded: &str) -> bool {
        self.words.unasserted.contains(folded)
    }

    pub fn is_unsure(&self, folded: &str) -> bool {
        self.words.unsure.contains(folded)
    }

    /// A word that hands what follows to its subject.
    pub fn is_credited(&self, folded: &str) -> bool {
        self.words.credited.contains(folded)
    }

    /// A subject that is the speaker, in words printed as spoken (`direct`) or in words that report them.
    pub fn is_self(&self, folded: &str, direct: bool) -> bool {
        if direct { self.words.self_direct.contains(folded) } else { self.words.self_reported.contains(folded) }
    }

    /// A verb that hands its negation down to what follows.
    pub fn raises(&self, folded: &str) -> bool {
        self.words.raising.contains(folded)
    }

    /// A word that makes a negation one of degree.
    pub fn is_degree(&self, folded: &str) -> bool {
        self.words.degrees.contains(folded)
    }

    pub fn mode(&self, folded: &str) -> Option<Mode> {
        self.modes.get(folded).copied()
    }

    /// What a word of a cue makes of the content.
    pub fn cue(&self, folded: &str) -> Option<CueSense> {
        self.cues.get(folded).copied()
    }

    /// A match key that is said of times, places and amounts.
    pub fn is_circumstance(&self, key: &str) -> bool {
        self.circumstances.contains(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    #[test]
    fn the_tables_parse() {
        english().unwrap();
    }

    #[test]
    fn words_are_found_in_their_lists() {
        let english = assertions(language("en"));
        assert_eq!(english.mode("wont"), Some(Mode::Future));
        assert_eq!(english.cue("denied"), Some(CueSense::Deny));
        assert!(english.is_self("he", false) && !english.is_self("he", true));
        assert!(english.is_circumstance(&key("before")));
        assert!(assertions(language("xx")).mode("will").is_none());
    }
}
