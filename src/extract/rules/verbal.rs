//! Cue verbs: who says, what is said, in the orders English news uses.
//!
//! In: a unit and its cue groups. Out: drafts. A cue inside the content of an earlier one stays content.

use crate::lang::WordClass::*;
use crate::lang::{Cue, CueTable, Takes};
use crate::text::Span;

use super::confidence;
use super::content::{Joint, Part, content_after, content_end};
use super::draft::Draft;
use crate::extract::content::puts_a_question;
use crate::extract::grammar::Unit;
use crate::extract::grammar::{CueGroup, Form};
use crate::extract::grammar::{Phrase, phrase_end, subject_before, with_apposition};

/// What the verbs of one unit are read with.
pub struct Verbs<'u> {
    pub unit: &'u Unit,
    pub text: &'u str,
    pub table: &'u CueTable,
    pub cues: &'u [CueGroup],
}

struct Sourced {
    source: Option<Phrase>,
    /// Where the subject or the inverted cue starts: content before it ends here.
    left: usize,
    /// Where the cue or the inverted source ends: content after it starts here.
    right: usize,
    shared: bool,
    inverted: bool,
}

/// All attributions by verbs in one unit.
pub fn verbal(verbs: &Verbs) -> Vec<Draft> {
    let mut found: Vec<Draft> = Vec::new();
    let mut covered = 0;
    let mut last_source: Option<Span> = None;
    let closing = closing(verbs);
    for (k, group) in verbs.cues.iter().enumerate() {
        let closes = closing.is_some_and(|closing| closing.k == k);
        covered = if closes { 0 } else { covered };
        if group.from < covered || matches!(group.form, Form::Passive | Form::Infinitive) {
            continue;
        }
        let cue = &verbs.table.cues[group.cue];
        let Some(sourced) = source_of(verbs, group, cue, covered) else { continue };
        let source = match sourced.source {
            Some(phrase) => Some(verbs.unit.span_of(phrase.from, phrase.to)),
            None => last_source.or_else(|| main_subject(verbs, group)),
        };
        let Some((mut parts, rule)) = contents(verbs, k, cue, &sourced, covered) else { continue };
        if let Some(closing) = closing {
            parts.iter_mut().for_each(|part| part.to = part.to.min(closing.comma).max(part.from + 1));
        }
        covered = parts.iter().map(|part| part.to).max().unwrap_or(covered).max(sourced.right);
        last_source = source;
        found.push(draft(verbs, group, cue, source, &parts, rule));
    }
    found
}

/// A reporter at the end of a sentence that holds another one's words.
#[derive(Clone, Copy)]
struct Closing {
    /// Number of its cue.
    k: usize,
    /// The item before its source.
    comma: usize,
}

/// "Reik had warned that the pumps would fail, his deputy said": the deputy says the whole, and Reik's words end before
/// him.
fn closing(verbs: &Verbs) -> Option<Closing> {
    let unit = verbs.unit;
    let k = verbs.cues.len().checked_sub(1).filter(|&k| k > 0)?;
    let (group, cue) = (&verbs.cues[k], &verbs.table.cues[verbs.cues[k].cue]);
    if group.form != Form::Finite || !cue.takes(Takes::Before) || unit.items.iter().any(|item| item.is_quote()) {
        return None;
    }
    let subject = subject_before(unit, 0, group.from, verbs.cues)?;
    let comma = subject.from.checked_sub(1).filter(|&at| unit.items[at].is_mark(","))?;
    let first = verbs.cues.first().filter(|first| first.form == Form::Finite && first.to < comma)?;
    let opens = subject_before(unit, 0, first.from, verbs.cues).is_some_and(|its| its.from == 0);
    let goes_on =
        (group.to..unit.items.len()).any(|at| unit.items[at].is_mark(",:;") || unit.items[at].lower == "that");
    let ends = unit.items.len() - group.to <= 8 && !goes_on;
    (opens && ends && content_after(unit, group.to, cue, verbs.cues, k).is_none()).then_some(Closing { k, comma })
}

