//! Through what it was said. Rules `medium.service` and `medium.form`.
//!
//! "on Telegram", "via Twitter", "in a statement", "in a regular call with reporters", "during a speech in Vienna",
//! "on state television".

use crate::extract::grammar::phrase_end;
use crate::lang::{Reporting, WordClass::*};
use crate::model::{Attribution, Evidence};

use super::scene::{Frame, Scene};

/// Words before a medium.
const BEFORE: &[&str] = &["on", "via", "in", "during", "through", "at", "by", "over", "from"];

/// Finds the medium of every attribution that names one.
pub fn media(found: &mut [Attribution], scene: &Scene) {
    let Some(words) = scene.words else { return };
    for attribution in found.iter_mut().filter(|attribution| attribution.medium.is_none()) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let free = frame.free(attribution);
        let Some((from, to, rule)) = free.iter().find_map(|&at| medium_at(&frame, attribution, at, words)) else {
            continue;
        };
        let span = frame.unit.span_of(from, to);
        attribution.medium = Some(span);
        attribution.evidence.push(Evidence::new(rule, 1.0, span.of(scene.text())));
    }
}

fn medium_at(frame: &Frame, own: &Attribution, at: usize, words: &Reporting) -> Option<(usize, usize, &'static str)> {
    if !BEFORE.contains(&frame.lower(at)) || in_source(frame, own, at) {
        return None;
    }
    let from = at + 1;
    if words.services.contains(frame.lower(from)) {
        return Some((from, from + 1, "medium.service"));
    }
    if words.service_pairs.contains(&frame.words(from, from + 2)) {
        return Some((from, from + 2, "medium.service"));
    }
    let to = free_until(frame, own, from, phrase_end(frame.unit, from, &[]));
    if let Some(service) = (from..to).find(|&i| words.services.contains(frame.lower(i)) && frame.unit.items[i].capital)
    {
        // "on its Telegram channel", "in a Facebook post"
        return Some((from, to.max(service + 1), "medium.service"));
    }
    let head = (from..to).find(|&i| words.media.contains(frame.lower(i)) && !before_of(frame, i))?;
    let mut end = last_head(frame, head, to, words) + 1;
    if let Some(longer) = with_complement(frame, own, end) {
        end = longer;
    }
    Some((from, end, "medium.form"))
}

/// "on behalf of": a head before "of" is no medium, but "a statement of" is.
fn before_of(frame: &Frame, at: usize) -> bool {
    frame.lower(at + 1) == "of" && !["statement", "conference", "hall"].contains(&frame.lower(at))
}

/// "press conference", "television interview": the last media noun of a run.
fn last_head(frame: &Frame, head: usize, to: usize, words: &Reporting) -> usize {
    let mut last = head;
    while last + 1 < to && words.media.contains(frame.lower(last + 1)) {
        last += 1;
    }
    last
}

/// "a call with reporters", "a speech in Vienna".
fn with_complement(frame: &Frame, own: &Attribution, at: usize) -> Option<usize> {
    let preposition = ["with", "in", "to", "at", "for"].contains(&frame.lower(at));
    let next = frame.unit.get(at + 1)?;
    if !preposition || next.any(&[Weekday, Month]) || frame.in_content(own, at) || !next.is_word() {
        return None;
    }
    let end = free_until(frame, own, at + 1, phrase_end(frame.unit, at + 1, frame.cues()));
    (end > at + 1 && end - at <= 7).then_some(end)
}

fn free_until(frame: &Frame, own: &Attribution, from: usize, to: usize) -> usize {
    (from..to)
        .find(|&at| frame.in_content(own, at) || (frame.unit.items[at].is(Weekday) && at > from + 1))
        .filter(|&at| at > from)
        .unwrap_or(to)
}

fn in_source(frame: &Frame, own: &Attribution, at: usize) -> bool {
    own.source.iter().any(|source| source.contains(frame.unit.items[at].span))
}

#[cfg(test)]
mod tests {
    use crate::extract::testing::{check_mark, check_no_mark};

    #[test]
    fn services() {
        check_mark('M', "Five were killed, the head of the region said on {M Telegram}.");
        check_mark('M', "Brook said via {M Telegram} that it rained.");
        check_mark('M', "“It rains,” Brook wrote on {M Twitter} on Monday.");
        check_mark('M', "“It rains,” Brook wrote on {M its Telegram channel}.");
        check_mark('M', "“It rains,” Brook wrote on {M Truth Social}.");
        check_no_mark('M', "Brook said on Monday that Telegram was closed.");
    }

    #[test]
    fn forms() {
        check_mark('M', "It rained all day, the ministry said in {M a statement}.");
        check_mark('M', "Brook told CNN in {M a regular call with reporters} on Wednesday: “It rains.”");
        check_mark('M', "“It rains,” Brook said during {M a speech in Vienna} on Wednesday.");
        check_mark('M', "“It rains,” Brook said at {M a press conference}.");
        check_mark('M', "“It rains,” Brook said during {M a Wednesday speech in Vienna}.");
        check_mark('M', "In {M a video}, the ministry said it rained.");
        check_mark('M', "Brook said on {M state television} that it rained.");
        check_no_mark('M', "Brook said that in a statement nothing was true.");
        check_no_mark('M', "Brook said on Monday that it rained.");
    }
}
