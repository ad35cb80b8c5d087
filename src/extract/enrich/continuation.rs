//! Quoted sentences without a cue of their own. Rules `continuation.passage`, `continuation.paragraphs`,
//! `continuation.inherited`, `continuation.own`.
//!
//! "“A,” Brook said. “B.”": B goes on with what Brook said. A quotation left open at the end of a paragraph and opened
//! again in the next is one quotation. Unquoted sentences are not guessed here.

use crate::extract::grammar::Unit;
use crate::model::{Act, Attribution, Evidence, Reading};
use crate::text::Span;

use super::answer::turns_round;
use super::scene::Scene;

/// Gives quoted-only units that no content holds to the attribution before them.
pub fn attach_continuations(found: &mut Vec<Attribution>, scene: &Scene) {
    let mut order: Vec<(usize, usize, usize)> = Vec::new(); // unit, last byte, attribution
    for (i, attribution) in found.iter().enumerate() {
        let end = attribution.cover().end;
        let units = attribution.cue.iter().chain(&attribution.content).filter_map(|span| scene.unit_at(span.start));
        order.extend(units.map(|unit| (unit, end, i)));
    }
    order.sort_unstable();
    let mut last: Option<usize> = None;
    let mut voice: Option<usize> = None;
    let mut made: Vec<Attribution> = Vec::new();
    let mut next = 0;
    for (number, unit) in scene.units.iter().enumerate() {
        let mut own = false;
        while let Some(&(at, _, i)) = order.get(next).filter(|row| row.0 <= number) {
            own |= at == number;
            last = Some(i);
            next += 1;
        }
        if own {
            voice = last.filter(|&i| speaks(scene, &found[i]));
            continue;
        }
        let Some(span) = unit.quoted_only() else {
            last = None; // the reporter speaks again
            continue;
        };
        if let Some(attribution) = last.map(|i| &mut found[i])
            && let Some(rule) = goes_on(scene, attribution, unit)
        {
            extend(scene.reading, &mut attribution.content, span);
            attribution.evidence.push(Evidence::new(rule, 1.0, ""));
        } else if let Some(attribution) = voice.map(|i| &found[i])
            && inherits(scene, attribution, unit, span)
        {
            made.push(inherited(attribution, span));
        }
    }
    found.extend(made);
}

/// Whether the attribution quotes somebody whose voice a bare quotation can go on with.
fn speaks(scene: &Scene, attribution: &Attribution) -> bool {
    let quoted = attribution.content.iter().any(|span| span.of(scene.text()).ends_with(crate::text::is_quotation_mark));
    quoted && !attribution.source.is_empty()
}

/// A quoted sentence in the same paragraph or the next one, with no source of its own anywhere near.
fn inherits(scene: &Scene, attribution: &Attribution, unit: &Unit, span: Span) -> bool {
    let words = span.of(scene.text()).split_whitespace().count();
    let home = attribution.content.last().and_then(|last| scene.reading.passage_at(last.start));
    let near = home.is_some_and(|home| unit.passage >= home && unit.passage - home <= 1);
    near && words >= 5
}

/// A statement without a cue, in the voice of the attribution before it.
fn inherited(before: &Attribution, span: Span) -> Attribution {
    let mut made = Attribution::new(before.extractor, before.source.clone(), Vec::new(), vec![span]);
    made.confidence = before.confidence * 0.7;
    made.evidence.push(Evidence::new("continuation.inherited", 1.0, ""));
    made
}

fn goes_on(scene: &Scene, attribution: &Attribution, unit: &Unit) -> Option<&'static str> {
    let last = attribution.content.last()?;
    let home = scene.reading.passage_at(last.end.saturating_sub(1));
    if home == Some(unit.passage) {
        return Some("continuation.passage");
    }
    runs_on(scene.reading, *last).then_some("continuation.paragraphs")
}

/// A quotation that ends where `content` ends is opened again in the next paragraph.
fn runs_on(reading: &Reading, content: Span) -> bool {
    const LOOK_BACK: usize = 6; // quotations inside the last one
    let next = reading.quotes.partition_point(|pair| pair.open.start < content.end);
    reading.quotes[..next].iter().rev().take(LOOK_BACK).any(|pair| pair.goes_on && pair.span.end == content.end)
}

/// Adds `span`; quoted sentences with only blanks between them are one span, paragraphs are not.
fn extend(reading: &Reading, content: &mut Vec<Span>, span: Span) {
    let is_blank = |gap: &str| gap.chars().all(|c| c.is_whitespace() && c != '\n');
    match content.last_mut() {
        Some(last) if reading.text.get(last.end..span.start).is_some_and(is_blank) => *last = last.cover(span),
        _ => content.push(span),
    }
}

/// Makes every continuation a statement of its own: same source, no cue. One quotation over several paragraphs stays one.
pub fn own_continuations(found: &mut Vec<Attribution>, scene: &Scene) {
    let mut made = Vec::new();
    for attribution in found.iter_mut().filter(|attribution| attribution.content.len() > 1) {
        let Some(home) = attribution.cue.first().and_then(|cue| scene.unit_at(cue.start)) else { continue };
        let mut groups: Vec<(usize, Vec<Span>)> = Vec::new();
        for span in std::mem::take(&mut attribution.content) {
            let unit = scene.unit_at(span.start).unwrap_or(home).max(home);
            match groups.last_mut() {
                Some((number, spans))
                    if *number == unit || spans.last().is_some_and(|last| runs_on(scene.reading, *last)) =>
                {
                    spans.push(span);
                }
                _ => groups.push((unit, vec![span])),
            }
        }
        let mut groups = groups.into_iter();
        attribution.content = groups.next().map(|group| group.1).unwrap_or_default();
        for (_, content) in groups {
            let mut own = Attribution { content, cue: Vec::new(), ..attribution.clone() };
            own.confidence *= 0.95;
            if turns_round(&own) {
                // What is denied is the first sentence, not what the speaker goes on to say.
                (own.act, own.negated) = (Act::Statement, false);
                own.evidence.retain(|item| !item.rule.starts_with("act.") && item.rule != "cue.negated");
            }
            own.evidence.push(Evidence::new("continuation.own", 1.0, ""));
            made.push(own);
        }
    }
    found.extend(made);
}

#[cfg(test)]
mod tests {
    use super::turns_round;
    use crate::extract::testing::{enriched, show};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = enriched(text).iter().map(|found| show(text, found)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn quoted_sentences_go_on() {
        check("“It rains,” Brook said. “A lot.”", &["Brook | said | “It rains,”", "Brook |  | “A lot.”"]);
        check("“It rains,” Brook said, “a lot.”", &["Brook | said | “It rains,” / “a lot.”"]);
        check("“It rains,” Brook said. She left. “A lot.”", &["Brook | said | “It rains,”"]);
    }

    #[test]
    fn what_goes_on_after_a_denial_is_said() {
        let found = enriched("Brook denied that the bridge was sold. “It is ours.”");
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|own| turns_round(own) != own.cue.is_empty()));
    }

    #[test]
    fn one_quotation_over_paragraphs_stays_one() {
        let text = "Brook said: “It rains.\n“It never stops.”";
        check(text, &["Brook | said | “It rains. / “It never stops.”"]);
        check("“It rains,” Brook said.\n“Band of Rain” is a song.", &["Brook | said | “It rains,”"]);
    }
}
