//! Role phrases as comparable keys: "the Russian governor of Belgorod Oblast" and "governor of Belgorod" meet.
//!
//! In: the words of a phrase. Out: its head noun, what changes the office, what the office is of.

use std::collections::BTreeSet;

use crate::lang::{Head, People};
use crate::text::{Span, match_key};

use super::words::{Word, words};

/// A role in comparable form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoleKey {
    /// Canonical head noun: "governor".
    pub head: String,
    /// "former", "vice", "deputy": they must agree.
    pub standing: BTreeSet<String>,
    /// Stems of what the role is of: {"belgorod"}.
    pub of: BTreeSet<String>,
    /// Countries it is of: {"russia"}.
    pub countries: BTreeSet<String>,
    /// One holder at a time.
    pub office: bool,
}

/// Words that say nothing about which place or body a role belongs to.
const EMPTY: &[&str] = &[
    "the",
    "a",
    "an",
    "of",
    "for",
    "to",
    "in",
    "at",
    "on",
    "with",
    "from",
    "and",
    "its",
    "his",
    "her",
    "their",
    "our",
    "my",
    "one",
    "another",
    "this",
    "that",
    "oblast",
    "region",
    "province",
    "county",
    "city",
    "state",
    "territory",
    "republic",
    "area",
    "member",
    "s",
    "by",
    "self declared",
    "self proclaimed",
    "so called",
    "country",
    "nation",
];

impl RoleKey {
    /// The key of a role phrase; `None` where its head is no role.
    pub fn of_text(text: &str, people: &People) -> Option<RoleKey> {
        RoleKey::of_words(&words(text, Span::new(0, text.len()), people), people)
    }

    pub fn of_words(words: &[Word], people: &People) -> Option<RoleKey> {
        let stop = words.iter().skip(1).position(|word| is_post(word)).map_or(words.len(), |at| at + 1);
        let at = (0..stop).rev().find(|&at| {
            matches!(people.head(words[at].text), Some((_, Head::Office | Head::Role, false)))
                || people.rank(words[at].text).is_some()
        })?;
        let (head, office) = head_of(words[at].text, people)?;
        let mut key =
            RoleKey { head, standing: BTreeSet::new(), of: BTreeSet::new(), countries: BTreeSet::new(), office };
        for (i, word) in words.iter().enumerate() {
            if i != at {
                key.add(word, people);
            }
        }
        key.join_compounds();
        Some(key)
    }

    fn add(&mut self, word: &Word, people: &People) {
        let folded = match_key(word.text);
        if people.is_to_come(&folded) {
            self.office = false;
        }
        for part in folded.split(' ') {
            if part == "ex" || (people.is_standing(part) && !people.is_light(part)) {
                self.standing.insert(if part == "ex" { "former".to_string() } else { part.to_string() });
            }
        }
        if people.is_standing(&folded) || people.is_light(&folded) || EMPTY.contains(&folded.as_str()) {
            return;
        }
        if folded.is_empty() {
            return;
        }
        match people.country(word.text) {
            Some(country) => {
                self.countries.insert(match_key(country));
            }
            None => {
                let spelled = crate::lang::key(&folded);
                self.of.insert(if spelled.is_empty() { folded } else { spelled });
            }
        }
    }

    fn join_compounds(&mut self) {
        if self.head == "minister" && self.of.remove("prime") {
            self.head = "prime minister".to_string();
        }
        if matches!(self.head.as_str(), "general" | "attorney")
            && (self.of.remove("attorney") || self.of.remove("attorney general"))
        {
            self.head = "attorney general".to_string();
            self.office = true;
        }
    }

    /// Whether both phrases can mean one office: heads agree, nothing clashes.
    /// `Some(true)` when a word of what the office is of agrees as well, `Some(false)` when nothing speaks against it.
    pub fn fits(&self, other: &RoleKey) -> Option<bool> {
        if self.head != other.head || self.standing != other.standing {
            return None;
        }
        let agree = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.is_subset(b) || b.is_subset(a);
        if !agree(&self.of, &other.of) || !agree(&self.countries, &other.countries) {
            return None;
        }
        let places = !self.of.is_empty() && !other.of.is_empty();
        let only_country = self.of.is_empty() && other.of.is_empty() && !self.countries.is_empty();
        Some(places || (only_country && self.countries == other.countries))
    }

    /// Whether both phrases name one office, leaving nothing open but the country of a place.
    pub fn same_office(&self, other: &RoleKey) -> bool {
        self.office && self.fits(other) == Some(true) && self.of == other.of
    }

    /// One string for the office, countries left out.
    pub fn office_key(&self) -> String {
        let words = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        format!("{}|{}|{}", self.head, words(&self.standing), words(&self.of))
    }

    /// Whether the key alone names one person at a time.
    pub fn is_specific(&self) -> bool {
        self.office && !(self.of.is_empty() && self.countries.is_empty())
    }
}

/// The canonical head of a word that is a role or a title, and whether it is an office.
pub(super) fn head_of(word: &str, people: &People) -> Option<(String, bool)> {
    let word = people.rank(word).unwrap_or(word);
    match people.head(word) {
        Some((head, Head::Office, _)) => Some((head.to_string(), true)),
        Some((head, Head::Role, _)) => Some((head.to_string(), false)),
        _ => people.rank(word).map(|rank| (rank.to_string(), false)),
    }
}

fn is_post(word: &Word) -> bool {
    word.is_one_of(&[
        "of", "for", "to", "in", "at", "on", "with", "from", "who", "which", "that", "about", "under", "by",
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::people_of_all;

    fn check(a: &str, b: &str, expected: Option<bool>) {
        let people = people_of_all();
        let (Some(first), Some(second)) = (RoleKey::of_text(a, people), RoleKey::of_text(b, people)) else {
            panic!("no role in {a} / {b}");
        };
        assert_eq!(first.fits(&second), expected, "{a} / {b}: {first:?} {second:?}");
        assert_eq!(second.fits(&first), expected, "{b} / {a}");
    }

    #[test]
    fn roles_are_compared_by_head_and_place() {
        check("the Russian governor of Belgorod Oblast", "governor of Belgorod", Some(true));
        check("Gov.", "the governor", Some(false));
        check("Kremlin spokesman", "Kremlin spokesperson", Some(true));
        check("the Russian president", "President of Russia", Some(true));
        check("UK defence minister", "British Defense Minister", Some(true));
    }

    #[test]
    fn other_offices_differ() {
        check("governor of Belgorod", "governor of Kursk", None);
        check("vice president", "president", None);
        check("former president", "the president", None);
        check("deputy defense minister", "defense minister", None);
        check("prime minister of Italy", "defense minister of Italy", None);
    }

    #[test]
    fn an_office_to_come_names_nobody() {
        let specific = |text: &str| RoleKey::of_text(text, people_of_all()).is_some_and(|key| key.is_specific());
        assert!(specific("the president of France") && specific("the US president"));
        for text in
            ["the next president", "the next president of France", "a future governor of Kursk", "the president"]
        {
            assert!(!specific(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_role_has_no_key() {
        assert!(RoleKey::of_text("the quick fox", people_of_all()).is_none());
        assert!(RoleKey::of_text("", people_of_all()).is_none());
    }
}
