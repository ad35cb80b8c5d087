//! Colon speech: "Brook: “We will rebuild it.”" and the lines of a transcript ("BROOK: We will rebuild it.").
//! Headings ("Harbour: floods and fires") have no full stop and are left alone.

use std::collections::BTreeMap;

use crate::model::Act;
use crate::text::Span;

use super::confidence;
use super::draft::Draft;
use crate::extract::grammar::Unit;

/// Words a name before the colon may have.
const NAME: usize = 4;

/// The names before colons that open passages, with how often each does.
pub fn speakers(units: &[Unit], text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for unit in units {
        if let Some(colon) = name_before_colon(unit) {
            *found.entry(unit.span_of(0, colon).of(text).to_string()).or_insert(0) += 1;
        }
    }
    found
}

/// The attribution of a unit that opens with a speaker's name and a colon.
pub fn colon(unit: &Unit, text: &str, speakers: &BTreeMap<String, usize>) -> Option<Draft> {
    let colon = name_before_colon(unit)?;
    let name = unit.span_of(0, colon);
    let first = unit.get(colon + 1)?;
    let last = unit.items.last()?;
    let ended = last.is_quote() || last.is_mark(".?!…");
    let transcript = speakers.get(name.of(text)).is_some_and(|&n| n >= 2);
    if !(first.is_quote() || (transcript && ended && unit.items.len() > colon + 3)) {
        return None;
    }
    let mut to = unit.items.len();
    while to > colon + 1 && unit.items[to - 1].is_mark(".") && unit.items[to - 2].is_quote() {
        to -= 1;
    }
    let content: Span = unit.span_of(colon + 1, to);
    Some(Draft {
        source: Some(name),
        cue: Some(unit.items[colon].span),
        content: vec![content],
        act: Act::Statement,
        negated: false,
        rule: "colon.speaker",
        note: name.of(text).to_string(),
        confidence: confidence::of("colon.speaker", if first.is_quote() { "quoted" } else { "transcript" }),
    })
}

fn name_before_colon(unit: &Unit) -> Option<usize> {
    let colon = unit.items.iter().take(NAME + 1).position(|item| item.is_mark(":"))?;
    let named = colon > 0
        && unit.items[..colon]
            .iter()
            .all(|item| item.is_word() && item.capital && !item.lower.starts_with(|c: char| c.is_numeric()));
    named.then_some(colon)
}
