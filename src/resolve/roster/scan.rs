//! Names in a text: runs of capitalised words that are people, with titles, roles and family around them.

use std::collections::BTreeSet;

use crate::lang::People;
use crate::model::{PassageKind, Reading};
use crate::resolve::phrase::{Who, text_of, without_article};
use crate::resolve::run::{Lexicon, Named, is_function, run_end};
use crate::resolve::words::{Gap, Word, words};
use crate::text::{Span, fold_word};

use super::Found;

/// A short role phrase at most: longer ones are clauses.
const LONGEST_ROLE: usize = 16;

pub(super) fn document_words<'t>(reading: &Reading<'t>, people: &People) -> Vec<Word<'t>> {
    words(reading.text, Span::new(0, reading.text.len()), people)
}

pub(super) fn small_words(all: &[Word]) -> BTreeSet<String> {
    all.iter().filter(|word| !word.is_capital()).map(|word| fold_word(word.text)).collect()
}

/// Surnames that titles or given names show to be surnames.
pub(super) fn sure_surnames(all: &[Word], lexicon: &Lexicon) -> BTreeSet<String> {
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
pub(super) fn credited_surnames(reading: &Reading, sources: &[Span], lexicon: &Lexicon) -> BTreeSet<String> {
    let mut surnames = BTreeSet::new();
    for source in sources {
        let found = words(reading.text, *source, lexicon.people);
        let phrase = lexicon.phrase(&found);
        if let Who::Person { name, .. } = phrase.who {
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
        let end = run_end(all, at, lexicon.people);
        let mut from = particles_before(all, at, lexicon);
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

/// A headline writes every word with a capital: of "Understated Perez" only the surname is a name, where the text below has the
/// surname and nobody so called.
pub(super) fn headline_words_off(reading: &Reading, found: &mut [Found], people: &People) {
    let in_headline = |item: &Found| {
        let passage = reading.passage_at(item.span.start).and_then(|at| reading.passages.get(at));
        passage.is_some_and(|passage| passage.kind == PassageKind::Headline)
    };
    let below: BTreeSet<(String, String)> = found
        .iter()
        .filter(|item| !in_headline(item))
        .map(|item| (item.name.surname_key(), item.name.first().map(fold_word).unwrap_or_default()))
        .collect();
    for item in found.iter_mut() {
        let Some(first) = item.name.first().map(str::to_string) else { continue };
        let surname = item.name.surname_key();
        let named = people.is_given_name(&first) || first.ends_with('.') || first.chars().count() == 1;
        let nobody = !below.contains(&(surname.clone(), fold_word(&first)));
        let bearer = below.iter().any(|(known, _)| *known == surname);
        if !named && nobody && bearer && item.name.given.len() == 1 && in_headline(item) {
            let start = item.span.end - item.name.surname.len().min(item.span.end - item.span.start);
            if reading.text.get(start..item.span.end) == Some(item.name.surname.as_str()) {
                item.span.start = start;
                item.name.given.clear();
                item.name.full = item.name.surname.clone();
            }
        }
    }
}

/// Small particles before a known surname belong to it: "as de Blasio said".
fn particles_before(all: &[Word], at: usize, lexicon: &Lexicon) -> usize {
    if !lexicon.surnames.contains(&fold_word(all[at].text)) {
        return at;
    }
    let mut from = at;
    while from > 0 && all[from].gap == Gap::Space && !all[from - 1].is_capital() {
        if !lexicon.people.is_particle(all[from - 1].text) || all[from - 1].possessive {
            break;
        }
        from -= 1;
    }
    from
}

pub(super) fn scan(all: &[Word], lexicon: &Lexicon) -> Vec<Found> {
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
        // "Eric Hale, son of the candidate", "the candidate's eldest daughter, Anna Hale"
        let kin = kin || roles.iter().any(|role| names_child(role));
        let span = Span::new(all[start].span.start, all[end - 1].span.end);
        found.push(Found { span, name, title, roles, kin, possessive: all[end - 1].possessive });
    });
    found
}

/// Whether a role phrase introduces somebody's child: "son of the governor", "eldest daughter". The child keeps the full name where
/// the parent has the surname; of a wife or a brother that is not so sure.
fn names_child(role: &str) -> bool {
    const CHILDREN: &[&str] = &["son", "daughter", "stepson", "stepdaughter", "grandson", "granddaughter"];
    let head = role.split([',', ';']).next().unwrap_or("");
    let head = head.split(" of ").next().unwrap_or("");
    head.rsplit(' ').next().is_some_and(|word| CHILDREN.contains(&fold_word(word).as_str()))
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
    let role = matches!(phrase.who, Who::Role(Some(_)));
    role.then(|| without_article(&phrase.text).to_string())
}
