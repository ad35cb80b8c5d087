//! Names of bodies: what they are compared by, and the bodies a document names.
//!
//! In: names as texts. Out: `BodyKey` for comparison; `Bodies`, an index of one document's bodies.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::{People, key};
use crate::text::{Span, match_key};

use super::words::words;

/// A body's name in comparable form: the stems of its content words, countries apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BodyKey {
    pub stems: BTreeSet<String>,
    pub countries: BTreeSet<String>,
    /// First letters of the content words, in order, capital.
    pub initials: String,
    /// The name is an acronym itself.
    pub acronym: Option<String>,
}

const EMPTY: &[&str] = &[
    "the", "a", "an", "of", "for", "and", "in", "on", "to", "s", "at", "de", "la", "le", "du", "der", "die", "das",
    "und", "fur", "et", "des",
];

/// Nouns under which different desks write one and the same body, by the stem they share.
const SAME_NOUN: &[(&str, &str)] = &[
    ("militia", "legion"),
    ("battalion", "legion"),
    ("brigad", "legion"),
    ("group", "organ"),
    ("organis", "organ"),
    ("organiz", "organ"),
    ("agenc", "agenc"),
    ("offic", "offic"),
    ("dept", "depart"),
    ("assn", "associ"),
];

impl BodyKey {
    pub fn of(name: &str, people: &People) -> BodyKey {
        let mut found = BodyKey::default();
        let all = words(name, Span::new(0, name.len()), people);
        for word in &all {
            let folded = match_key(word.text);
            if folded.is_empty() || EMPTY.contains(&folded.as_str()) {
                continue;
            }
            if word.is_capital() {
                found.initials.extend(folded.chars().next().map(|c| c.to_ascii_uppercase()));
            }
            match people.country(word.text).filter(|_| all.len() > 1) {
                Some(country) => {
                    found.countries.insert(match_key(country));
                }
                None => {
                    found.stems.extend(folded.split(' ').map(stem));
                }
            }
        }
        if let [only] =
            all.iter().filter(|word| !EMPTY.contains(&match_key(word.text).as_str())).collect::<Vec<_>>().as_slice()
            && only.is_acronym()
        {
            found.acronym = Some(match_key(only.text).replace(' ', "").to_uppercase());
        }
        found
    }

    /// One string for the whole key.
    pub fn text(&self) -> String {
        let stems: Vec<&str> = self.stems.iter().map(String::as_str).collect();
        let countries: Vec<&str> = self.countries.iter().map(String::as_str).collect();
        format!("{}|{}", stems.join(" "), countries.join(" "))
    }

    /// Both names have the same content words, in any order ("Freedom for Russia Legion", "Legion of Free Russia").
    pub fn same_words(&self, other: &BodyKey) -> bool {
        self.countries == other.countries && self.same_stems(other)
    }

    pub fn same_stems(&self, other: &BodyKey) -> bool {
        self.stems.len() == other.stems.len()
            && !self.stems.is_empty()
            && self.stems.iter().all(|stem| other.stems.iter().any(|with| same_stem(stem, with)))
            && other.stems.iter().all(|stem| self.stems.iter().any(|with| same_stem(stem, with)))
    }

    /// Every word of `self` is in `other`; a country that only `other` names is no difference.
    pub fn is_short_for(&self, other: &BodyKey) -> bool {
        let stems = !self.stems.is_empty()
            && self.stems.iter().all(|stem| other.stems.iter().any(|with| same_stem(stem, with)));
        stems && self.countries.is_subset(&other.countries) && self != other
    }

    /// The acronym stands for the other name.
    pub fn abbreviates(&self, other: &BodyKey) -> bool {
        self.acronym
            .as_ref()
            .is_some_and(|acronym| acronym.len() >= 2 && *acronym == other.initials && other.acronym.is_none())
    }
}

fn stem(word: &str) -> String {
    let stem = key(word);
    match SAME_NOUN.iter().find(|(from, _)| *from == stem) {
        Some((_, to)) => to.to_string(),
        None => stem,
    }
}

/// "free" and "freedom": one begins the other.
fn same_stem(a: &str, b: &str) -> bool {
    a == b || (a.len().min(b.len()) >= 4 && a.len().abs_diff(b.len()) <= 3 && (a.starts_with(b) || b.starts_with(a)))
}

/// A body as the document names it.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// The fullest form seen.
    pub name: String,
    pub key: BodyKey,
    /// The acronym the document gives in brackets.
    pub acronym: Option<String>,
}

/// The bodies of one document, with their mentions in text order.
#[derive(Default)]
pub(super) struct Bodies {
    pub all: Vec<Body>,
    /// (byte, body)
    pub mentions: Vec<(usize, usize)>,
    by_stem: BTreeMap<String, Vec<usize>>,
    by_acronym: BTreeMap<String, usize>,
}

