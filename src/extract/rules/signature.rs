//! Signed quotations: "“We will rebuild it.” — Ada Brook, Harbour". Rule `quote.signed`.
//!
//! A dash and a name close a passage in which everything before is quoted; or they are a passage of their own after one
//! that is quoted from end to end.

use crate::lang::WordClass::*;
use crate::model::Act;
use crate::text::Span;

use super::confidence;
use super::draft::Draft;
use crate::extract::grammar::Unit;

/// Items a signature may have after its dash.
const LONGEST: usize = 12;
/// Sentences a signed quotation may have.
const SENTENCES: usize = 30;

/// The attribution that unit `number` signs, if it does.
pub fn signature(units: &[Unit], number: usize) -> Option<Draft> {
    let unit = &units[number];
    let (dash, signed) = dash_after_quote(unit).unwrap_or_default();
    let from = (dash..unit.items.len()).find(|&at| !is_dash(unit, at)).filter(|&from| from > dash)?;
    let to = name_end(unit, from)?;
    let last = units.get(number + 1).is_none_or(|next| next.passage != unit.passage);
    let content = signed.or_else(|| quoted_before(units, number)).filter(|_| last)?;
    Some(Draft {
        source: Some(unit.span_of(from, to)),
        cue: Some(unit.items[dash].span),
        content: vec![content],
        act: Act::Statement,
        negated: false,
        rule: "quote.signed",
        note: String::new(),
        confidence: confidence::of("quote.signed", ""),
    })
}

fn is_dash(unit: &Unit, at: usize) -> bool {
    unit.get(at).is_some_and(|item| item.is_mark("—–―-"))
}

/// The dash after a quotation that opens the unit, and the quotation.
fn dash_after_quote(unit: &Unit) -> Option<(usize, Option<Span>)> {
    let quotes = unit.items.iter().take_while(|item| item.is_quote()).count();
    (quotes > 0 && is_dash(unit, quotes)).then(|| (quotes, Some(unit.span_of(0, quotes))))
}

/// Where the name that starts at `from` ends: the rest of the unit, if it reads like a name with a place or an age.
fn name_end(unit: &Unit, from: usize) -> Option<usize> {
    let mut to = unit.items.len();
    while to > from && unit.items[to - 1].is_mark(".,;") {
        to -= 1;
    }
    let words = &unit.items[from..to];
    let named = words
        .first()
        .is_some_and(|first| first.capital && first.is_word() && !first.any(&[Determiner, SubjectPronoun]));
    let plain =
        words.iter().all(|item| (item.is_word() && !item.any(&[Auxiliary, SubjectPronoun])) || item.is_mark(",()"));
    let names = words
        .iter()
        .take_while(|item| !item.is_mark(",("))
        .all(|item| item.capital || item.is(Preposition) || item.lower.len() <= 3);
    (named && plain && names && words.len() <= LONGEST).then_some(to)
}

/// The quoted sentences right before unit `number`: of its own passage, or the whole passage before it.
fn quoted_before(units: &[Unit], number: usize) -> Option<Span> {
    let home = units.get(number.checked_sub(1)?)?.passage;
    if units[number].passage - home > 1 {
        return None;
    }
    let mut found: Option<Span> = None;
    for unit in units[..number].iter().rev().take(SENTENCES).take_while(|unit| unit.passage == home) {
        let quoted = unit.quoted_only()?;
        found = Some(found.map_or(quoted, |span| span.cover(quoted)));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::testing::{accepts, raw};

    #[test]
    fn signed_quotations() {
        for marked in [
            "{Q “We will rebuild the bridge.”} {C ―} {S Ada Brook}",
            "{Q “We will rebuild the bridge. It takes a year.”} {C —} {S Ada Brook, Harbour}",
            "{Q “We will rebuild the bridge.”}{C —}{S Ada Brook}",
            "{Q “We will rebuild the bridge.”}\n{C –} {S Ada Brook, 52}",
        ] {
            accepts(marked).unwrap_or_else(|error| panic!("{marked}\n{error}"));
        }
    }

    #[test]
    fn what_only_looks_signed() {
        for text in [
            "“We will rebuild the bridge” — that was the plan.",
            "“We will rebuild the bridge” — a promise.",
            "The bridge is gone. — Ada Brook",
            "“We will rebuild the bridge.” — The council laughed.",
            "“We will rebuild the bridge.” — Brook was there. It rained.",
        ] {
            let signed = raw(text).iter().any(|found| found.evidence[0].rule == "quote.signed");
            assert!(!signed, "{text}");
        }
    }
}
