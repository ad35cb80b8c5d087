//! Noun phrases by shape: where the phrase that stands before or after an item ends, by function words, capitals and
//! commas alone. Out: item ranges of a unit.

use crate::lang::WordClass::*;

use super::cue::{CueGroup, cue_over};
use super::unit::{Item, Unit};

/// Items a phrase may run over; keeps every look bounded.
const REACH: usize = 45;

/// A noun phrase as an item range, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub from: usize,
    pub to: usize,
}

/// The subject that ends right before item `end` (not below `floor`): "Ana Brook, mayor of Harbour," before "said".
pub fn subject_before(unit: &Unit, floor: usize, end: usize, cues: &[CueGroup]) -> Option<Phrase> {
    let end = before_adjunct(unit, floor, end);
    let last = unit.before(end).filter(|_| end > floor)?;
    if last.is_mark(",") {
        return opening_subject(unit, floor, end, cues).or_else(|| apposed_subject(unit, floor, end, cues));
    }
    if ends_no_name(unit, end) {
        return anonymous_subject(unit, floor, end, cues);
    }
    if !ends_noun_phrase(last) {
        return None;
    }
    let from = phrase_start(unit, floor, end, cues)?;
    if is_anonymity(unit, from, end) {
        return anonymous_subject(unit, floor, end, cues);
    }
    Some(with_leading_apposition(unit, floor, Phrase { from, to: end }))
}

/// "condition of anonymity" says nothing: whoever speaks on it does.
fn is_anonymity(unit: &Unit, from: usize, end: usize) -> bool {
    unit.items[end - 1].lower == "anonymity" && unit.items[from..end].iter().any(|item| item.lower == "condition")
}

/// "… not to be named", "… to remain anonymous": the end of a wish, and no speaker either.
fn ends_no_name(unit: &Unit, end: usize) -> bool {
    let word = |back: usize| end.checked_sub(back).map_or("", |at| &*unit.items[at].lower);
    ["be", "remain"].contains(&word(2)) && ["named", "identified", "anonymous", "unnamed", "quoted"].contains(&word(1))
}

/// "An official who spoke on condition of anonymity": the phrase before the relative or the participle, and all that follows.
fn anonymous_subject(unit: &Unit, floor: usize, end: usize, cues: &[CueGroup]) -> Option<Phrase> {
    let low = floor.max(end.saturating_sub(12)) + 1;
    let opens = |at: usize| unit.items[at].lower == "who" || unit.items[at].lower == "speaking";
    let opening = (low..end).rev().find(|&at| opens(at))?;
    let subject_end = opening - usize::from(unit.items[opening - 1].is_mark(","));
    let from = (subject_end > floor).then(|| phrase_start(unit, floor, subject_end, cues)).flatten()?;
    Some(Phrase { from, to: end })
}

/// "who in 2010 said", "the mayor on Tuesday said": a time between subject and cue is skipped.
fn before_adjunct(unit: &Unit, floor: usize, end: usize) -> usize {
    let timed = |at: usize| {
        unit.get(at).is_some_and(|item| item.any(&[Weekday, Month, DayPart]) || item.lower.parse::<u16>().is_ok())
    };
    let mut at = end;
    while at > floor + 1 && timed(at - 1) {
        at -= 1;
    }
    let preposition = at > floor + 1 && ["in", "on", "last", "late", "early"].contains(&&*unit.items[at - 1].lower);
    if at == end || at <= floor + 1 {
        return end;
    }
    if preposition { at - 1 } else { at }
}

