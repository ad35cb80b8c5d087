//! Tables about wording, for comparing what was said: function words, stock phrases, synonyms, antonyms, numbers,
//! negation, and the words of source phrases that are not names. All look-ups are by folded word or by match key.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::tables::{HashMap, HashSet};
use super::{LANGUAGES, Language, key};

/// A number's unit, as far as it decides whether two numbers can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Plain,
    Percent,
    Money,
    Year,
}

/// The tables of one language, indexed.
#[derive(Debug, Default)]
pub struct Wording {
    stop: HashSet<String>,
    stock: HashMap<u64, Vec<Vec<u64>>>,
    hedges: HashSet<String>,
    synonyms: HashMap<String, u16>,
    /// Keys of irregular forms and of their bases, to the key of the base.
    irregular: HashMap<String, String>,
    phrases: HashMap<String, Vec<(Vec<String>, String)>>,
    acronyms: BTreeMap<String, String>,
    antonyms: HashMap<String, Vec<(u16, bool)>>,
    negators: HashSet<String>,
    of_nouns: HashSet<String>,
    handing_on: HashSet<String>,
    be: HashSet<String>,
    of_all: HashSet<String>,
    coordinating: HashSet<String>,
    before_subjects: HashSet<String>,
    auxiliaries: HashSet<String>,
    not_negating: HashSet<String>,
    of_manner: HashSet<String>,
    ends: HashSet<String>,
    denying_cues: HashSet<String>,
    approving_cues: HashSet<String>,
    disapproving_cues: HashSet<String>,
    adding_cues: HashSet<String>,
    prefixes: Vec<String>,
    not_prefixed: HashSet<String>,
    values: BTreeMap<String, f64>,
    scales: BTreeMap<String, f64>,
    shares: BTreeMap<String, f64>,
    units: BTreeMap<String, Unit>,
    titles: HashSet<String>,
    days: HashSet<String>,
    sex: BTreeMap<String, char>,
}

/// Stock phrases as hashes of match keys, by the first.
fn stock_by_first(phrases: &[String]) -> HashMap<u64, Vec<Vec<u64>>> {
    let mut found: HashMap<u64, Vec<Vec<u64>>> = HashMap::default();
    for phrase in phrases {
        let hashes: Vec<u64> = word_keys(phrase).iter().map(|word| xxh3_64(word.as_bytes())).collect();
        if let Some(first) = hashes.first() {
            found.entry(*first).or_default().push(hashes);
        }
    }
    found
}

#[derive(Deserialize)]
struct StockFile {
    stop: Vec<String>,
    phrases: Vec<String>,
    hedges: Vec<String>,
}

