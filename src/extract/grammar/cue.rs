//! Cue groups: where a form of the cue table stands as a verb, with the auxiliaries and adverbs that belong to it.

use crate::lang::WordClass::*;
use crate::lang::{CueTable, Takes};

use super::unit::Unit;

/// One cue in a unit, as an item range (end exclusive).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CueGroup {
    pub from: usize,
    pub to: usize,
    /// Where the form itself starts.
    pub verb: usize,
    /// Index into `CueTable::cues`.
    pub cue: usize,
    pub form: Form,
    pub negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// "said", "has said"
    Finite,
    /// "was told": the subject is not the source
    Passive,
    /// ", saying"
    Participle,
    /// "to say"
    Infinitive,
}

/// The cue group that item `at` belongs to.
pub fn cue_over(cues: &[CueGroup], at: usize) -> Option<&CueGroup> {
    let next = cues.partition_point(|cue| cue.from <= at);
    cues[..next].last().filter(|cue| at < cue.to)
}

/// All cue groups of the unit in order.
pub fn cue_groups(unit: &Unit, table: &CueTable) -> Vec<CueGroup> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < unit.items.len() {
        let item = &unit.items[at];
        // a capital inside a sentence makes a name: "The Harbour Post"
        let name = item.capital && at > 0 && unit.items[at - 1].is_word() && !all_capitals(unit, at);
        if item.is_word()
            && !name
            && let Some((length, cue)) =
                table.find(&item.lower, |i| unit.get(at + 1 + i).map(|item| item.lower.as_str()))
            && let Some(group) = group(unit, at, length, cue)
            && !is_noun(unit, &group, table)
            && agrees(unit, &group, table)
        {
            found.push(group);
            at += length;
            continue;
        }
        at += 1;
    }
    found
}

/// Whether the word before is in capitals too: a headline.
fn all_capitals(unit: &Unit, at: usize) -> bool {
    at > 0 && unit.items[at].shouted && unit.items[at - 1].shouted
}

fn group(unit: &Unit, verb: usize, length: usize, cue: usize) -> Option<CueGroup> {
    let mut from = verb;
    let mut negated = false;
    let mut be = false;
    while let Some(before) = unit.before(from) {
        let auxiliary = before.is(Auxiliary);
        let ends_like_one =
            before.lower.ends_with("ly") && !before.capital && !LY_NOUNS.contains(&before.lower.as_str());
        let adverb = before.any(&[Adverb, Negation]) || ends_like_one;
        if !(auxiliary || adverb) || verb - from >= 5 || before.lower == "there" {
            break;
        }
        negated |= before.is(Negation);
        be |= before.is(Be);
        from -= 1;
    }
    // adverbs that open the sentence are not the cue's: "Also, he said", "Now says"
    while from < verb && unit.items[from].any(&[Adverb]) && !unit.items[from].is(Auxiliary) && from == 0 {
        from += 1;
    }
    let lower = unit.items[verb].lower.as_str();
    let ing = lower.ends_with("ing");
    let form = match () {
        _ if unit.before(from).is_some_and(|before| before.lower == "to") => Form::Infinitive,
        _ if ing && !be => Form::Participle,
        _ if be && !ing => Form::Passive,
        _ => Form::Finite,
    };
    Some(CueGroup { from, to: verb + length, verb, cue, form, negated })
}

/// "the claim", "a report of", "in the call": forms that stand as nouns.
fn is_noun(unit: &Unit, group: &CueGroup, table: &CueTable) -> bool {
    let Some(before) = unit.before(group.verb) else {
        // "Reports of floods": a bare form opens the sentence
        return !unit.items[group.verb].lower.ends_with("ing")
            && !table.cues[group.cue].takes(Takes::Before)
            && !table.cues[group.cue].takes(Takes::BeforeQuote);
    };
    if group.from < group.verb {
        return false;
    }
    let own = before.lower.ends_with("’s") || before.lower.ends_with("s’");
    if own && !unit.get(group.to).is_some_and(|next| next.is_quote()) {
        return true;
    }
    let determined = before.any(&[Possessive]) || (before.is(Determiner) && !before.any(&[Relative, SubjectPronoun]));
    let told = before.is(Preposition) && before.lower != "to" && !unit.items[group.verb].lower.ends_with("ing");
    let past = unit.items[group.verb].lower.ends_with("ed") || PAST.contains(&&*unit.items[group.verb].lower);
    let followed = unit.get(group.to).is_some_and(|next| next.any(&[Auxiliary]) || next.lower == "of" && !past);
    determined || told || (followed && !before.any(&[SubjectPronoun]) && !unit.items[group.verb].lower.ends_with("ed"))
}

/// A present form agrees with the word before it: "he plans", "officials plan", not "tax plans", "a tax plan".
fn agrees(unit: &Unit, group: &CueGroup, table: &CueTable) -> bool {
    let form = unit.items[group.verb].lower.as_str();
    let past = form.ends_with("ed") || form.ends_with("ing") || PAST.contains(&form);
    let Some(subject) = unit.before(group.from).filter(|_| group.from == group.verb && !past) else { return true };
    if !subject.is_word() {
        let cue = &table.cues[group.cue];
        return subject.is_quote() || cue.takes(Takes::Before) || cue.takes(Takes::BeforeQuote) || form.ends_with('s');
    }
    if subject.any(&[SubjectPronoun, Relative, Conjunction, Adverb, ObjectPronoun]) {
        return true;
    }
    let plural = subject.lower.ends_with('s') || subject.lower == "people" || subject.lower == "police";
    if form.ends_with('s') {
        !plural || subject.capital
    } else {
        plural || unit.get(group.to).is_some_and(|next| next.lower == "that")
    }
}

/// Nouns that end like adverbs.
const LY_NOUNS: &[&str] = &[
    "family",
    "assembly",
    "ally",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "elderly",
    "monopoly",
    "supply",
    "bully",
    "anomaly",
];

/// Past forms that do not end in -ed.
const PAST: &[&str] = &["said", "told", "wrote", "thought", "knew", "felt", "sought", "found", "saw", "spoke", "read"];
