//! Phrases that credit without a verb of saying: "according to X", "in the words of X".

use crate::lang::WordClass::*;
use crate::model::Act;

use super::confidence;
use super::draft::Draft;
use crate::extract::grammar::CueGroup;
use crate::extract::grammar::Unit;
use crate::extract::grammar::{phrase_end, with_apposition};

/// The phrases, word by word.
const PHRASES: &[&[&str]] = &[&["according", "to"], &["in", "the", "words", "of"], &["in", "the", "view", "of"]];

/// All attributions by such phrases in one unit.
pub fn according(unit: &Unit, text: &str, cues: &[CueGroup]) -> Vec<Draft> {
    let mut found = Vec::new();
    let mut covered = 0;
    for at in 0..unit.items.len() {
        let Some(length) = phrase_at(unit, at).filter(|_| at >= covered) else { continue };
        let start = at + length;
        let to = phrase_end(unit, start, cues);
        if to == start {
            continue;
        }
        let source_to = with_apposition(unit, to, cues);
        let Some(content) = content_of(unit, at, to, covered) else { continue };
        let cue = unit.span_of(at, start);
        covered = content.iter().map(|part| part.1).max().unwrap_or(covered).max(source_to);
        let opening = content.iter().any(|part| part.0 > at);
        found.push(Draft {
            source: Some(unit.span_of(start, if opening { to } else { source_to })),
            cue: Some(cue),
            content: content.iter().map(|&(from, to)| unit.span_of(from, to)).collect(),
            act: Act::Statement,
            negated: false,
            rule: "phrase.according",
            note: cue.of(text).to_string(),
            confidence: confidence::of("phrase.according", ""),
        });
    }
    found
}

fn phrase_at(unit: &Unit, at: usize) -> Option<usize> {
    PHRASES.iter().find_map(|phrase| {
        let fits = phrase.iter().enumerate().all(|(i, word)| unit.get(at + i).is_some_and(|item| item.lower == *word));
        fits.then_some(phrase.len())
    })
}

/// Item ranges of the content: after the phrase when it opens the sentence, before it when it ends it, both in between.
fn content_of(unit: &Unit, at: usize, to: usize, covered: usize) -> Option<Vec<(usize, usize)>> {
    let words = |from: usize, to: usize| unit.items[from..to].iter().filter(|item| !item.is_mark(",.;:—–")).count();
    let mut from = covered;
    while from < at && (unit.items[from].is_mark(",;:—–.") || unit.items[from].any(&[Conjunction])) {
        from += 1;
    }
    let mut before_to = at;
    while before_to > from && unit.items[before_to - 1].is_mark(",;:—–") {
        before_to -= 1;
    }
    let end = stop_before(unit, unit.items.len());
    let opens_clause = unit.before(before_to).is_some_and(|before| {
        before_to > from
            && ["while", "that", "and", "but", "because", "although", "though", "where"].contains(&&*before.lower)
    });
    if words(from, before_to) <= 1 || opens_clause {
        let comma = (to..unit.items.len().min(to + 30)).find(|&i| unit.items[i].is_mark(",:"))?;
        let start = if comma == to { comma + 1 } else { to.max(comma + 1) };
        return (start < end && words(start, end) >= 2).then(|| vec![(start, end)]);
    }
    let goes_on = unit.get(to).is_some_and(|next| next.is_mark(","))
        && unit.get(to + 1).is_some_and(|next| next.any(&[Auxiliary, Verb]));
    if goes_on {
        return Some(vec![(from, before_to), (to + 1, end)]);
    }
    (words(from, before_to) >= 2).then(|| vec![(from, before_to)])
}

fn stop_before(unit: &Unit, mut to: usize) -> usize {
    while to > 0 && unit.items[to - 1].is_mark(".,;:!?…—–") {
        to -= 1;
    }
    to
}
