//! Language tables about people and bodies: titles, roles, metonyms, pronouns, given names.
//!
//! In: the TOML files of `src/lang/xx/`. Out: lookups by folded word. Knows nothing of documents.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;
use super::tables::{HashMap, HashSet};
use crate::text::{fold_word, match_key};

/// What a word or name tells about gender. Weak evidence, never more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gender {
    Male,
    Female,
}

/// What kind of noun heads a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// One holder at a time: "governor".
    Office,
    /// Many holders side by side: "spokesman".
    Role,
    /// Several people: "officials", "police".
    Group,
    /// "ministry", "campaign".
    Body,
    /// A text or a measurement: "poll", "report".
    Thing,
}

/// A pronoun as the table describes it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Pronoun {
    /// "1", "2", "3" or "relative".
    pub person: String,
    /// "one", "many" or "" where both are possible.
    pub number: String,
    /// "m", "f", "n" (a body or thing), "p" (people), or "".
    pub gender: String,
}

#[derive(Deserialize)]
struct TitlesFile {
    courtesy: BTreeMap<String, String>,
    ranks: BTreeMap<String, String>,
    parts: Parts,
}

#[derive(Deserialize)]
struct Parts {
    suffixes: BTreeSet<String>,
    particles: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Words {
    words: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Standing {
    words: BTreeSet<String>,
    light: BTreeSet<String>,
    to_come: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Heads {
    heads: BTreeSet<String>,
    #[serde(default)]
    names: BTreeSet<String>,
}

#[derive(Deserialize)]
struct RolesFile {
    offices: BTreeMap<String, Vec<String>>,
    roles: BTreeMap<String, Vec<String>>,
    kin: Words,
    standing: Standing,
    modifiers: Words,
    bodies: Heads,
    things: Heads,
    groups: Heads,
}

#[derive(Deserialize)]
struct Names {
    names: Vec<String>,
}

#[derive(Deserialize)]
struct State {
    nouns: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Parties {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct MetonymsFile {
    seats: BTreeMap<String, String>,
    capitals: BTreeMap<String, String>,
    countries: BTreeMap<String, Vec<String>>,
    state: State,
    places: Names,
    parties: Parties,
    bodies: Names,
}

#[derive(Deserialize)]
struct GivenNamesFile {
    same: Vec<Vec<String>>,
    male: String,
    female: String,
}

/// The tables of one language, ready for lookups. All keys are folded.
#[derive(Default)]
pub struct People {
    courtesy: HashMap<String, Option<Gender>>,
    ranks: HashMap<String, String>,
    suffixes: HashSet<String>,
    particles: HashSet<String>,
    heads: HashMap<String, (String, Head)>,
    kin: HashSet<String>,
    standing: HashSet<String>,
    light: HashSet<String>,
    to_come: HashSet<String>,
    modifiers: HashSet<String>,
    body_names: HashSet<String>,
    seats: HashMap<String, (String, String)>,
    capitals: HashMap<String, String>,
    countries: HashMap<String, String>,
    state_nouns: HashSet<String>,
    places: HashSet<String>,
    parties: HashSet<String>,
    known_bodies: HashMap<String, String>,
    pronouns: HashMap<String, Pronoun>,
    given_rows: HashMap<String, BTreeSet<usize>>,
    given: HashMap<String, (bool, bool)>,
}

static ENGLISH: LazyLock<People> = LazyLock::new(|| {
    let read = "the language tables are checked by a test";
    People::from_tables(
        toml::from_str(include_str!("en/titles.toml")).expect(read),
        toml::from_str(include_str!("en/roles.toml")).expect(read),
        toml::from_str(include_str!("en/metonyms.toml")).expect(read),
        toml::from_str(include_str!("en/pronouns.toml")).expect(read),
        toml::from_str(include_str!("en/nicknames.toml")).expect(read),
    )
});

static NONE: LazyLock<People> = LazyLock::new(People::default);

/// The tables of `language`; empty ones where there are none.
pub fn people(language: &Language) -> &'static People {
    match language.code {
        "en" => &ENGLISH,
        _ => &NONE,
    }
}

/// The tables used where names of several languages meet: across documents there is no one language.
pub fn people_of_all() -> &'static People {
    &ENGLISH
}

impl People {
    fn from_tables(
        titles: TitlesFile,
        roles: RolesFile,
        metonyms: MetonymsFile,
        pronouns: BTreeMap<String, Pronoun>,
        given: GivenNamesFile,
    ) -> People {
        let mut people = People {
            courtesy: titles.courtesy.iter().map(|(word, mark)| (word.clone(), gender_of(mark))).collect(),
            ranks: titles.ranks.into_iter().collect(),
            suffixes: titles.parts.suffixes.into_iter().collect(),
            particles: titles.parts.particles.into_iter().collect(),
            kin: roles.kin.words.into_iter().collect(),
            standing: roles.standing.words.into_iter().collect(),
            light: roles.standing.light.into_iter().collect(),
            to_come: roles.standing.to_come.into_iter().collect(),
            modifiers: roles.modifiers.words.into_iter().collect(),
            state_nouns: metonyms.state.nouns.into_iter().collect(),
            pronouns: pronouns.into_iter().collect(),
            ..People::default()
        };
        for (table, head) in [(&roles.bodies.heads, Head::Body), (&roles.things.heads, Head::Thing)] {
            people.heads.extend(table.iter().map(|word| (word.clone(), (word.clone(), head))));
        }
        for (table, head) in [(&roles.roles, Head::Role), (&roles.offices, Head::Office)] {
            for (word, forms) in table {
                for form in forms.iter().chain([word]) {
                    people.heads.insert(form.clone(), (word.clone(), head));
                }
            }
        }
        people.heads.extend(roles.groups.heads.iter().map(|word| (word.clone(), (word.clone(), Head::Group))));
        people.body_names = roles.bodies.heads.iter().chain(&roles.bodies.names).cloned().collect();
        people.add_metonyms(&metonyms.seats, &metonyms.capitals, &metonyms.countries);
        people.places = metonyms.places.names.iter().map(|name| match_key(name)).collect();
        people.parties = metonyms.parties.words.iter().map(|word| fold_word(word)).collect();
        people.known_bodies = metonyms.bodies.names.iter().map(|name| (match_key(name), name.clone())).collect();
        people.add_given(&given);
        people
    }

    fn add_metonyms(
        &mut self,
        seats: &BTreeMap<String, String>,
        capitals: &BTreeMap<String, String>,
        countries: &BTreeMap<String, Vec<String>>,
    ) {
        self.seats = seats.iter().map(|(name, note)| (match_key(name), (name.clone(), note.clone()))).collect();
        self.capitals = capitals.iter().map(|(name, country)| (match_key(name), country.clone())).collect();
        for (country, others) in countries {
            for name in others.iter().chain([country]) {
                self.countries.insert(match_key(name), country.clone());
            }
        }
    }

    fn add_given(&mut self, table: &GivenNamesFile) {
        for (row, names) in table.same.iter().enumerate() {
            for name in names {
                self.given_rows.entry(fold_word(name)).or_default().insert(row);
                self.given.entry(fold_word(name)).or_default();
            }
        }
        for name in table.male.split_whitespace() {
            self.given.entry(fold_word(name)).or_default().0 = true;
        }
        for name in table.female.split_whitespace() {
            self.given.entry(fold_word(name)).or_default().1 = true;
        }
    }

    /// A courtesy title ("Mr"), with the gender it tells where it tells one. `word` may end in a full stop.
    pub fn courtesy(&self, word: &str) -> Option<Option<Gender>> {
        self.courtesy.get(&bare(word)).copied()
    }

    /// The role that a title means ("Sen." is a senator).
    pub fn rank(&self, word: &str) -> Option<&str> {
        self.ranks.get(&bare(word)).map(String::as_str)
    }

    pub fn is_suffix(&self, word: &str) -> bool {
        self.suffixes.contains(&bare(word))
    }

    pub fn is_particle(&self, word: &str) -> bool {
        self.particles.contains(&bare(word))
    }

    /// The noun as head of a phrase: its canonical singular, what it is, and whether it stands in the plural.
    pub fn head(&self, word: &str) -> Option<(&str, Head, bool)> {
        let word = bare(word);
        if let Some((canonical, head)) = self.heads.get(&word) {
            return Some((canonical, *head, *head == Head::Group));
        }
        for singular in singulars(&word) {
            if let Some((canonical, head)) = self.heads.get(&singular) {
                return Some((canonical, *head, true));
            }
        }
        None
    }

    pub fn is_kin(&self, word: &str) -> bool {
        self.kin.contains(&bare(word))
    }

    /// A word that changes which office a role is: "former", "vice".
    pub fn is_standing(&self, word: &str) -> bool {
        self.standing.contains(&bare(word))
    }

    /// A word that says nothing about which office a role is: "senior", "longtime".
    pub fn is_light(&self, word: &str) -> bool {
        self.light.contains(&bare(word))
    }

    /// A word before an office that nobody holds yet: "next", "would-be".
    pub fn is_to_come(&self, word: &str) -> bool {
        self.to_come.contains(&bare(word))
    }

    pub fn is_modifier(&self, word: &str) -> bool {
        self.modifiers.contains(&bare(word))
    }

    /// A capitalised word that makes a name the name of a body.
    pub fn is_body_word(&self, word: &str) -> bool {
        let word = bare(word);
        self.body_names.contains(&word) || singulars(&word).any(|singular| self.body_names.contains(&singular))
    }

    /// A building or office that speaks for a body: its name and what it stands for.
    pub fn seat(&self, name: &str) -> Option<(&str, &str)> {
        self.seats.get(&match_key(name)).map(|(name, note)| (name.as_str(), note.as_str()))
    }

    /// The country that a capital speaks for.
    pub fn capital(&self, name: &str) -> Option<&str> {
        self.capitals.get(&match_key(name)).map(String::as_str)
    }

    /// The country of a name or adjective ("Ukraine", "Ukrainian").
    pub fn country(&self, name: &str) -> Option<&str> {
        self.countries.get(&match_key(name)).map(String::as_str)
    }

    /// The people of a country in the plural: "Americans", not "United States".
    pub fn is_nationals(&self, word: &str) -> bool {
        let key = match_key(word);
        let country = self.countries.get(&key);
        key.len() > 2 && key.ends_with('s') && country.is_some_and(|country| match_key(country) != key)
    }

    pub fn is_state_noun(&self, word: &str) -> bool {
        self.state_nouns.contains(&bare(word))
    }

    pub fn is_place(&self, name: &str) -> bool {
        let key = match_key(name);
        self.places.contains(&key) || self.capitals.contains_key(&key) || self.countries.contains_key(&key)
    }

    pub fn is_party(&self, word: &str) -> bool {
        let word = bare(word);
        self.parties.contains(&word) || singulars(&word).any(|singular| self.parties.contains(&singular))
    }

    /// A body known by name, as it is usually written.
    pub fn known_body(&self, name: &str) -> Option<&str> {
        self.known_bodies.get(&match_key(name)).map(String::as_str)
    }

    pub fn pronoun(&self, word: &str) -> Option<&Pronoun> {
        self.pronouns.get(&bare(word))
    }

    pub fn is_given_name(&self, word: &str) -> bool {
        self.given.contains_key(&bare(word))
    }

    /// What a given name suggests; `None` where it suggests nothing or both.
    pub fn gender_of_given(&self, word: &str) -> Option<Gender> {
        match self.given.get(&bare(word)) {
            Some((true, false)) => Some(Gender::Male),
            Some((false, true)) => Some(Gender::Female),
            _ => None,
        }
    }

    /// Whether two given names can be short or foreign forms of one another.
    pub fn same_given(&self, a: &str, b: &str) -> bool {
        let (a, b) = (bare(a), bare(b));
        match (self.given_rows.get(&a), self.given_rows.get(&b)) {
            (Some(rows), Some(others)) => rows.intersection(others).next().is_some(),
            _ => a == b,
        }
    }
}

fn gender_of(mark: &str) -> Option<Gender> {
    match mark {
        "m" => Some(Gender::Male),
        "f" => Some(Gender::Female),
        _ => None,
    }
}

fn bare(word: &str) -> String {
    fold_word(word).trim_end_matches('.').to_string()
}

/// Words of which `word` can be the plural.
fn singulars(word: &str) -> impl Iterator<Item = String> + '_ {
    let endings = [("ies", "y"), ("women", "woman"), ("men", "man"), ("es", ""), ("s", "")];
    endings.into_iter().filter_map(|(plural, singular)| {
        let base = word.strip_suffix(plural)?;
        (word.len() > 3).then(|| format!("{base}{singular}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    fn english() -> &'static People {
        people(language("en"))
    }

    fn check_head(word: &str, expected: Option<(&str, Head, bool)>) {
        assert_eq!(english().head(word), expected, "{word}");
    }

    #[test]
    fn heads_are_found_in_singular_and_plural() {
        check_head("governor", Some(("governor", Head::Office, false)));
        check_head("Gov.", Some(("governor", Head::Office, false)));
        check_head("spokeswoman", Some(("spokesman", Head::Role, false)));
        check_head("spokesmen", Some(("spokesman", Head::Role, true)));
        check_head("lawyers", Some(("lawyer", Head::Role, true)));
        check_head("police", Some(("police", Head::Group, true)));
        check_head("ministries", Some(("ministry", Head::Body, true)));
        check_head("polls", Some(("poll", Head::Thing, true)));
        check_head("teapot", None);
    }

    #[test]
    fn tables_answer() {
        let people = english();
        assert_eq!(people.courtesy("Mrs."), Some(Some(Gender::Female)));
        assert_eq!(people.courtesy("Governor"), None);
        assert_eq!(people.rank("Sen."), Some("senator"));
        assert_eq!(people.capital("Kiev"), Some("Ukraine"));
        assert_eq!(people.country("Ukrainian"), Some("Ukraine"));
        assert_eq!(people.seat("the Kremlin"), None);
        assert_eq!(people.seat("Kremlin").map(|(name, _)| name), Some("Kremlin"));
        assert!(people.same_given("Bill", "William"));
        assert!(people.same_given("Mykhailo", "Mikhail"));
        assert!(!people.same_given("Bill", "Hillary"));
        assert_eq!(people.gender_of_given("Hillary"), Some(Gender::Female));
        assert_eq!(people.gender_of_given("Robin"), Some(Gender::Female));
    }

    #[test]
    fn a_language_without_tables_knows_nothing() {
        assert!(people(&crate::lang::UNKNOWN).head("governor").is_none());
    }
}
