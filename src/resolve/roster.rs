//! Everybody a document names: people with their names, titles and roles, and where each is mentioned.
//!
//! In: a reading and the spans of its sources. Out: a `Roster`. Who speaks is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::{Gender, People};
use crate::model::Reading;
use crate::text::{Span, fold_word};

use super::name::{Fit, PersonName};
use super::phrase::text_of;
use super::role::RoleKey;
use super::run::{Lexicon, Named, is_function, run_end};
use super::words::{Gap, Word, words};

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

struct Found {
    span: Span,
    name: PersonName,
    title: Option<String>,
    roles: Vec<String>,
    kin: bool,
    possessive: bool,
}

/// A short role phrase at most: longer ones are clauses.
const LONGEST_ROLE: usize = 16;

impl Roster {
    pub fn of(reading: &Reading, sources: &[Span], people: &'static People) -> Roster {
        let all = document_words(reading, people);
        let mut lexicon = Lexicon { people, surnames: BTreeSet::new(), small: small_words(&all) };
        lexicon.surnames = sure_surnames(&all, &lexicon);
        let credited = credited_surnames(reading, sources, &lexicon);
        lexicon.surnames.extend(credited);
        let found = scan(&all, &lexicon);
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

    /// "known as “Red”", "by the nickname “White Rex”": a name for the person last mentioned before.
    fn add_nicknames(&mut self, text: &str) {
        self.mentions.sort_by_key(|mention| (mention.span.start, mention.span.end));
        let folded = text;
        for sign in ["nickname ", "nicknamed ", "known as ", "call sign ", "callsign ", "alias ", "code name "] {
            for (at, _) in folded.match_indices(sign) {
                let rest = &text[at + sign.len()..];
                let Some(name) = quoted(rest) else { continue };
                let before = self.mentions.partition_point(|mention| mention.span.start < at);
                let Some(mention) = before.checked_sub(1).map(|i| self.mentions[i]) else { continue };
                if at - mention.span.end <= 400 && !text[mention.span.end..at].contains("\n\n") {
                    self.people[mention.person].nicknames.insert(name.to_string());
                }
            }
        }
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

fn quoted(rest: &str) -> Option<&str> {
    let open = rest.chars().next().filter(|&c| crate::text::is_quotation_mark(c))?;
    let inner = &rest[open.len_utf8()..];
    let end = inner.find(crate::text::is_quotation_mark)?;
    let name = inner[..end].trim_matches(|c: char| c == ',' || c == '.' || c.is_whitespace());
    let short = !name.is_empty() && name.len() <= 40 && !name.contains('\n');
    (short && name.chars().next().is_some_and(char::is_uppercase)).then_some(name)
}

fn document_words<'t>(reading: &Reading<'t>, people: &People) -> Vec<Word<'t>> {
    words(reading.text, Span::new(0, reading.text.len()), people)
}

fn small_words(all: &[Word]) -> BTreeSet<String> {
    all.iter().filter(|word| !word.is_capital()).map(|word| fold_word(word.text)).collect()
}

/// Surnames that titles or given names show to be surnames.
fn sure_surnames(all: &[Word], lexicon: &Lexicon) -> BTreeSet<String> {
    let mut surnames = BTreeSet::new();
    for_each_run(all, lexicon, |run, _| {
        if let Named::Person { name, sure: true, .. } = lexicon.named(run) {
            let last = fold_word(name.surname.rsplit(' ').next().unwrap_or(""));
            if name.is_full() || !lexicon.small.contains(&last) {
                surnames.insert(last);
            }
        }
    });
    surnames
}

/// Single capitalised words that the document credits with saying something.
fn credited_surnames(reading: &Reading, sources: &[Span], lexicon: &Lexicon) -> BTreeSet<String> {
    let mut surnames = BTreeSet::new();
    for source in sources {
        let found = words(reading.text, *source, lexicon.people);
        let phrase = lexicon.phrase(&found);
        if let super::phrase::Who::Person { name, .. } = phrase.who {
            let last = fold_word(name.surname.rsplit(' ').next().unwrap_or(""));
            if !lexicon.people.is_given_name(&name.surname) || name.is_full() {
                surnames.insert(last);
            }
        }
    }
    surnames
}

/// Calls `visit` with every run of capitalised words and the index where it starts.
fn for_each_run<'t>(all: &[Word<'t>], lexicon: &Lexicon, mut visit: impl FnMut(&[Word<'t>], usize)) {
    let mut at = 0;
    while at < all.len() {
        if !all[at].is_capital() || (is_function(all[at].text) && lexicon.people.courtesy(all[at].text).is_none()) {
            at += 1;
            continue;
        }
        let mut from = at;
        let end = run_end(all, at, lexicon.people);
        let opens = all[at].gap >= Gap::Quote;
        let ordinary =
            lexicon.small.contains(&fold_word(all[at].text)) && !lexicon.surnames.contains(&fold_word(all[at].text));
        let titled = lexicon.people.courtesy(all[at].text).is_some()
            || lexicon.people.head(all[at].text).is_some()
            || lexicon.people.is_given_name(all[at].text);
        if opens && ordinary && !titled && end > at + 1 {
            from = at + 1;
        }
        visit(&all[from..end], from);
        at = end;
    }
}

fn scan(all: &[Word], lexicon: &Lexicon) -> Vec<Found> {
    let mut found = Vec::new();
    for_each_run(all, lexicon, |run, from| {
        let Named::Person { name, before, sure } = lexicon.named(run) else {
            return;
        };
        let known = lexicon.surnames.contains(&fold_word(name.surname.rsplit(' ').next().unwrap_or("")));
        if !sure && !known {
            return;
        }
        let start = from + before;
        let end = from + run.len();
        let title =
            (before > 0).then(|| run[before - 1].text.to_string()).filter(|t| lexicon.people.courtesy(t).is_some());
        let role_end = if title.is_some() { start - 1 } else { start };
        let mut roles = Vec::new();
        let (role, kin) = role_before(all, role_end, lexicon);
        roles.extend(role);
        roles.extend(role_after(all, end, lexicon));
        roles.extend(role_with_comma_before(all, from, lexicon));
        let span = Span::new(all[start].span.start, all[end - 1].span.end);
        found.push(Found { span, name, title, roles, kin, possessive: all[end - 1].possessive });
    });
    found
}

/// The role phrase that ends right before the name: "Kremlin spokesman", "Texas Sen."
fn role_before(all: &[Word], end: usize, lexicon: &Lexicon) -> (Option<String>, bool) {
    let tables = lexicon.people;
    let Some(last) = end.checked_sub(1).map(|at| &all[at]) else {
        return (None, false);
    };
    if all.get(end).is_some_and(|word| word.gap > Gap::Space) {
        return (None, false);
    }
    let kin = tables.is_kin(last.text);
    let is_role =
        matches!(tables.head(last.text), Some((_, crate::lang::Head::Office | crate::lang::Head::Role, false)))
            || tables.rank(last.text).is_some();
    if !is_role {
        return (None, kin);
    }
    let mut start = end - 1;
    while start > 0 && end - start < 8 && all[start].gap == Gap::Space {
        let word = &all[start - 1];
        let part = (word.is_capital() && !is_function(word.text))
            || tables.is_modifier(word.text)
            || matches!(tables.head(word.text), Some((_, _, false)));
        if !part {
            break;
        }
        start -= 1;
    }
    (Some(text_of(&all[start..end])), kin)
}

/// The role in commas after the name: ", the governor of Belgorod,".
fn role_after(all: &[Word], end: usize, lexicon: &Lexicon) -> Option<String> {
    let first = all.get(end)?;
    if first.gap != Gap::Comma || first.bracketed {
        return None;
    }
    let stop = (end + 1..all.len().min(end + LONGEST_ROLE))
        .find(|&at| all[at].gap >= Gap::Comma)
        .unwrap_or(all.len().min(end + LONGEST_ROLE));
    let segment = &all[end..stop];
    let opens = first.is_one_of(&["a", "an", "the", "his", "her", "its", "their", "one"])
        || !first.is_capital()
        || segment.len() > 1;
    let verb = first.is_one_of(&["who", "said", "says", "told", "added", "and", "but", "which", "in", "on", "at"]);
    (opens && !verb).then(|| lexicon.role_text(segment)).flatten()
}

/// The role in front with a comma: "the bureau's director, James Comey".
fn role_with_comma_before(all: &[Word], from: usize, lexicon: &Lexicon) -> Option<String> {
    if all.get(from)?.gap != Gap::Comma || from == 0 {
        return None;
    }
    let lowest = from.saturating_sub(LONGEST_ROLE);
    let start = (lowest..from).rev().find(|&at| all[at].gap >= Gap::Comma).unwrap_or(lowest);
    let definite = (start..from)
        .rev()
        .find(|&at| all[at].is_one_of(&["the", "its", "his", "her", "their"]) || all[at].possessive)?;
    let phrase = lexicon.noun_phrase(&all[definite..from]);
    let role = matches!(phrase.who, super::phrase::Who::Role(Some(_)));
    role.then(|| super::phrase::without_article(&phrase.text).to_string())
}
