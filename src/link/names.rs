//! Who speaks, compared by the names that the two documents themselves print.
//!
//! In: source phrases ("Texas Sen. Ted Cruz", "he", "the Harbour Board"). Out: how two of them relate. Whoever resolves names
//! across a whole store is not asked, so that a pair's score never depends on what else has been ingested.

use std::cell::RefCell;
use std::sync::LazyLock;

use rphonetic::DaitchMokotoffSoundex;
use strsim::jaro_winkler;

use crate::lang::{Remembered, Wording};
use crate::text::fold_word;

use super::words::Prepared;

static SOUNDS: LazyLock<DaitchMokotoffSoundex> = LazyLock::new(DaitchMokotoffSoundex::default);

/// A name found in a source phrase. All parts folded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SpeakerName {
    /// Parts in order, titles left out; never empty. The last is the surname of a person.
    pub parts: Vec<String>,
    /// Sound code of the last part.
    pub sound: String,
    /// `m` or `f` where a title tells.
    pub sex: Option<char>,
}

/// How the speakers of two variants relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpeakerRelation {
    Different,
    /// At least one side names nobody.
    Unknown,
    /// Same surname (or part of an organisation's name) and nothing against it.
    Compatible,
    /// Two spellings of one name.
    Transliteration,
    /// Given name and surname agree, or the whole name of an organisation does.
    Same,
}

/// Sound code of a folded name (Daitch–Mokotoff, without branching): equal for most transliterations of one name.
pub fn sound(folded: &str) -> String {
    thread_local! {
        static KNOWN: RefCell<Remembered<String>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| known.of(folded, sounded))
}

fn sounded(folded: &str) -> String {
    let letters: String = folded.chars().filter(char::is_ascii_alphabetic).take(24).collect();
    if letters.is_empty() { String::new() } else { SOUNDS.inner_soundex(&letters, false).concat() }
}

/// Two names at least this long may be alike enough though they begin otherwise.
pub(super) const LONG_NAME: usize = 13;

/// Whether two folded names, each with its sound code, are two spellings of one.
pub fn same_spelling(a: (&str, &str), b: (&str, &str)) -> bool {
    let ((a, sound), (b, other_sound)) = (a, b);
    let same_sound = !sound.is_empty() && sound == other_sound;
    // what begins otherwise needs more letters in common than a short name has
    let may_be_alike = a.chars().next() == b.chars().next() || a.chars().count().min(b.chars().count()) >= LONG_NAME;
    if a.len().min(b.len()) < 4 || !same_sound && !may_be_alike {
        return false;
    }
    let likeness = jaro_winkler(a, b);
    likeness >= 0.95 || likeness >= 0.82 && same_sound
}

/// The name in a source phrase; `None` for pronouns, descriptions and empty phrases.
///
/// The first stretch of capitalised words that ends its phrase counts: one that a common noun follows only describes the head
/// ("the Republican nominee", "a Falk adviser"), and a possessive with more words after it belongs to someone else ("Berg's
/// lawyer, Ines Falk").
pub fn speaker_name(phrase: &str, wording: &Wording) -> Option<SpeakerName> {
    phrase.split([',', ';', '(']).find_map(|part| name_in(part, wording))
}

fn name_in(part: &str, wording: &Wording) -> Option<SpeakerName> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let mut stretch: Vec<String> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let bare = word.trim_end_matches("'s").trim_end_matches("’s");
        let possessive = bare.len() < word.len() || word.ends_with("s'") || word.ends_with("s’");
        let folded = plain(bare);
        let capital = bare.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(char::is_uppercase);
        if capital && !folded.is_empty() {
            stretch.push(folded.clone());
            if !possessive {
                continue;
            }
        }
        let next = words.get(index + 1).map(|next| plain(next));
        let heads = match (capital, &next) {
            (true, next) => next.is_none(),
            (false, _) => wording.is_stop(&folded),
        };
        if heads && let Some(name) = name_of(&stretch, wording) {
            return Some(name);
        }
        stretch.clear();
        if !capital && ENDS.contains(&folded.as_str()) {
            return None;
        }
    }
    name_of(&stretch, wording)
}

