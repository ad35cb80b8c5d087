//! Everybody a document names: people with their names, titles and roles, and where each is mentioned.
//!
//! In: a reading and the spans of its sources. Out: a `Roster`. Who speaks is decided elsewhere.

mod nicknames;
mod scan;

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::{Gender, People};
use crate::model::Reading;
use crate::text::{Span, fold_word};

use super::name::{Fit, PersonName};
use super::role::RoleKey;
use super::run::Lexicon;
use scan::{credited_surnames, document_words, headline_words_off, scan, small_words, sure_surnames};

/// A person as the document knows them.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub name: PersonName,
    /// Role phrases with the name, in order of appearance.
    pub roles: Vec<String>,
    pub keys: Vec<RoleKey>,
    /// Signs of gender: male, female.
    pub votes: (usize, usize),
    /// Introduced as somebody's family.
    pub kin: bool,
    /// Byte where the person is first mentioned.
    pub first: usize,
    /// How often the full name stands in the text.
    pub full_count: usize,
    pub count: usize,
    pub nicknames: BTreeSet<String>,
}

impl Person {
    /// The gender that titles, role nouns and given name suggest; titles outweigh names.
    pub fn gender(&self, people: &People) -> Option<Gender> {
        match self.votes {
            (male, female) if male > female => Some(Gender::Male),
            (male, female) if female > male => Some(Gender::Female),
            _ => self.name.first().and_then(|first| people.gender_of_given(first)),
        }
    }
}

/// One place where a person is named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Occurrence {
    pub span: Span,
    pub person: usize,
    pub full: bool,
    pub possessive: bool,
    /// Below 1 where several people share the surname.
    pub certainty: f64,
}

/// The people of a document and their mentions in text order.
pub(super) struct Roster {
    pub lexicon: Lexicon,
    pub people: Vec<Person>,
    pub mentions: Vec<Occurrence>,
    by_surname: BTreeMap<String, Vec<usize>>,
    by_given: BTreeMap<String, BTreeSet<usize>>,
    /// Where each surname first stands alone.
    earliest_bare: BTreeMap<String, usize>,
}

/// A name as it stands in the text, with what stands around it.
struct Found {
    span: Span,
    name: PersonName,
    title: Option<String>,
    roles: Vec<String>,
    kin: bool,
    possessive: bool,
}

impl Roster {
    pub fn of(reading: &Reading, sources: &[Span], people: &'static People) -> Roster {
        let all = document_words(reading, people);
        let mut lexicon = Lexicon { people, surnames: BTreeSet::new(), small: small_words(&all) };
        lexicon.surnames = sure_surnames(&all, &lexicon);
        let credited = credited_surnames(reading, sources, &lexicon);
        lexicon.surnames.extend(credited);
        let mut found = scan(&all, &lexicon);
        headline_words_off(reading, &mut found, people);
        let mut roster = Roster {
            lexicon,
            people: Vec::new(),
            mentions: Vec::new(),
            by_surname: BTreeMap::new(),
            by_given: BTreeMap::new(),
            earliest_bare: BTreeMap::new(),
        };
        roster.add_full_names(&found);
        roster.add_bare_surnames(reading, &found);
        roster.add_nicknames(reading.text);
        roster.mentions.sort_by_key(|mention| (mention.span.start, mention.span.end));
        for (index, person) in roster.people.iter().enumerate() {
            for given in person.name.given.iter().take(1).chain(&person.nicknames) {
                roster.by_given.entry(fold_word(given)).or_default().insert(index);
            }
        }
        roster
    }

    fn add_full_names(&mut self, found: &[Found]) {
        for item in found.iter().filter(|item| item.name.is_full()) {
            let index = self.person_with(&item.name).unwrap_or_else(|| self.add(item));
            self.note(index, item, 1.0);
        }
    }