/// Candidates looked at for one name: enough for any real document, a bound for made-up ones.
const MOST_CANDIDATES: usize = 60;

/// How a name was found among the bodies of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Same,
    Short,
    Acronym,
}

impl Bodies {
    /// The body that `name` means, where the document has named it before or elsewhere.
    pub fn find(&self, name: &str, people: &People) -> Option<(usize, Found)> {
        let wanted = BodyKey::of(name, people);
        if let Some(acronym) = &wanted.acronym
            && let Some(&body) = self.by_acronym.get(acronym)
        {
            return Some((body, Found::Acronym));
        }
        let candidates = self.candidates(&wanted);
        if let Some(&same) = candidates.iter().find(|&&body| self.all[body].key.same_words(&wanted)) {
            return Some((same, Found::Same));
        }
        let wider: Vec<usize> =
            candidates.into_iter().filter(|&body| wanted.is_short_for(&self.all[body].key)).collect();
        let first = *wider.first()?;
        let one_name =
            wider.iter().all(|&body| self.all[body].key.stems == self.all[first].key.stems || wider.len() == 1);
        one_name.then_some((first, Found::Short))
    }

    fn candidates(&self, wanted: &BodyKey) -> Vec<usize> {
        let mut found: Vec<usize> = wanted
            .stems
            .iter()
            .flat_map(|stem| {
                let head: String = stem.chars().take(4).collect();
                self.by_stem
                    .range(head.clone()..)
                    .take_while(move |(other, _)| other.starts_with(&head))
                    .take(MOST_CANDIDATES)
            })
            .flat_map(|(_, bodies)| bodies.iter().copied().take(MOST_CANDIDATES))
            .take(4 * MOST_CANDIDATES)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Takes in a name; gives its body, which may be one already known.
    pub fn add(&mut self, name: &str, acronym: Option<&str>, people: &People) -> usize {
        let wanted = BodyKey::of(name, people);
        let same = self.candidates(&wanted).into_iter().find(|&body| self.all[body].key.same_words(&wanted));
        let index = same.unwrap_or_else(|| {
            let index = self.all.len();
            for stem in &wanted.stems {
                self.by_stem.entry(stem.clone()).or_default().push(index);
            }
            self.all.push(Body { name: name.to_string(), key: wanted.clone(), acronym: None });
            index
        });
        let given = acronym.map(|text| match_key(text).replace(' ', "").to_uppercase());
        if let Some(acronym) =
            given.filter(|acronym| *acronym == wanted.initials || wanted.initials.ends_with(acronym.as_str()))
        {
            self.by_acronym.entry(acronym.clone()).or_insert(index);
            self.all[index].acronym = Some(acronym);
        } else if wanted.acronym.is_none() && wanted.initials.len() >= 3 {
            self.by_acronym.entry(wanted.initials.clone()).or_insert(index);
        }
        index
    }

    /// Bodies mentioned before byte `at`, latest first.
    pub fn before(&self, at: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let end = self.mentions.partition_point(|(byte, _)| *byte < at);
        self.mentions[..end].iter().rev().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::people_of_all;

    fn check(a: &str, b: &str, same: bool) {
        let people = people_of_all();
        let (first, second) = (BodyKey::of(a, people), BodyKey::of(b, people));
        assert_eq!(first.same_words(&second), same, "{a} / {b}: {first:?} {second:?}");
    }

    #[test]
    fn word_order_and_small_words_do_not_matter() {
        check("Freedom for Russia Legion", "Freedom Legion for Russia", true);
        check("Freedom for Russia Legion", "Legion of Free Russia", true);
        check("the Freedom of Russia Legion", "Freedom for Russia militia", true);
        check("Ministry of Defense", "Defence Ministry", true);
        check("Russian Ministry of Defense", "Ministry of Defence of Russia", true);
        check("The New York Times", "New York Times", true);
        check("Trump’s campaign", "the Trump campaign", true);
    }

    #[test]
    fn other_bodies_stay_apart() {
        check("Russian Ministry of Defense", "Ukrainian Ministry of Defense", false);
        check("Ministry of Defense", "Ministry of Finance", false);
        check("Trump campaign", "Clinton campaign", false);
        check("Russian Volunteer Corps", "Freedom for Russia Legion", false);
    }

    #[test]
    fn acronyms_and_short_forms() {
        let people = people_of_all();
        let mut bodies = Bodies::default();
        let corps = bodies.add("Russian Volunteer Corps", Some("RVC"), people);
        let ministry = bodies.add("Russian Ministry of Defense", None, people);
        assert_eq!(bodies.find("RVC", people), Some((corps, Found::Acronym)));
        assert_eq!(bodies.find("Defense Ministry", people), Some((ministry, Found::Short)));
        assert_eq!(bodies.find("Finance Ministry", people), None);
        bodies.add("Ministry of Health", None, people);
        assert_eq!(bodies.find("the ministry", people), None);
    }
}
