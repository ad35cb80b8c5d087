//! A statement as a person reads it: ids, kind, and the exact words in place.

use crate::app::Quoted;
use crate::text::Span;

use super::context::Context;
use super::screen::{DIM, MARK, styled, visible};

/// How much text around the words is shown, in bytes to each side.
const REACH: usize = 90;

/// The words in place: some text around, what is highlighted between ⟦ ⟧.
pub(crate) fn in_place(it: &Quoted, context: &Context) -> String {
    let text = it.document.document.text.as_str();
    let all = it.statement.attribution.cover();
    let focus = it.highlights.first().copied().or(it.statement.attribution.content.first().copied()).unwrap_or(all);
    let shown = window(text, all, focus);
    let mut out = String::new();
    if shown.start > all.start {
        out.push_str("… ");
    }
    let mut at = shown.start;
    for mark in it.highlights.iter().filter(|mark| shown.contains(**mark)) {
        out.push_str(&visible(Span::new(at, mark.start).of(text)));
        out.push_str(&styled(&format!("⟦{}⟧", visible(mark.of(text))), MARK, context.colour));
        at = mark.end;
    }
    out.push_str(&visible(Span::new(at, shown.end).of(text)));
    if shown.end < all.end {
        out.push_str(" …");
    }
    out
}

/// The part of the attribution around `focus`, cut at white space.
fn window(text: &str, all: Span, focus: Span) -> Span {
    let focus_end = focus.end.min(focus.start + 2 * REACH);
    let from = if focus.start - all.start.min(focus.start) <= REACH { all.start } else { focus.start - REACH };
    let to = (focus_end + REACH).max(from + 2 * REACH).min(all.end);
    let rough = Span::new(from, to).snapped(text);
    let words = rough.of(text);
    let start = if rough.start > all.start {
        words.find(' ').map_or(rough.start, |at| rough.start + at + 1)
    } else {
        rough.start
    };
    let end = if rough.end < all.end { words.rfind(' ').map_or(rough.end, |at| rough.start + at) } else { rough.end };
    Span::new(start.min(focus.start), end.max(focus_end)).snapped(text).trimmed(text)
}

/// One line of facts: document, outlet, statement, kind and what the reader must know.
pub(crate) fn facts(it: &Quoted, context: &Context) -> String {
    let attribution = &it.statement.attribution;
    let outlet = if it.outlet().is_empty() { "?" } else { it.outlet() };
    let date = if it.date().is_empty() { "undated" } else { it.date() };
    let lost = if attribution.marks_lost { "* marks lost" } else { "" };
    let mut facts = vec![
        it.document_short_id.clone(),
        visible(outlet),
        date.to_string(),
        it.short_id.clone(),
        format!("{}{lost}", attribution.kind.name()),
    ];
    if attribution.act != crate::model::Act::Statement {
        facts.push(attribution.act.name().replace('_', " "));
    }
    if attribution.negated {
        facts.push("negated".into());
    }
    if attribution.zone != crate::model::PassageKind::Body {
        facts.push(format!("in a {}", attribution.zone.name()));
    }
    if attribution.confidence < 0.5 {
        facts.push(format!("doubtful {:.2}", attribution.confidence));
    }
    styled(&facts.join("  "), DIM, context.colour)
}

/// How the source reads and whom it was taken for: `Gladkow [= Vyacheslav Gladkov]`.
pub(crate) fn speaker(it: &Quoted) -> String {
    if let Some(original) = &it.statement.repeat_of {
        let short: String = original.as_str().chars().take(6).collect();
        return format!("repeated without source (as {short} has it)");
    }
    let source = visible(&it.source());
    match it.speaker() {
        Some(name) if source.is_empty() => format!("[{}]", visible(&name)),
        Some(name) if source.contains(&visible(&name)) => source,
        Some(name) => format!("{source} [= {}]", visible(&name)),
        None if source.is_empty() => "no source named".to_string(),
        None => source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_the_focus_and_stays_inside() {
        let text = "word ".repeat(100);
        let all = Span::new(5, 480);
        for start in (5..470).step_by(5) {
            let focus = Span::new(start, start + 4);
            let shown = window(&text, all, focus);
            assert!(shown.contains(focus) && all.contains(shown), "{shown:?} {focus:?}");
        }
    }
}