    /// The person this full name fits best: the same name before a short form.
    fn person_with(&self, name: &PersonName) -> Option<usize> {
        let known = self.by_surname.get(&name.surname_key())?;
        let fits = |wanted: Fit| {
            let mut hits =
                known.iter().copied().filter(|&i| self.people[i].name.fit(name, self.lexicon.people) == wanted);
            let first = hits.next();
            if hits.next().is_some() && wanted == Fit::Short { None } else { first }
        };
        fits(Fit::Same).or_else(|| fits(Fit::Short))
    }

    fn add(&mut self, item: &Found) -> usize {
        let index = self.people.len();
        self.people.push(Person { name: item.name.clone(), first: item.span.start, ..Person::default() });
        self.by_surname.entry(item.name.surname_key()).or_default().push(index);
        index
    }

    fn note(&mut self, index: usize, item: &Found, certainty: f64) {
        let tables = self.lexicon.people;
        let person = &mut self.people[index];
        person.first = person.first.min(item.span.start);
        person.count += 1;
        person.kin |= item.kin;
        if item.name.is_full() {
            person.full_count += 1;
            if item.name.given.len() > person.name.given.len()
                && item.name.first().is_some_and(|first| !first.ends_with('.'))
            {
                person.name = item.name.clone();
            }
        }
        match item.title.as_deref().and_then(|title| tables.courtesy(title)).flatten() {
            Some(Gender::Male) => person.votes.0 += 2,
            Some(Gender::Female) => person.votes.1 += 2,
            None => {}
        }
        for role in &item.roles {
            add_role(person, role, tables);
        }
        self.mentions.push(Occurrence {
            span: item.span,
            person: index,
            full: item.name.is_full(),
            possessive: item.possessive,
            certainty,
        });
    }

    fn add_bare_surnames(&mut self, reading: &Reading, found: &[Found]) {
        let mut earliest: BTreeMap<String, usize> = BTreeMap::new();
        for item in found.iter().filter(|item| !item.name.is_full()) {
            let first = earliest.entry(item.name.surname_key()).or_insert(item.span.start);
            *first = item.span.start.min(*first);
        }
        self.earliest_bare = earliest;
        for item in found.iter().filter(|item| !item.name.is_full()) {
            let (index, certainty) = match self.bare(reading, item) {
                Some(known) => known,
                None => (self.add(item), 1.0),
            };
            self.note(index, item, certainty);
        }
    }

    /// Whom a surname alone means at this place, and how sure that is.
    fn bare(&self, reading: &Reading, item: &Found) -> Option<(usize, f64)> {
        let tables = self.lexicon.people;
        let exact = self.by_surname.get(&item.name.surname_key());
        let near = if exact.is_none() { self.near_surname(&item.name) } else { Vec::new() };
        let known = exact.unwrap_or(&near);
        let gender = item.title.as_deref().and_then(|title| tables.courtesy(title)).flatten();
        let possible: Vec<usize> = known
            .iter()
            .copied()
            .filter(|&i| {
                let person = &self.people[i];
                let clash = gender.is_some() && person.gender(tables).is_some() && gender != person.gender(tables);
                !clash && (item.name.suffix.is_none() || item.name.suffix == person.name.suffix)
            })
            .collect();
        let plain: Vec<usize> = possible.iter().copied().filter(|&i| self.takes_bare(i, item)).collect();
        match plain.as_slice() {
            [] => None,
            [only] if exact.is_none() => Some((*only, 0.75)),
            [only] => Some((*only, 1.0)),
            several => Some(self.likeliest(reading, several, item)),
        }
    }

    /// A surname that stood alone before a relative came in goes on meaning the other one; and it is not "Jr." where there is none.
    fn takes_bare(&self, index: usize, item: &Found) -> bool {
        let person = &self.people[index];
        let later = person.first > item.span.start;
        let bare_before = self.earliest_bare.get(&item.name.surname_key()).is_some_and(|at| *at < person.first);
        let junior = person.name.suffix.is_some() && item.name.suffix.is_none();
        !(person.name.is_full() && ((bare_before && person.kin) || (later && junior)))
    }