/// A subject with insertions that opens the sentence (or follows its quotation): "Ana Brook, 52, a baker, said".
fn opening_subject(unit: &Unit, floor: usize, end: usize, cues: &[CueGroup]) -> Option<Phrase> {
    let low = floor.max(end.saturating_sub(REACH + 15));
    let mut from = low;
    if let Some(quote) = (low..end).rev().find(|&i| unit.items[i].is_quote() && unit.items[i].span.len() > 40) {
        from = quote + 1;
    } else if low > floor {
        return None;
    }
    while from < end && (!unit.items[from].is_word() || unit.items[from].any(&[Conjunction, Adverb])) {
        from += 1;
    }
    if !unit.get(from).is_some_and(|item| item.capital || item.any(&[Determiner, Possessive])) {
        return None;
    }
    let name_end = phrase_end(unit, from, cues);
    let inside = unit.items.get(name_end + 1..end - 1).filter(|inside| !inside.is_empty())?;
    let relative = inside[0].is(Relative) || inside[0].is(Preposition) || inside[0].lower.ends_with("ing");
    let opens = name_end > from && unit.items[name_end].is_mark(",") && opens_insertion(unit, name_end + 1);
    let verbless = inside
        .iter()
        .enumerate()
        .all(|(i, item)| !item.any(&[Auxiliary, SubjectPronoun]) || inside[..i].iter().any(|item| item.is(Relative)));
    if !opens || !(verbless || relative) {
        return None;
    }
    let whole = !inside[0].any(&[Preposition, Adverb, Subordinator]) && !inside[0].lower.ends_with("ing");
    Some(Phrase { from, to: if whole || inside[0].is(Relative) { end - 1 } else { name_end } })
}

/// "X, a spokesman for Y," or "X, who was there,": the comma before the cue closes an insertion.
fn apposed_subject(unit: &Unit, floor: usize, end: usize, cues: &[CueGroup]) -> Option<Phrase> {
    let low = floor.max(end.saturating_sub(REACH));
    let comma = (low + 1..end - 1).rev().find(|&i| {
        unit.items[i].is_mark(",") && opens_insertion(unit, i + 1) && ends_noun_phrase(&unit.items[i - 1])
    })?;
    let first_cue = cues.partition_point(|cue| cue.from <= comma);
    if cues.get(first_cue).is_some_and(|cue| cue.to <= end && !in_relative_clause(unit, comma, cue.from)) {
        return None;
    }
    let from = phrase_start(unit, floor, comma, cues)?;
    let insertion = &unit.items[comma + 1];
    let named = insertion.any(&[Preposition, Adverb]) || insertion.lower.ends_with("ing");
    Some(Phrase { from, to: if named { comma } else { end - 1 } })
}

fn opens_insertion(unit: &Unit, at: usize) -> bool {
    unit.get(at).is_some_and(|item| {
        item.is_word()
            && (item.any(&[Determiner, Preposition, Relative, Possessive, Title, Adverb])
                || item.capital
                || item.lower.ends_with("ing")
                || (!item.any(&[Auxiliary, SubjectPronoun, Conjunction, Subordinator]) && !item.lower.ends_with("ed")))
    })
}

fn in_relative_clause(unit: &Unit, comma: usize, at: usize) -> bool {
    unit.items[comma + 1..at].iter().take(2).any(|item| item.is(Relative))
}

/// "a senior official, Ana Brook," has its comma before the name: a role before a name belongs to it.
fn with_leading_apposition(unit: &Unit, floor: usize, phrase: Phrase) -> Phrase {
    let name = unit.items[phrase.from..phrase.to].iter().all(|item| item.capital);
    let comma = phrase.from.checked_sub(1).filter(|&i| i > floor && unit.items[i].is_mark(","));
    let Some(comma) = comma.filter(|_| name) else { return phrase };
    let low = floor.max(comma.saturating_sub(10));
    let opening = (low..comma).rev().find(|&i| unit.items[i].is(Determiner) || unit.items[i].is_mark(",;:"));
    match opening {
        Some(i) if unit.items[i].is(Determiner) && i == floor && unit.items[i..comma].iter().all(can_stand_inside) => {
            Phrase { from: i, to: phrase.to }
        }
        _ => phrase,
    }
}