/// A cue at the end of the unit, before a colon: its content is still to come ("Brook continued:").
pub fn waiting(verbs: &Verbs) -> Option<Draft> {
    let unit = verbs.unit;
    unit.items.last().filter(|last| last.is_mark(":"))?;
    let group = verbs.cues.iter().rfind(|group| group.form == Form::Finite)?;
    let cue = &verbs.table.cues[group.cue];
    if !cue.takes(Takes::Quote) {
        return None;
    }
    let sourced = source_of(verbs, group, cue, 0)?;
    let phrase = sourced.source?;
    let source = verbs.unit.span_of(phrase.from, phrase.to);
    Some(draft(verbs, group, cue, Some(source), &[], "continuation.colon"))
}

/// A sentence that is nothing but a subject, a cue and an adjunct: what was said is the sentence before it ("It rained.
/// Brook said during a speech.").
pub fn late(verbs: &Verbs) -> Option<Draft> {
    const LONGEST: usize = 22;
    let unit = verbs.unit;
    let [group] = verbs.cues else { return None };
    let cue = &verbs.table.cues[group.cue];
    let adjunct = unit.get(group.to).is_none_or(|next| {
        next.is_mark(".") || (["in", "on", "during", "at", "via"].contains(&&*next.lower) || next.is(Weekday))
    });
    let plain = group.form == Form::Finite && cue.takes(Takes::Before) && unit.items.len() <= LONGEST;
    let told = unit.items.iter().any(|item| item.is_quote() || item.is_mark(":") || item.lower == "that");
    let subject = subject_before(unit, 0, group.from, verbs.cues).filter(|_| plain && adjunct && !told)?;
    let named = subject.from == 0 && unit.items[0].capital && !unit.items[0].is(SubjectPronoun);
    let ends = unit.items[group.to..].iter().all(|item| !item.any(&[Auxiliary, Verb, SubjectPronoun]));
    let source = unit.span_of(subject.from, subject.to);
    (named && ends).then(|| draft(verbs, group, cue, Some(source), &[], "cue.after_stop"))
}

fn source_of(verbs: &Verbs, group: &CueGroup, cue: &Cue, covered: usize) -> Option<Sourced> {
    let unit = verbs.unit;
    let takes_before = cue.takes(Takes::Before) || cue.takes(Takes::BeforeQuote);
    let after_comma = unit.before(group.from).is_some_and(|before| before.is_mark(","));
    let apposed = after_comma && subject_before(unit, covered, group.from, verbs.cues).is_some();
    if takes_before
        && !apposed
        && group.form == Form::Finite
        && group.from == group.verb
        && let Some(sourced) = inverted(verbs, group)
    {
        return Some(sourced);
    }
    let shared = Sourced { source: None, left: group.from, right: group.to, shared: true, inverted: false };
    if group.form == Form::Participle {
        let opens = unit.before(group.from).is_none_or(|before| before.is_mark(",—–(") || before.is_quote());
        return opens.then_some(shared);
    }
    if let Some(subject) = subject_before(unit, covered, group.from, verbs.cues) {
        return Some(Sourced { source: Some(subject), left: subject.from, shared: false, ..shared });
    }
    let joined = unit.before(group.from).is_some_and(|before| before.is(Conjunction));
    joined.then_some(shared)
}

/// "“…,” said Ana Brook": the cue stands before its source.
fn inverted(verbs: &Verbs, group: &CueGroup) -> Option<Sourced> {
    let unit = verbs.unit;
    let lead = match unit.before(group.from) {
        Some(before) => before.is_quote() || before.is_mark(",—–?!"),
        None => true,
    };
    let first = unit.get(group.to)?;
    if !lead || !first.is_word() || ["that", "it", "this", "him", "them", "her"].contains(&&*first.lower) {
        return None;
    }
    let to = phrase_end(unit, group.to, verbs.cues);
    if to == group.to || !names_somebody(unit, group.to, to) {
        return None;
    }
    let long = with_apposition(unit, to, verbs.cues);
    let ends = unit.get(long).is_none_or(|next| {
        next.is_mark(",.;:?!—–()")
            || next.is_quote()
            || next.any(&[Preposition, Weekday, Subordinator, Conjunction, Adverb])
    });
    let after_quote = unit.before(group.from).is_none_or(|before| before.is_quote());
    let source = Phrase { from: group.to, to: long };
    (ends || after_quote).then_some(Sourced {
        source: Some(source),
        left: group.from,
        right: long,
        shared: false,
        inverted: true,
    })
}

