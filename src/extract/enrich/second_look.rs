//! A second look at single attributions of a trained tier with the eyes of the rules. Rules `repair.frame`,
//! `repair.said_as`, `repair.signed`.
//!
//! "According to the ministry, Brook told officials that …": the trained tiers know one layer and credit the ministry with
//! the whole; what was said is Brook's, and the ministry is a link of the chain. "The mill burned, its owner said, as the
//! town slept": what the owner said stands before the cue. "“…” — Ada Brook": a signature is no cue they know.

use crate::lang::Reporting;
use crate::model::{Attribution, Evidence};
use crate::text::Span;

use super::scene::Scene;

/// Puts right what the rules know better. `by_rules` is what the rules tier finds, in text order.
pub fn second_look(found: &mut Vec<Attribution>, by_rules: &[Attribution], scene: &Scene) {
    let Some(words) = scene.words else { return };
    signatures(found, by_rules);
    let cues: Vec<Span> = sorted(found.iter().flat_map(|own| own.cue.iter().copied()));
    for own in found.iter_mut() {
        if let Some(inner) = framed(own, by_rules, &cues, words, scene) {
            let confidence = inner.confidence.min(own.confidence);
            *own = with_evidence(Attribution { confidence, ..inner.clone() }, "repair.frame");
        } else if let Some(content) = before_as(own, by_rules, scene) {
            own.content = content;
            own.evidence.push(Evidence::new("repair.said_as", 1.0, ""));
        }
    }
    drop_frames(found, words, scene);
}

/// "According to the ministry, Brook said …": what is left of the frame as an attribution of its own, when it has taken the
/// inner source for its own and says the same.
fn drop_frames(found: &mut Vec<Attribution>, words: &Reporting, scene: &Scene) {
    let is_frame = |own: &Attribution| {
        let cue = own.cue.first().map(|cue| cue.of(scene.text()).to_lowercase());
        cue.is_some_and(|cue| words.relayed_by.contains(&cue))
    };
    let mut inner: Vec<(usize, Span)> = Vec::new(); // first byte of the content, source
    for own in found.iter().filter(|own| !is_frame(own)) {
        inner.extend(own.content.first().zip(own.source.first()).map(|(content, source)| (content.start, *source)));
    }
    inner.sort_unstable();
    found.retain(|own| {
        let Some(start) = own.content.first().map(|content| content.start).filter(|_| is_frame(own)) else {
            return true;
        };
        let same = inner[inner.partition_point(|row| row.0 < start)..].iter().take_while(|row| row.0 == start);
        !same.into_iter().any(|(_, source)| own.source.len() > 1 && own.source.iter().any(|its| its.overlaps(*source)))
    });
}

fn with_evidence(mut own: Attribution, rule: &str) -> Attribution {
    own.evidence.push(Evidence::new(rule, 1.0, ""));
    own
}

fn sorted(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.collect();
    spans.sort_unstable();
    spans
}

/// Bytes of a closing mark that one tier counts to the content and the other does not.
const MARK: usize = 4;

/// The attribution that opens the content of an "according to X".
fn framed<'r>(
    own: &Attribution,
    by_rules: &'r [Attribution],
    cues: &[Span],
    words: &Reporting,
    scene: &Scene,
) -> Option<&'r Attribution> {
    let [content] = own.content[..] else { return None };
    let cue = own.cue.first()?.of(scene.text()).to_lowercase();
    if own.cue[0].start > content.start || !words.relayed_by.contains(&cue) {
        return None;
    }
    let room = Span::new(content.start, content.end + MARK);
    let from = by_rules.partition_point(|inner| inner.start() < own.start());
    let mut near = by_rules[from.saturating_sub(1)..].iter().take(6);
    near.find(|inner| {
        let inside = |spans: &[Span]| !spans.is_empty() && spans.iter().all(|span| room.contains(*span));
        let opens = inner.source.first().is_some_and(|source| source.start == content.start);
        opens && inside(&inner.cue) && inside(&inner.content) && cues.binary_search(&inner.cue[0]).is_err()
    })
}

/// What stands before the cue, where only an "as …" clause after it was taken for the content.
fn before_as(own: &Attribution, by_rules: &[Attribution], scene: &Scene) -> Option<Vec<Span>> {
    let (cue, content) = (own.cue.first()?, own.content.first()?);
    let text = scene.text();
    let gap = text.get(cue.end..content.start)?;
    let comma = gap.trim_end().ends_with(',') && gap.len() <= 3;
    if !comma || !content.of(text).starts_with("as ") {
        return None;
    }
    let from = by_rules.partition_point(|other| other.cover().end <= cue.start.saturating_sub(1));
    let other = by_rules[from.saturating_sub(2)..]
        .iter()
        .take(6)
        .find(|other| other.cue.iter().any(|its| its.overlaps(*cue)))?;
    other.content.iter().all(|span| span.end <= cue.start).then(|| other.content.clone())
}

