//! Where the content of a cue lies: the item ranges after it and before it.

use crate::lang::WordClass::*;
use crate::lang::{Cue, Takes};

use crate::extract::grammar::Unit;
use crate::extract::grammar::phrase_end;
use crate::extract::grammar::{CueGroup, Form, cue_over};

/// Items between a cue and its content ("said in a statement on Friday that …").
const GAP: usize = 18;

/// How the content joins its cue; each is a rule id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joint {
    Quote,
    That,
    Clause,
    To,
    Wh,
    Object,
}

/// Item range of content, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub from: usize,
    pub to: usize,
    pub joint: Joint,
}

/// The content after the cue group number `k`, where the cue takes one.
pub fn content_after(unit: &Unit, start: usize, cue: &Cue, cues: &[CueGroup], k: usize) -> Option<Part> {
    let mut at = start;
    if cue.takes(Takes::Addressee) && !opens_content(unit, at) {
        at = phrase_end(unit, at, cues);
    }
    let (from, joint) = first_item(unit, at, cue, cues, k, at > start)?;
    let to = content_end(unit, from, joint, cues, k);
    let part = Part { from, to, joint };
    if holds_enough(unit, part, cues) {
        return Some(part);
    }
    let thing = Part { joint: Joint::Object, to: content_end(unit, from, Joint::Object, cues, k), from };
    (joint == Joint::Clause && cue.takes(Takes::Object)).then_some(thing)
}

fn opens_content(unit: &Unit, at: usize) -> bool {
    unit.get(at).is_none_or(|item| item.is_quote() || !item.is_word() || item.lower == "that" || item.lower == "to")
}

fn first_item(
    unit: &Unit,
    at: usize,
    cue: &Cue,
    cues: &[CueGroup],
    k: usize,
    addressed: bool,
) -> Option<(usize, Joint)> {
    let at = after_time(unit, at);
    let item = unit.get(at)?;
    if let Some(found) = quote_at(unit, at).filter(|_| takes_quote(cue)) {
        return Some((found, Joint::Quote));
    }
    if item.is_word() && item.lower == "that" && takes_that(cue) {
        return Some((at, Joint::That));
    }
    if item.lower == "to" && (cue.takes(Takes::To) || addressed) {
        return Some((at, Joint::To));
    }
    if cue.takes(Takes::Wh) && ["whether", "if", "how", "why", "what", "when", "where", "who"].contains(&&*item.lower) {
        return Some((at, Joint::Wh));
    }
    if let Some(found) = across_adjunct(unit, at, cue, cues, k) {
        return Some(found);
    }
    let participle = cue_over(cues, at).is_some_and(|next| next.from == at && next.form == Form::Participle);
    if participle || !starts_phrase(unit, at) {
        return None;
    }
    if cue.takes(Takes::Clause) && (addressed || !cue.takes(Takes::Addressee)) {
        return Some((at, Joint::Clause));
    }
    cue.takes(Takes::Object).then_some((at, Joint::Object))
}

fn takes_quote(cue: &Cue) -> bool {
    cue.takes(Takes::Quote)
}

fn takes_that(cue: &Cue) -> bool {
    cue.takes(Takes::That) || cue.takes(Takes::Clause)
}

/// "on Tuesday", "Tuesday night", "late Friday" between cue and content.
fn after_time(unit: &Unit, at: usize) -> usize {
    let mut next = at;
    if unit.get(next).is_some_and(|item| ["on", "late", "early", "last", "earlier"].contains(&&*item.lower)) {
        next += 1;
    }
    if !unit.get(next).is_some_and(|item| item.is(Weekday)) {
        return at;
    }
    next += 1;
    if unit.get(next).is_some_and(|item| item.is(DayPart)) {
        next += 1;
    }
    next
}

/// A quotation at `at`, perhaps after a comma or colon.
fn quote_at(unit: &Unit, at: usize) -> Option<usize> {
    let item = unit.get(at)?;
    if item.is_quote() {
        return Some(at);
    }
    let after = unit.get(at + 1)?;
    (item.is_mark(",:—–") && after.is_quote()).then_some(at + 1)
}

