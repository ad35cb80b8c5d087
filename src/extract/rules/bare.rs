//! Quotations without a cue of their own: they go on with the attribution before them.
//!
//! In: the units and the drafts so far. Out: drafts whose content has grown.

use crate::model::Reading;
use crate::text::Span;

use super::draft::Draft;
use super::unit::Unit;

/// Attaches units that are nothing but quoted words to the attribution they go on from.
pub fn continuations(reading: &Reading, units: &[Unit], drafts: &mut [Draft]) {
    let mut last: Option<usize> = None;
    let mut next = 0;
    for (number, unit) in units.iter().enumerate() {
        let mut own = None;
        while drafts.get(next).is_some_and(|draft| draft.unit <= number) {
            own = Some(next);
            next += 1;
        }
        if own.is_some() {
            last = own;
            continue;
        }
        let Some(span) = quoted_only(unit) else {
            // the reporter speaks again: what follows needs its own cue
            last = None;
            continue;
        };
        if let Some(draft) = last.map(|i| &mut drafts[i]).filter(|draft| goes_on(reading, units, draft, unit)) {
            extend(reading, &mut draft.content, span);
            draft.note.push_str(" + cue.continuation");
        }
    }
}

/// The span of a unit that is one quotation (or several) and nothing else.
fn quoted_only(unit: &Unit) -> Option<Span> {
    let quoted = unit.items.iter().all(|item| item.is_quote() || item.is_mark(".,;—–-"));
    let first = unit.items.iter().position(|item| item.is_quote())?;
    let last = unit.items.iter().rposition(|item| item.is_quote())?;
    quoted.then(|| unit.span_of(first, last + 1))
}

/// Same passage; or the quotation before ran on into this passage; or the cue ended in a colon.
fn goes_on(reading: &Reading, units: &[Unit], draft: &Draft, unit: &Unit) -> bool {
    let home = &units[draft.unit];
    if home.passage == unit.passage {
        return true;
    }
    let open = draft.content.last().is_some_and(|last| runs_on(reading, *last));
    open || (draft.open && unit.passage == home.passage + 1)
}

/// A quotation that ends where `content` ends is opened again in the next paragraph.
fn runs_on(reading: &Reading, content: Span) -> bool {
    const LOOK_BACK: usize = 6; // quotations inside the last one
    let next = reading.quotes.partition_point(|pair| pair.open.start < content.end);
    reading.quotes[..next].iter().rev().take(LOOK_BACK).any(|pair| pair.goes_on && pair.span.end == content.end)
}

fn is_blank(gap: &str) -> bool {
    gap.chars().all(|c| c.is_whitespace() && c != '\n')
}

/// Adds `span`; quoted sentences with only blanks between them are one span, paragraphs are not.
fn extend(reading: &Reading, content: &mut Vec<Span>, span: Span) {
    match content.last_mut() {
        Some(last) if reading.text.get(last.end..span.start).is_some_and(is_blank) => {
            *last = last.cover(span);
        }
        _ => content.push(span),
    }
}