/// Signed quotations: content that nobody has, or that stands there without a cue, gets its signature.
fn signatures(found: &mut Vec<Attribution>, by_rules: &[Attribution]) {
    let signed = by_rules.iter().filter(|own| own.evidence.iter().any(|evidence| evidence.rule == "quote.signed"));
    let mut order: Vec<(usize, usize)> = Vec::new(); // first byte of a content, attribution
    for (at, own) in found.iter().enumerate() {
        order.extend(own.content.iter().map(|content| (content.start, at)));
    }
    order.sort_unstable();
    let (mut dropped, mut made) = (vec![false; found.len()], Vec::new());
    for own in signed {
        let near = near(&order, own.content[0]);
        if !near.iter().any(|&at| claims(&found[at], own)) {
            near.into_iter().filter(|&at| is_part(&found[at], own)).for_each(|at| dropped[at] = true);
            made.push(with_evidence(own.clone(), "repair.signed"));
        }
    }
    let mut dropped = dropped.into_iter();
    found.retain(|_| !dropped.next().unwrap_or(false));
    found.extend(made);
}

/// The attributions that have a content which starts inside `span` or shortly before it.
fn near(order: &[(usize, usize)], span: Span) -> Vec<usize> {
    const LOOK_BACK: usize = 4; // contents that start before the quotation and reach into it
    let from = order.partition_point(|(start, _)| *start < span.start).saturating_sub(LOOK_BACK);
    let to = order.partition_point(|(start, _)| *start < span.end);
    order[from..to].iter().map(|(_, at)| *at).collect()
}

/// Whether `other` reports most of the signed words with a cue of its own.
fn claims(other: &Attribution, signed: &Attribution) -> bool {
    let content = signed.content[0];
    let reported = other.cue.iter().any(|cue| !signed.cover().overlaps(*cue) || content.contains(*cue));
    reported && other.content.iter().any(|span| span.overlaps(content) && 2 * span.len() > content.len())
}

/// Whether `other` is nothing but a part of the signed quotation, without a cue in it.
fn is_part(other: &Attribution, signed: &Attribution) -> bool {
    let cover = signed.cover();
    other.content.iter().all(|span| cover.contains(*span))
        && !other.cue.iter().any(|cue| signed.content[0].contains(*cue))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{Marked, raw, show};
    use crate::lang::language;
    use crate::model::{Extractor, Reading};

    /// What comes of one trained attribution (marked) when the rules look again.
    #[track_caller]
    fn check(marked: &str, expected: &str) {
        let marked = Marked::parse(marked);
        let spans = |role| marked.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        let mut found = vec![Attribution::new(Extractor::Accurate, spans('S'), spans('C'), spans('Q'))];
        let reading = Reading::of_lines(&marked.text);
        second_look(&mut found, &raw(&marked.text), &Scene::new(&reading, language("en")));
        let shown: Vec<String> = found.iter().map(|own| show(&marked.text, own)).collect();
        assert_eq!(shown.join(" ; "), expected);
    }

    #[test]
    fn a_frame_is_not_the_speaker() {
        check(
            "{C According to} {S the ministry}, {Q Brook told officials that it would react}.",
            "Brook | told | that it would react",
        );
        check(
            "{C According to} {S the ministry}, {Q Brook told officials that it would “react}”.",
            "Brook | told | that it would “react”",
        );
        check(
            "{C According to} {S the ministry}, {Q the bridge was closed}.",
            "the ministry | According to | the bridge was closed",
        );
        check(
            "{C According to} {S the ministry}, {Q the road that Brook said was safe is closed}.",
            "the ministry | According to | the road that Brook said was safe is closed",
        );
    }

    #[test]
    fn what_was_said_stands_before_as() {
        check(
            "The mill was damaged, {S its owner} {C said}, {Q as the town slept}.",
            "its owner | said | The mill was damaged",
        );
        check("{S Brook} {C said} {Q as much}.", "Brook | said | as much");
    }

    #[test]
    fn signatures_are_sources() {
        check("{Q “We will rebuild the bridge.”} ― Ada Brook", "Ada Brook | ― | “We will rebuild the bridge.”");
        check(
            "{Q “We will rebuild the bridge,”} {S Hill} {C said}. It rained — Brook left.",
            "Hill | said | “We will rebuild the bridge,”",
        );
    }
}