/// "said in a statement that …", "told reporters on the way to the airport: “…”".
fn across_adjunct(unit: &Unit, at: usize, cue: &Cue, cues: &[CueGroup], k: usize) -> Option<(usize, Joint)> {
    let item = unit.get(at)?;
    if item.is_mark(":") {
        return unit.get(at + 1).filter(|next| next.is_word()).map(|_| (at + 1, Joint::Clause));
    }
    let inserted = item.is_mark(",") && unit.get(at + 1).is_some_and(|next| next.lower.ends_with("ing"));
    if inserted {
        let top = unit.items.len().min(at + GAP);
        let close = (at + 2..top).find(|&i| unit.items[i].is_mark(","))?;
        let that = unit.get(close + 1).filter(|next| next.lower == "that" && takes_that(cue))?;
        debug_assert!(that.is_word());
        return Some((close + 1, Joint::That));
    }
    if !item.any(&[Preposition, Adverb]) && !item.is(ObjectPronoun) {
        return None;
    }
    let top = unit.items.len().min(at + GAP);
    for i in at + 1..top {
        let item = &unit.items[i];
        if cues.get(k + 1).is_some_and(|next| next.from == i) {
            return None;
        }
        if item.lower == "that" && takes_that(cue) && unit.get(i + 1).is_some_and(|next| !next.is(Auxiliary)) {
            return Some((i, Joint::That));
        }
        if item.is_mark(",:") && takes_quote(cue) && unit.get(i + 1).is_some_and(|next| next.is_quote()) {
            return Some((i + 1, Joint::Quote));
        }
        if item.is_mark(":") {
            return unit.get(i + 1).filter(|next| next.is_word()).map(|_| (i + 1, Joint::Clause));
        }
    }
    None
}

fn starts_phrase(unit: &Unit, at: usize) -> bool {
    unit.get(at).is_some_and(|item| {
        item.is_quote()
            || (item.is_word()
                && (item.any(&[Determiner, Possessive, SubjectPronoun, ObjectPronoun])
                    || !item.any(&[Preposition, Conjunction, Subordinator, Auxiliary])
                    || item.lower == "if"
                    || item.lower == "when"))
    })
}

/// A clause or infinitive of two words ("said goodbye") says nothing.
fn holds_enough(unit: &Unit, part: Part, cues: &[CueGroup]) -> bool {
    let items = &unit.items[part.from..part.to];
    let words = items.iter().filter(|item| item.is_word()).count();
    match part.joint {
        Joint::Quote => true,
        Joint::Object => !items.is_empty(),
        Joint::Clause if words >= 8 || items.iter().any(|item| item.is_quote()) => true,
        Joint::Clause if words == 2 => items[0].is(SubjectPronoun) && may_be_verb(unit, part.from + 1, cues),
        Joint::Clause => words >= 3 && (part.from + 1..part.to).any(|at| may_be_verb(unit, at, cues)),
        Joint::That | Joint::Wh | Joint::To => words >= 2 || items.iter().any(|item| item.is_quote()),
    }
}

fn may_be_verb(unit: &Unit, at: usize, cues: &[CueGroup]) -> bool {
    let item = &unit.items[at];
    let shaped =
        !item.capital && (item.lower.ends_with("ed") || item.lower.ends_with('s') || item.lower.ends_with("ught"));
    item.any(&[Auxiliary, Verb]) || shaped || cue_over(cues, at).is_some()
}

/// Where the content that starts at `from` ends: the end of the sentence, or where the reporter takes over again.
pub fn content_end(unit: &Unit, from: usize, joint: Joint, cues: &[CueGroup], k: usize) -> usize {
    let mut later = k + 1;
    for i in from..unit.items.len() {
        while cues.get(later).is_some_and(|cue| cue.from < i) {
            later += 1;
        }
        if i > from && reporter_returns(unit, i, from, joint, cues, later) {
            return before_marks(unit, from, i);
        }
    }
    before_marks(unit, from, unit.items.len())
}

fn before_marks(unit: &Unit, from: usize, mut to: usize) -> usize {
    while to > from && unit.items[to - 1].is_mark(".,;:!?…—–-") {
        to -= 1;
    }
    to
}

fn reporter_returns(unit: &Unit, at: usize, from: usize, joint: Joint, cues: &[CueGroup], later: usize) -> bool {
    let item = &unit.items[at];
    let next = unit.get(at + 1);
    if item.is_mark(",") {
        let Some(next) = next else { return false };
        if next.lower == "according" {
            return true;
        }
        if cues.get(later).is_some_and(|cue| cue.from == at + 1 && cue.form == Form::Participle) {
            return true;
        }
        if ["although", "though", "while", "whereas"].contains(&&*next.lower) {
            return true;
        }
        if next.any(&[Conjunction, Subordinator]) && own_clause_follows(unit, at + 2, cues, later) {
            return true;
        }
        return joint == Joint::Object && (next.lower.ends_with("ing") || next.any(&[Subordinator, SubjectPronoun]));
    }
    if item.is(Conjunction) && cues.get(later).is_some_and(|cue| cue.from == at + 1 && cue.form == Form::Finite) {
        // "said A and added B": the second cue has no subject of its own
        return true;
    }
    let ends_quote = item.is_quote() && at > from;
    !ends_quote && joint == Joint::Quote && unit.before(at).is_some_and(|before| before.is_quote()) && item.is_word()
}

/// ", but Brook said …": a new clause whose own cue comes soon.
fn own_clause_follows(unit: &Unit, at: usize, cues: &[CueGroup], later: usize) -> bool {
    let Some(cue) = cues.get(later).filter(|cue| cue.form == Form::Finite && cue.from < at + 8) else { return false };
    at <= cue.from && unit.items[at..cue.from].iter().all(|item| item.is_word() && !item.any(&[Auxiliary, Verb]))
}