fn plain(word: &str) -> String {
    fold_word(word).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Words after which a phrase speaks of something other than its head ("a survey in South Carolina").
pub(super) const ENDS: &[&str] = &["of", "who", "which", "in", "at", "that", "for", "on", "to", "with", "about"];

/// A stretch of capitalised words without its titles; all of them where there is nothing else ("White House").
fn name_of(stretch: &[String], wording: &Wording) -> Option<SpeakerName> {
    let dated = stretch.iter().rev().take_while(|part| wording.is_day(part)).count();
    let stretch = &stretch[..stretch.len() - dated];
    let is_word = |part: &&String| part.len() > 1 && wording.is_stop(part) || *part == "the";
    let named = |part: &&String| !wording.is_title(part) && !is_word(part);
    let mut parts: Vec<String> = stretch.iter().filter(named).cloned().collect();
    parts.retain(|part| !SUFFIXES.contains(&part.as_str()));
    if parts.is_empty() {
        parts = stretch.iter().filter(|part| !is_word(part)).cloned().collect();
    }
    let only_initials = parts.iter().all(|part| part.len() == 1);
    let last = parts.last().filter(|_| !only_initials)?;
    Some(SpeakerName { sound: sound(last), sex: stretch.iter().find_map(|part| wording.sex(part)), parts })
}

const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv"];

/// How the speakers of two variants relate: the closest relation among all their names.
pub fn speaker_relation(a: &Prepared, b: &Prepared) -> SpeakerRelation {
    let pairs = a.speakers.iter().flat_map(|left| b.speakers.iter().map(move |right| (left, right)));
    pairs.map(|(left, right)| name_relation(left, right)).max().unwrap_or(SpeakerRelation::Unknown)
}

/// How two names relate.
pub fn name_relation(a: &SpeakerName, b: &SpeakerName) -> SpeakerRelation {
    let (short, long) = if a.parts.len() <= b.parts.len() { (a, b) } else { (b, a) };
    let (Some(surname), Some(other)) = (short.parts.last(), long.parts.last()) else {
        return SpeakerRelation::Unknown;
    };
    if matches!((a.sex, b.sex), (Some(left), Some(right)) if left != right) {
        return SpeakerRelation::Different;
    }
    if surname == other && given_names_agree(short, long) {
        let whole = short.parts.len() > 1 || long.parts.len() == 1;
        return if whole { SpeakerRelation::Same } else { SpeakerRelation::Compatible };
    }
    if short.parts.iter().all(|part| long.parts.contains(part)) {
        return SpeakerRelation::Compatible;
    }
    let spelled = same_spelling((surname, &short.sound), (other, &long.sound));
    if spelled && given_names_agree(short, long) {
        SpeakerRelation::Transliteration
    } else {
        SpeakerRelation::Different
    }
}

/// Whether the names before the surname leave room for one person: one side has none, or they are equal, initials of each
/// other, or spelled alike.
fn given_names_agree(short: &SpeakerName, long: &SpeakerName) -> bool {
    let (Some(a), Some(b)) = (given(short), given(long)) else { return true };
    let initial = |one: &str, other: &str| one.len() == 1 && other.starts_with(one);
    a == b
        || initial(a, b)
        || initial(b, a)
        || short.parts[..short.parts.len() - 1].iter().any(|part| long.parts.contains(part))
        || jaro_winkler(a, b) >= 0.85
        || a.len() >= 3 && b.len() >= 3 && (a.starts_with(b) || b.starts_with(a))
}

fn given(name: &SpeakerName) -> Option<&str> {
    (name.parts.len() > 1).then(|| name.parts[0].as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{language, wording};
    use SpeakerRelation::*;
    use proptest::prelude::*;

    fn name(phrase: &str) -> Option<SpeakerName> {
        speaker_name(phrase, wording(language("en")))
    }

    fn check_name(phrase: &str, parts: &[&str]) {
        let found = name(phrase).map(|name| name.parts).unwrap_or_default();
        assert_eq!(found, parts, "{phrase}");
    }

    #[test]
    fn finds_the_name_in_a_source_phrase() {
        check_name("Texas Sen. Ted Cruz", &["texas", "ted", "cruz"]);
        check_name("his top aide, Ines Falk", &["ines", "falk"]);
        check_name("Berg’s lawyer, Ines Falk", &["ines", "falk"]);
        check_name("Ines Falk’s", &["ines", "falk"]);
        check_name("Ines Falk, who ran Berg’s office", &["ines", "falk"]);
        check_name("Mr. Berg of Oslo", &["berg"]);
        check_name("the Harbour Board", &["harbour", "board"]);
        check_name("he", &[]);
        check_name("the city’s new mayor", &[]);
        check_name("the Republican nominee", &[]);
        check_name("a top Ines Falk adviser", &[]);
        check_name("Exit polls in South Carolina", &[]);
        check_name("the White House", &["white", "house"]);
        check_name("Falk herself", &["falk"]);
        check_name("the report published Tuesday", &[]);
        check_name("Ines Falk on Tuesday", &["ines", "falk"]);
        check_name("the Sunday Herald", &["sunday", "herald"]);
        check_name("a survey by the Harbour Institute", &["harbour", "institute"]);
        check_name("", &[]);
    }

    fn check(a: &str, b: &str, relation: SpeakerRelation) {
        let found = match (name(a), name(b)) {
            (Some(a), Some(b)) => name_relation(&a, &b),
            _ => Unknown,
        };
        assert_eq!(found, relation, "{a} / {b}");
    }

    proptest! {
        #[test]
        fn short_names_that_begin_otherwise_are_never_alike(a in "[a-e]{4,12}", b in "[a-e]{4,12}") {
            if a.chars().next() != b.chars().next() {
                prop_assert!(jaro_winkler(&a, &b) < 0.95, "{a} {b}");
            }
        }
    }

    #[test]
    fn relates_names() {
        check("Ines Falk", "Ines Falk", Same);
        check("Ines Falk", "I. Falk", Same);
        check("Ines Falk", "Ms. Falk", Compatible);
        check("Ines Falk", "Mr. Falk", Compatible);
        check("Mrs. Falk", "Mr. Falk", Different);
        check("Ines Falk", "Anders Falk", Different);
        check("Ines Falk", "Ines Berg", Different);
        check("Mykhailo Podolyak", "Mychajlo Podoliak", Transliteration);
        check("Gladkov", "Gladkow", Transliteration);
        check("Peskov", "Petrov", Different);
        check("the Harbour Board", "The Board", Compatible);
        check("he", "Ines Falk", Unknown);
    }
}