#[derive(Deserialize)]
struct SynonymFile {
    groups: Vec<Vec<String>>,
    phrases: BTreeMap<String, String>,
    acronyms: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct AntonymFile {
    pairs: Vec<[String; 2]>,
    accept: Vec<[String; 2]>,
    reject: Vec<[String; 2]>,
}

#[derive(Deserialize)]
struct IrregularFile {
    forms: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct NegationFile {
    negators: Vec<String>,
    of_nouns: Vec<String>,
    handing_on: Vec<String>,
    be: Vec<String>,
    of_all: Vec<String>,
    coordinating: Vec<String>,
    before_subjects: Vec<String>,
    auxiliaries: Vec<String>,
    not_negating: Vec<String>,
    of_manner: Vec<String>,
    ends: Vec<String>,
    denying_cues: Vec<String>,
    approving_cues: Vec<String>,
    disapproving_cues: Vec<String>,
    adding_cues: Vec<String>,
    prefixes: Vec<String>,
    not_prefixed: Vec<String>,
}

#[derive(Deserialize)]
struct NumberFile {
    values: BTreeMap<String, f64>,
    scales: BTreeMap<String, f64>,
    shares: BTreeMap<String, f64>,
    units: BTreeMap<String, Unit>,
}

#[derive(Deserialize)]
struct SpeakerFile {
    titles: Vec<String>,
    days: Vec<String>,
    sex: BTreeMap<String, char>,
}

static ENGLISH: LazyLock<Wording> = LazyLock::new(|| english().expect("the wording tables are checked by a test"));
static NONE: LazyLock<Wording> = LazyLock::new(Wording::default);

/// The wording tables of a language; empty ones where none ship.
pub fn wording(language: &Language) -> &'static Wording {
    match language.code {
        "en" => &ENGLISH,
        _ => &NONE,
    }
}

/// Whether this is the hash (XXH3) of the match key of a function word of any language.
pub fn is_function_key(hash: u64) -> bool {
    static KEYS: LazyLock<HashSet<u64>> = LazyLock::new(|| {
        let words = LANGUAGES.iter().flat_map(|language| &wording(language).stop);
        words.map(|word| xxh3_64(key(word).as_bytes())).collect()
    });
    KEYS.contains(&hash)
}

/// Sentence pairs of the antonym table: those that must clash, and those that must not.
pub fn antonym_sentences() -> (Vec<[String; 2]>, Vec<[String; 2]>) {
    let file: Result<AntonymFile, _> = toml::from_str(include_str!("en/antonyms.toml"));
    file.map(|file| (file.accept, file.reject)).unwrap_or_default()
}

fn english() -> Result<Wording, toml::de::Error> {
    let stock: StockFile = toml::from_str(include_str!("en/stock.toml"))?;
    let synonyms: SynonymFile = toml::from_str(include_str!("en/synonyms.toml"))?;
    let antonyms: AntonymFile = toml::from_str(include_str!("en/antonyms.toml"))?;
    let irregular: IrregularFile = toml::from_str(include_str!("en/irregular.toml"))?;
    let negation: NegationFile = toml::from_str(include_str!("en/negation.toml"))?;
    let numbers: NumberFile = toml::from_str(include_str!("en/numbers.toml"))?;
    let speakers: SpeakerFile = toml::from_str(include_str!("en/speakers.toml"))?;
    let set = |words: Vec<String>| words.into_iter().collect::<HashSet<String>>();
    Ok(Wording {
        stop: set(stock.stop),
        stock: stock_by_first(&stock.phrases),
        hedges: set(stock.hedges),
        synonyms: group_numbers(&synonyms.groups),
        irregular: base_keys(&irregular.forms),
        phrases: phrase_keys(&synonyms.phrases),
        acronyms: synonyms.acronyms.iter().map(|(letters, word)| (letters.clone(), key(word))).collect(),
        antonyms: antonym_sides(&antonyms.pairs),
        negators: set(negation.negators),
        of_nouns: set(negation.of_nouns),
        handing_on: set(negation.handing_on),
        be: set(negation.be),
        of_all: set(negation.of_all),
        coordinating: set(negation.coordinating),
        before_subjects: set(negation.before_subjects),
        auxiliaries: set(negation.auxiliaries),
        not_negating: set(negation.not_negating),
        of_manner: set(negation.of_manner),
        ends: set(negation.ends),
        denying_cues: set(negation.denying_cues),
        approving_cues: set(negation.approving_cues),
        disapproving_cues: set(negation.disapproving_cues),
        adding_cues: set(negation.adding_cues),
        prefixes: negation.prefixes,
        not_prefixed: negation.not_prefixed.iter().map(|word| key(word)).collect(),
        values: numbers.values,
        scales: numbers.scales,
        shares: numbers.shares,
        units: numbers.units,
        titles: set(speakers.titles),
        days: set(speakers.days),
        sex: speakers.sex,
    })
}

fn word_keys(phrase: &str) -> Vec<String> {
    phrase.split(' ').map(key).collect()
}

/// Number of the first group that lists each key, counted from 1.
fn group_numbers(groups: &[Vec<String>]) -> HashMap<String, u16> {
    let mut numbers = HashMap::default();
    for (number, group) in (1u16..).zip(groups) {
        for word in group.iter().filter(|word| !word.contains(' ')) {
            numbers.entry(key(word)).or_insert(number);
        }
    }
    numbers
}

/// Key of a form, the base itself included → key of the base.
fn base_keys(forms: &BTreeMap<String, Vec<String>>) -> HashMap<String, String> {
    let all = forms.iter().flat_map(|(base, forms)| forms.iter().chain([base]).map(move |form| (key(form), key(base))));
    all.collect()
}

/// Phrases by the key of their first word, longest first, so that the longest phrase wins.
fn phrase_keys(phrases: &BTreeMap<String, String>) -> HashMap<String, Vec<(Vec<String>, String)>> {
    let mut by_first: HashMap<String, Vec<(Vec<String>, String)>> = HashMap::default();
    for (phrase, word) in phrases {
        let words = word_keys(phrase);
        by_first.entry(words[0].clone()).or_default().push((words, key(word)));
    }
    for list in by_first.values_mut() {
        list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    by_first
}

fn antonym_sides(pairs: &[[String; 2]]) -> HashMap<String, Vec<(u16, bool)>> {
    let mut sides: HashMap<String, Vec<(u16, bool)>> = HashMap::default();
    for (number, [left, right]) in (1u16..).zip(pairs) {
        sides.entry(key(left)).or_default().push((number, false));
        sides.entry(key(right)).or_default().push((number, true));
    }
    sides
}

impl Wording {
    /// The match key of the verb that this key is an irregular form of, or that has such forms ("held" and "hold": "hold").
    pub fn irregular_base(&self, key: &str) -> Option<&str> {
        self.irregular.get(key).map(String::as_str)
    }

    /// A function word (folded, apostrophes left out).
    pub fn is_stop(&self, folded: &str) -> bool {
        self.stop.contains(folded)
    }

    /// A word that makes a statement less sure or less exact.
    pub fn is_hedge(&self, folded: &str) -> bool {
        self.hedges.contains(folded)
    }

    /// Stock phrases whose first word has this hash, as hashes (XXH3) of match keys.
    pub fn stock_phrases_from(&self, first: u64) -> impl Iterator<Item = &Vec<u64>> {
        self.stock.get(&first).into_iter().flatten()
    }

    /// Number of the synonym group of a match key; 0 where it has none.
    pub fn synonym_group(&self, key: &str) -> u16 {
        self.synonyms.get(key).copied().unwrap_or(0)
    }

    /// Phrases that begin with this match key and stand for one word: their keys, longest first, and that word's key.
    pub fn phrases_from(&self, key: &str) -> impl Iterator<Item = &(Vec<String>, String)> {
        self.phrases.get(key).into_iter().flatten()
    }

    /// The key an acronym in capitals stands for (folded, dots left out).
    pub fn acronym(&self, folded: &str) -> Option<&str> {
        self.acronyms.get(folded).map(String::as_str)
    }

    /// The antonym pairs a match key stands in, and on which side.
    pub fn antonym_sides(&self, key: &str) -> &[(u16, bool)] {
        self.antonyms.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn is_negator(&self, folded: &str) -> bool {
        self.negators.contains(folded)
    }

    /// A negator that reaches no further than a noun phrase ("no").
    pub fn negates_noun(&self, folded: &str) -> bool {
        self.of_nouns.contains(folded)
    }

    /// A word that hands the negation of a noun on ("no longer holds", "no plans to meet them").
    pub fn hands_negation_on(&self, folded: &str) -> bool {
        self.handing_on.contains(folded)
    }

    /// A form of "be", after which a negated word in -ing is the verb of its clause ("is not paying").
    pub fn is_be(&self, folded: &str) -> bool {
        self.be.contains(folded)
    }

    /// A negator of everything there is ("nobody"): what is compared under it is affirmed ("nobody is more qualified").
    pub fn negates_all(&self, folded: &str) -> bool {
        self.of_all.contains(folded)
    }

    /// A negator that goes on with the one before it: "neither sent nor received".
    pub fn goes_on_negating(&self, folded: &str) -> bool {
        self.coordinating.contains(folded)
    }

    /// A word after which a clause begins with its subject.
    pub fn comes_before_subjects(&self, folded: &str) -> bool {
        self.before_subjects.contains(folded)
    }

    /// An auxiliary, or a form of "be": a predicate begins with it.
    pub fn begins_predicate(&self, folded: &str) -> bool {
        self.auxiliaries.contains(folded) || self.is_be(folded)
    }

    /// A word after "not" that takes the negation away ("not only").
    pub fn cancels_negation(&self, folded: &str) -> bool {
        self.not_negating.contains(folded)
    }

    /// A word at which the reach of a negator ends.
    pub fn ends_negation(&self, folded: &str) -> bool {
        self.ends.contains(folded)
    }

    /// A negator that in a cue tells how something was said, not that it was not ("claimed without evidence").
    pub fn tells_manner(&self, folded: &str) -> bool {
        self.of_manner.contains(folded)
    }

    /// Whether a word of a cue, or two in a row, deny what it reports.
    pub fn denies(&self, folded: &str) -> bool {
        self.denying_cues.contains(folded)
    }

    /// Whether a cue holds a word that is for what it reports, and whether one that is against it.
    pub fn stance_of(&self, folded: &str) -> (bool, bool) {
        (self.approving_cues.contains(folded), self.disapproving_cues.contains(folded))
    }

    /// Whether a word of a cue, or two in a row, say that what follows comes on top of what was said before.
    pub fn adds(&self, folded: &str) -> bool {
        self.adding_cues.contains(folded)
    }

    /// What is left of a match key without its negating prefix, where it has one. The caller checks that the rest is a word.
    pub fn without_negating_prefix<'k>(&self, key: &'k str) -> impl Iterator<Item = &'k str> {
        let listed = self.not_prefixed.contains(key);
        let prefixes = if listed { &[] } else { self.prefixes.as_slice() };
        prefixes.iter().filter_map(|prefix| key.strip_prefix(prefix.as_str())).filter(|rest| rest.len() >= 3)
    }

    pub fn number_value(&self, folded: &str) -> Option<f64> {
        self.values.get(folded).copied()
    }

    pub fn number_scale(&self, folded: &str) -> Option<f64> {
        self.scales.get(folded).copied()
    }

    /// A share word ("half", "thirds"), in per cent.
    pub fn share(&self, folded: &str) -> Option<f64> {
        self.shares.get(folded).copied()
    }

    pub fn unit(&self, folded: &str) -> Option<Unit> {
        self.units.get(folded).copied()
    }

    /// A day of the week, which a source phrase may end with ("the report published Tuesday").
    pub fn is_day(&self, folded: &str) -> bool {
        self.days.contains(folded)
    }

    /// A title or office that stands before a name.
    pub fn is_title(&self, folded: &str) -> bool {
        self.titles.contains(folded)
    }

    /// `m` or `f` where a title tells.
    pub fn sex(&self, folded: &str) -> Option<char> {
        self.sex.get(folded).copied()
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
    fn words_find_their_groups_in_any_inflection() {
        let english = wording(language("en"));
        let group = |word: &str| english.synonym_group(&key(word));
        assert_eq!(group("banned"), group("barring"));
        assert_ne!(group("banned"), 0);
        assert_ne!(group("banned"), group("allowed"));
        assert_eq!(english.antonym_sides(&key("helped"))[0].0, english.antonym_sides(&key("hurting"))[0].0);
    }

    #[test]
    fn irregular_forms_have_the_base_of_their_verb() {
        let english = wording(language("en"));
        let base = |word: &str| english.irregular_base(&key(word));
        assert_eq!(base("held"), base("holding"));
        assert_eq!(base("held"), Some(key("hold").as_str()));
        assert_eq!(base("founder"), None);
        let table: IrregularFile = toml::from_str(include_str!("en/irregular.toml")).unwrap();
        let all: Vec<&String> = table.forms.iter().flat_map(|(base, forms)| forms.iter().chain([base])).collect();
        let once: HashSet<&String> = all.iter().copied().collect();
        assert_eq!(once.len(), all.len(), "a form stands twice");
    }

    #[test]
    fn prefixes_are_seen_where_they_negate() {
        let english = wording(language("en"));
        let rest = |word: &str| english.without_negating_prefix(&key(word)).map(str::to_string).collect::<Vec<_>>();
        assert_eq!(rest("unqualified"), [key("qualified")]);
        assert!(rest("understand").is_empty());
        assert!(rest("university").is_empty());
    }

    #[test]
    fn a_language_without_tables_has_empty_ones() {
        assert!(!wording(language("xx")).is_stop("the"));
    }
}