fn ends_noun_phrase(item: &Item) -> bool {
    item.is_word()
        && (item.any(&[SubjectPronoun, ObjectPronoun, Relative, Determiner])
            || item.lower == "others"
            || item.lower == "there"
            || !item.any(&[Preposition, Auxiliary, Adverb, Subordinator, Conjunction, Verb, Possessive]))
}

fn can_stand_inside(item: &Item) -> bool {
    item.is_word() && !item.any(&[Auxiliary, Verb, Subordinator, SubjectPronoun]) || item.is_mark("()-&")
}

/// Walks left from `end` to the first item of the noun phrase that ends there.
fn phrase_start(unit: &Unit, floor: usize, end: usize, cues: &[CueGroup]) -> Option<usize> {
    let last = &unit.items[end - 1];
    let pronoun = last.any(&[SubjectPronoun, Relative]) && !last.is(Determiner);
    if pronoun || last.lower == "that" {
        return Some(end - 1);
    }
    let low = floor.max(end.saturating_sub(REACH));
    let mut from = end;
    while from > low {
        let item = &unit.items[from - 1];
        let is_cue = cue_over(cues, from - 1).is_some() && !could_be_noun(unit, from - 1);
        if item.is_quote() && !item.stops && item.span.len() < 40 && from < end {
            from -= 1; // a quoted name inside the phrase
            continue;
        }
        if is_cue || !(item.is_word() || item.is_mark("&/")) {
            break;
        }
        if item.lower == "nor"
            && let Some(neither) = (low..from - 1).rev().find(|&at| unit.items[at].lower == "neither")
        {
            return Some(neither);
        }
        if item.lower == "no" && from < end {
            return Some(from - 1);
        }
        let of_phrase = item.is(Preposition);
        if !of_phrase && item.any(&[Auxiliary, Verb, Subordinator, SubjectPronoun, Relative, Negation]) {
            break;
        }
        if item.any(&[Conjunction]) && !joins_names(unit, low, from - 1, end) {
            break;
        }
        if is_leading(item) {
            break;
        }
        from -= 1;
    }
    let from = after_leading_adjunct(unit, from, end);
    (from < end).then_some(from)
}

fn could_be_noun(unit: &Unit, at: usize) -> bool {
    unit.before(at)
        .is_some_and(|before| before.any(&[Determiner, Possessive, Preposition]) || before.lower.ends_with("’s"))
}

/// Adverbs and days stand before a subject, not in it.
fn is_leading(item: &Item) -> bool {
    item.any(&[Adverb, Weekday, DayPart]) && !item.any(&[Preposition]) && item.lower != "there" && item.lower != "first"
}

/// "Smith and Jones", "the mayor and her deputy": both sides are short and have no verb.
fn joins_names(unit: &Unit, low: usize, at: usize, end: usize) -> bool {
    let left = &unit.items[low.max(at.saturating_sub(4))..at];
    let side = left.iter().rev().take_while(|item| item.is_word() && !item.is(Conjunction));
    let left_ok = left.last().is_some_and(|item| item.is_word()) && side.clone().all(can_stand_inside);
    let both = at + 1 < end && unit.items.get(at + 1).is_some_and(|item| !item.is(SubjectPronoun));
    let plain = unit.items[low..at].iter().rev().take_while(|item| item.is_word()).count() <= 6;
    left_ok && both && plain && unit.items[at].lower == "and"
}

/// Drops what leads into the subject: "In Harbour the mayor", "On Tuesday Ana Brook", "But the mayor".
fn after_leading_adjunct(unit: &Unit, from: usize, end: usize) -> usize {
    let mut from = from;
    while from < end && unit.items[from].any(&[Conjunction, Subordinator]) && !unit.items[from].any(&[Determiner]) {
        from += 1;
    }
    if from >= end || !unit.items[from].is(Preposition) {
        return from;
    }
    let mut start = end;
    for i in (from + 1..end).rev() {
        let item = &unit.items[i];
        let before = &unit.items[i - 1];
        let fresh = !before.any(&[Preposition, Determiner, Possessive, Title, Conjunction]) && !before.is_mark("&/-");
        let opens = item.any(&[Determiner, Possessive]) || (item.capital && (!before.capital || before.is(Weekday)));
        if fresh && opens {
            start = i;
            break;
        }
    }
    if start == end && end - from > 2 { from + 1 } else { start.min(end) }
}