fn names_somebody(unit: &Unit, from: usize, to: usize) -> bool {
    let first = &unit.items[from];
    first.capital
        || first.any(&[Determiner, Possessive, SubjectPronoun])
        || to - from >= 2
        || unit.items[from].lower.ends_with('s')
}

/// The subject of the sentence, for a participle whose cue comes first ("The firm closed the mine, saying …").
fn main_subject(verbs: &Verbs, group: &CueGroup) -> Option<Span> {
    let unit = verbs.unit;
    let mut from = 0;
    if unit.get(0)?.any(&[Preposition, Adverb, Subordinator]) {
        from = (1..group.from.min(12)).find(|&i| unit.items[i].is_mark(","))? + 1;
    }
    while from < group.from && unit.items[from].any(&[Conjunction, Adverb]) {
        from += 1;
    }
    let to = phrase_end(unit, from, verbs.cues).min(from + 8);
    let to = verb_like(unit, from, to);
    (to > from && to <= group.from).then(|| unit.span_of(from, to))
}

/// Cuts a forward phrase at its first lower-case word in -ed or in the list of plain verbs.
fn verb_like(unit: &Unit, from: usize, to: usize) -> usize {
    (from + 1..to)
        .find(|&i| {
            let item = &unit.items[i];
            !item.capital && (item.is(Verb) || item.lower.ends_with("ed"))
        })
        .unwrap_or(to)
}

fn contents(
    verbs: &Verbs,
    k: usize,
    cue: &Cue,
    sourced: &Sourced,
    covered: usize,
) -> Option<(Vec<Part>, &'static str)> {
    let unit = verbs.unit;
    let group = &verbs.cues[k];
    let quoted_before = before_quote(unit, sourced, covered, cue);
    if let Some(before) = quoted_before {
        let rest = if sourced.inverted { sourced.right } else { group.to };
        let after = content_after(unit, rest, cue, verbs.cues, k).filter(|part| part.joint == Joint::Quote);
        let rule = if after.is_some() { "cue.split" } else { "cue.after_quote" };
        return Some((std::iter::once(before).chain(after).collect(), rule));
    }
    if let Some(parts) = relative(verbs, sourced, cue, k) {
        return Some((parts, "cue.relative"));
    }
    let after = if sourced.inverted { None } else { content_after(unit, group.to, cue, verbs.cues, k) };
    if let Some(mut after) = after {
        if in_relative(unit, sourced) {
            after.to = (after.from..after.to).find(|&i| unit.items[i].is_mark(",")).unwrap_or(after.to);
        }
        let rule = match after.joint {
            Joint::Quote => "cue.before_quote",
            Joint::That | Joint::Clause | Joint::Wh => "cue.clause",
            Joint::To => "cue.infinitive",
            Joint::Object => "cue.object",
        };
        return Some((vec![after], rule));
    }
    let before = clause_before(verbs, sourced, covered, cue)?;
    if let Some(rest) = rest_after(verbs, sourced, k) {
        return Some((vec![before, rest], "cue.parenthesis"));
    }
    let words = unit.items[before.from..before.to].iter().filter(|item| item.is_word()).count();
    (words >= 3).then(|| (vec![before], "cue.after_clause"))
}

/// Whether the subject is a relative pronoun: its clause ends at the next comma.
fn in_relative(unit: &Unit, sourced: &Sourced) -> bool {
    let Some(phrase) = sourced.source.filter(|_| !sourced.inverted) else { return false };
    let pronoun = phrase.to == phrase.from + 1 && unit.items[phrase.from].is(Relative);
    pronoun && unit.items[phrase.from..].iter().filter(|item| item.is_mark(",")).count() > 0
}

