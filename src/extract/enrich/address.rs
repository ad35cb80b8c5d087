//! Who was told. Rules `address.told`, `address.to`, `address.interview`.
//!
//! "told CNN", "said to reporters", "in an interview with The Harbour Post", "speaking to a newspaper".

use crate::extract::grammar::phrase_end;
use crate::lang::{Takes, WordClass::*, known_outlet};
use crate::model::{Attribution, Evidence};

use super::scene::{Frame, Scene};

/// Finds the addressee of every attribution that names one.
pub fn addressees(found: &mut [Attribution], scene: &Scene) {
    for attribution in found.iter_mut().filter(|attribution| attribution.addressee.is_none()) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let Some((from, to, rule)) = addressee(&frame, attribution) else { continue };
        let span = frame.unit.span_of(from, to);
        attribution.addressee = Some(span);
        attribution.evidence.push(Evidence::new(rule, 1.0, span.of(scene.text())));
    }
}

fn addressee(frame: &Frame, attribution: &Attribution) -> Option<(usize, usize, &'static str)> {
    if let Some((from, to)) = told(frame, attribution) {
        return Some((from, to, "address.told"));
    }
    let free = frame.free(attribution);
    for &at in &free {
        if let Some((from, to)) = interviewer(frame, at) {
            return Some((from, to, "address.interview"));
        }
    }
    let near = frame.cue.0..=frame.cue.1 + 8;
    let tell = free.iter().copied().filter(|at| near.contains(at)).find_map(|at| said_to(frame, at))?;
    Some((tell.0, tell.1, "address.to"))
}

/// The phrase right after a cue that takes an addressee.
fn told(frame: &Frame, attribution: &Attribution) -> Option<(usize, usize)> {
    let table = frame.scene.table?;
    let group = frame.cues().iter().find(|group| {
        group.verb >= frame.cue.0 && group.verb < frame.cue.1 && table.cues[group.cue].takes(Takes::Addressee)
    })?;
    let after_source = attribution.source.first().map_or(0, |source| source.end);
    let mut at = group.to;
    if frame
        .unit
        .get(at)
        .is_some_and(|item| item.span.start < after_source && attribution.source[0].contains(item.span))
    {
        at = frame.unit.items.partition_point(|item| item.span.start < after_source); // "told Brook reporters"
    }
    let first = frame.unit.get(at)?;
    let starts = first.is_word()
        && (!first.any(&[Preposition, Subordinator, Auxiliary, SubjectPronoun])
            || first.any(&[ObjectPronoun, Possessive]))
        && !(first.any(&[Relative]) && first.lower == "that")
        && !frame.in_content(attribution, at);
    if !starts {
        return None;
    }
    let mut to = phrase_end(frame.unit, at, &[]);
    to = (at..to).find(|&i| frame.in_content(attribution, i) || ends_addressee(frame, i, at)).unwrap_or(to);
    (to > at).then_some((at, to))
}

fn ends_addressee(frame: &Frame, at: usize, from: usize) -> bool {
    let item = &frame.unit.items[at];
    let place = at > from && ["in", "on", "at", "during", "by", "from"].contains(&&*item.lower);
    item.any(&[Weekday, Month]) || item.lower == "that" || place
}

/// "in an interview with X", "speaking to X", "in a letter to X".
fn interviewer(frame: &Frame, at: usize) -> Option<(usize, usize)> {
    let preposition = frame.lower(at);
    if !["with", "to"].contains(&preposition) {
        return None;
    }
    let before = frame.lower(at.checked_sub(1)?);
    let talk = [
        "interview",
        "interviews",
        "call",
        "conversation",
        "briefing",
        "speaking",
        "spoke",
        "talking",
        "letter",
        "remarks",
        "comments",
        "message",
        "email",
        "statement",
    ];
    if !talk.contains(&before) {
        return None;
    }
    let first = frame.unit.get(at + 1)?;
    if !first.is_word() || first.any(&[Auxiliary, Conjunction, Subordinator]) {
        return None;
    }
    let to = phrase_end(frame.unit, at + 1, frame.cues());
    (to > at + 1 && (first.capital || first.any(&[Determiner, Possessive]) || is_audience(frame, at + 1, to)))
        .then_some((at + 1, to))
}

/// "said to reporters", "wrote to the council", but not "said to be" and not "promised to act".
fn said_to(frame: &Frame, at: usize) -> Option<(usize, usize)> {
    if frame.lower(at) != "to" {
        return None;
    }
    let to = phrase_end(frame.unit, at + 1, frame.cues());
    let named = frame.unit.get(at + 1)?.capital
        && known_outlet(frame.unit.span_of(at + 1, to).of(frame.scene.text())).is_some();
    (to > at + 1 && (named || is_audience(frame, at + 1, to))).then_some((at + 1, to))
}

fn is_audience(frame: &Frame, from: usize, to: usize) -> bool {
    let Some(words) = frame.scene.words else { return false };
    (from..to).any(|at| {
        let alone = !frame.unit.items[at].is(ObjectPronoun) || to == from + 1;
        alone && words.audiences.contains(frame.lower(at))
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::testing::{check_mark, check_no_mark};

    #[test]
    fn told() {
        check_mark('A', "Peskov told {A CNN} in a regular call on Wednesday: “It rains.”");
        check_mark('A', "“It rains,” a woman in Harbour told {A Russian news outlet Izvestia}.");
        check_mark('A', "“It rains,” the mayor told {A reporters} on Friday.");
        check_mark('A', "The mayor told {A The Harbour Post} that it rained.");
        check_mark('A', "Brook, the mayor, told {A her supporters} it had rained.");
        check_no_mark('A', "The mayor said that it rained.");
        check_no_mark('A', "The mayor told that story twice and said it rained.");
    }

    #[test]
    fn said_to() {
        check_mark('A', "“It rains,” the mayor said to {A reporters}.");
        check_no_mark('A', "The mayor said to her credit that it rained.");
    }

    #[test]
    fn interviews() {
        check_mark('A', "“It rains,” Brook said in an interview with {A The Harbour Post}.");
        check_mark('A', "Speaking to {A The Harbour Post}, Brook said it rained.");
        check_no_mark('A', "“It rains,” Brook said in an interview on Friday.");
    }
}