    /// Of several with one surname: the one who dominates the document, else the one last named in full.
    fn likeliest(&self, reading: &Reading, several: &[usize], item: &Found) -> (usize, f64) {
        let passage = reading.passage_at(item.span.start);
        // A relative keeps the full name; the surname alone goes on meaning the other one.
        let others: Vec<usize> = several.iter().copied().filter(|&i| !self.people[i].kin).collect();
        let mut ranked = if others.is_empty() { several.to_vec() } else { others };
        ranked.sort_by_key(|&i| (std::cmp::Reverse(self.people[i].full_count), self.people[i].first));
        if let [only] = ranked.as_slice() {
            return (*only, 0.7);
        }
        let (main, second) = (ranked[0], ranked[1]);
        if self.people[main].full_count >= 3 * self.people[second].full_count.max(1) {
            return (main, 0.7);
        }
        let here = self
            .mentions
            .iter()
            .rev()
            .filter(|mention| mention.span.end <= item.span.start && several.contains(&mention.person))
            .find(|mention| mention.full && reading.passage_at(mention.span.start) == passage)
            .filter(|mention| self.people[mention.person].full_count <= 2 || mention.person == main);
        match here {
            Some(mention) => (mention.person, 0.5),
            None => (main, 0.4),
        }
    }

    /// People whose surname is another spelling of this one ("Konashenko", "Konashenkov").
    fn near_surname(&self, name: &PersonName) -> Vec<usize> {
        let key = name.surname_key();
        if key.len() < 6 {
            return Vec::new();
        }
        let from = key[..3].to_string();
        let near: Vec<usize> = self
            .by_surname
            .range(from.clone()..)
            .take_while(|(other, _)| other.starts_with(&from))
            .take(40)
            .filter(|(other, _)| super::spelling::same_surname(&key, other))
            .flat_map(|(_, people)| people.iter().copied())
            .collect();
        if near.len() == 1 { near } else { Vec::new() }
    }

    /// The mentions that stand in `span`, last first: the head of a phrase comes after the names that modify it.
    pub fn mentions_in(&self, span: Span) -> impl Iterator<Item = &Occurrence> {
        let from = self.mentions.partition_point(|mention| mention.span.start < span.start);
        let to = self.mentions.partition_point(|mention| mention.span.start < span.end);
        self.mentions[from..to.max(from)].iter().rev().filter(move |mention| span.contains(mention.span))
    }

    /// Mentions that end at or before byte `at`, latest first.
    pub fn before(&self, at: usize) -> impl Iterator<Item = &Occurrence> {
        let end = self.mentions.partition_point(|mention| mention.span.start < at);
        self.mentions[..end].iter().rev().filter(move |mention| mention.span.end <= at)
    }

    /// The only person with this given name or nickname.
    pub fn by_given_name(&self, word: &str) -> Option<usize> {
        let people = self.by_given.get(&fold_word(word))?;
        if people.len() == 1 { people.first().copied() } else { None }
    }
}

pub(super) fn add_role(person: &mut Person, role: &str, tables: &People) {
    if role.is_empty() || person.roles.iter().any(|known| known == role) {
        return;
    }
    person.roles.push(role.to_string());
    if let Some(key) = RoleKey::of_text(role, tables)
        && !person.keys.contains(&key)
    {
        person.keys.push(key);
    }
    let folded = fold_word(role);
    let has = |words: &[&str]| folded.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    if has(&[
        "spokeswoman",
        "chairwoman",
        "congresswoman",
        "actress",
        "mother",
        "wife",
        "daughter",
        "sister",
        "woman",
        "queen",
        "businesswoman",
        "widow",
    ]) {
        person.votes.1 += 1;
    }
    if has(&[
        "spokesman",
        "chairman",
        "congressman",
        "father",
        "husband",
        "son",
        "brother",
        "man",
        "king",
        "businessman",
        "actor",
    ]) {
        person.votes.0 += 1;
    }
}