/// "…, which she said was closed": the relative pronoun and what follows the cue.
fn relative(verbs: &Verbs, sourced: &Sourced, cue: &Cue, k: usize) -> Option<Vec<Part>> {
    let unit = verbs.unit;
    let at = sourced.left.checked_sub(1)?;
    let pronoun = ["which", "who", "what", "whom"].contains(&&*unit.items[at].lower);
    let from = verbs.cues[k].to;
    let verb = unit.get(from).is_some_and(|next| next.any(&[Auxiliary, Verb]) || next.lower.ends_with("ed"));
    if !pronoun || !verb || !cue.takes(Takes::Clause) || sourced.shared || sourced.inverted {
        return None;
    }
    let to = content_end(unit, from, Joint::Clause, verbs.cues, k);
    let joint = Joint::Clause;
    Some(vec![Part { from: at, to: at + 1, joint }, Part { from, to, joint }])
}

/// "The bridge, she said, was closed": the sentence goes on after a cue between commas.
fn rest_after(verbs: &Verbs, sourced: &Sourced, k: usize) -> Option<Part> {
    let unit = verbs.unit;
    let from = sourced.right + 1;
    let next = unit.get(from).filter(|_| unit.items[sourced.right].is_mark(","))?;
    let reporter = next.lower.ends_with("ing") || ["according", "who", "which", "as"].contains(&&*next.lower);
    if reporter || verbs.cues.get(k + 1).is_some_and(|cue| cue.from < from + 4) {
        return None;
    }
    let to = content_end(unit, from, Joint::Clause, verbs.cues, k);
    (to > from + 1).then_some(Part { from, to, joint: Joint::Clause })
}

/// Quoted words right before the subject or the inverted cue.
fn before_quote(unit: &Unit, sourced: &Sourced, covered: usize, cue: &Cue) -> Option<Part> {
    if !(cue.takes(Takes::Before) || cue.takes(Takes::BeforeQuote)) || sourced.shared {
        return None;
    }
    let mut at = sourced.left.checked_sub(1).filter(|&at| at >= covered)?;
    if unit.items[at].is_mark(",—–") {
        at = at.checked_sub(1).filter(|&at| at >= covered)?;
    }
    if !unit.items[at].is_quote() {
        return None;
    }
    Some(Part { from: run_start(unit, covered, at), to: at + 1, joint: Joint::Quote })
}

/// The start of what the quotation at `at` closes: the sentence, a colon, or the quotation itself.
fn run_start(unit: &Unit, covered: usize, at: usize) -> usize {
    let mut from = at;
    while from > covered && !unit.items[from - 1].is_mark(":;") {
        from -= 1;
    }
    while from < at && (unit.items[from].is_mark(",.;:—–") || unit.items[from].is(Conjunction)) {
        from += 1;
    }
    from
}

/// A clause before the subject: "The bridge is closed, the mayor said".
fn clause_before(verbs: &Verbs, sourced: &Sourced, covered: usize, cue: &Cue) -> Option<Part> {
    let unit = verbs.unit;
    if !cue.takes(Takes::Before) || sourced.shared {
        return None;
    }
    let comma = sourced.left.checked_sub(1).filter(|&at| at > covered && unit.items[at].is_mark(",—–"))?;
    let mut from = covered;
    while from < comma && (!unit.items[from].is_word() && !unit.items[from].is_quote()) {
        from += 1;
    }
    let part = Part { from, to: comma, joint: Joint::Clause };
    (comma > from && !puts_a_question(unit.span_of(from, comma).of(verbs.text))).then_some(part)
}

fn draft(
    verbs: &Verbs,
    group: &CueGroup,
    cue: &Cue,
    source: Option<Span>,
    parts: &[Part],
    rule: &'static str,
) -> Draft {
    let cue_span = verbs.unit.span_of(group.from, group.to);
    let content = parts.iter().map(|part| verbs.unit.span_of(part.from, part.to)).collect();
    Draft {
        source,
        cue: Some(cue_span),
        content,
        act: cue.act,
        negated: group.negated,
        rule,
        note: cue_span.of(verbs.text).to_string(),
        confidence: confidence::of(rule, &cue.class),
    }
}