/// The end of the noun phrase that starts at `from`; `from` itself where none starts there.
pub fn phrase_end(unit: &Unit, from: usize, cues: &[CueGroup]) -> usize {
    let Some(first) = unit.get(from) else { return from };
    if !first.is_word() || (first.any(&[Auxiliary, Conjunction]) && !first.capital) {
        return from;
    }
    if first.any(&[SubjectPronoun, ObjectPronoun]) && !first.is(Possessive) && !first.is(Determiner) {
        return from + 1;
    }
    let mut to = from;
    let top = unit.items.len().min(from + REACH);
    while to < top {
        let item = &unit.items[to];
        let stops = match () {
            _ if item.is_quote() => item.span.len() >= 30 || to == from,
            _ if !item.is_word() => !item.is_mark("&/-"),
            _ if item.is(Preposition) => !attaches(unit, from, to),
            _ if item.is(Weekday) => !unit.before(to).is_some_and(|before| to > from && before.is(Determiner)),
            _ if item.any(&[Auxiliary, SubjectPronoun]) => true,
            _ if item.any(&[Relative, Subordinator]) && to > from => true,
            _ if item.is(Conjunction) => !unit.get(to + 1).is_some_and(|next| next.capital || next.is(Possessive)),
            _ if item.any(&[Adverb]) && to > from && !item.capital => true,
            _ => to > from && cue_over(cues, to).is_some() && !could_be_noun(unit, to),
        };
        if stops {
            break;
        }
        to += 1;
    }
    while to > from && unit.items[to - 1].any(&[Preposition, Determiner, Conjunction]) && to - 1 > from {
        to -= 1;
    }
    to
}

/// "of" always goes on; other prepositions go on after a common noun ("a professor at …"), not after a name.
fn attaches(unit: &Unit, from: usize, at: usize) -> bool {
    let item = &unit.items[at];
    if item.lower == "of" {
        return true;
    }
    let Some(next) = unit.get(at + 1) else { return false };
    let common = unit.before(at).is_some_and(|before| at > from && !before.capital && !before.is(ObjectPronoun));
    let dated = next.any(&[Weekday, Month]) || next.lower == "a" || next.lower == "an";
    common && !dated && ["for", "at", "in", "from", "with", "to"].contains(&item.lower.as_str())
}

/// The phrase that ends at `to`, extended over an apposition ("Ana Brook, mayor of Harbour").
pub fn with_apposition(unit: &Unit, to: usize, cues: &[CueGroup]) -> usize {
    let comma = unit.get(to).is_some_and(|item| item.is_mark(","));
    let opens = comma
        && unit.get(to + 1).is_some_and(|item| {
            item.is_word()
                && (item.any(&[Determiner, Possessive]) || item.lower == "who" || !item.capital)
                && !item.any(&[Auxiliary, SubjectPronoun, Conjunction, Adverb, Verb])
                && (item.lower == "who" || !item.any(&[Subordinator, Preposition]))
                && !item.lower.ends_with("ing")
        });
    if !opens {
        return to;
    }
    let top = unit.items.len().min(to + REACH);
    let mut end = to + 1;
    while end < top {
        let item = &unit.items[end];
        if item.is_mark(",.;:()—–")
            || item.is_quote()
            || (end > to + 2 && cue_over(cues, end).is_some_and(|cue| cue.from == end))
        {
            break;
        }
        end += 1;
    }
    end
}
