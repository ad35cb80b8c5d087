//! When it was said, from what stands around. Rules `when.same_voice`, `when.same_day`.
//!
//! "Brook told reporters on Tuesday: … ¶ It is late, Brook said": a speaker who goes on goes on the same day. "Harbour
//! was hit on Wednesday. Two boats sank, the guild said": what is told in the paper of the very day about that day was
//! said that day. Both are inferred, and the evidence says so.

use crate::extract::grammar::Unit;
use crate::lang::WordClass::*;
use crate::model::{Attribution, Date, Evidence};
use crate::text::Span;

use super::scene::{Frame, Scene};
use super::when::date_at;

/// Sentences that may stand between two statements of one voice.
const APART: usize = 4;

/// Fills days that the words of the attribution itself do not tell.
pub fn inferred_days(found: &mut [Attribution], scene: &Scene, published: Option<&Date>) {
    if scene.words.is_none() {
        return;
    }
    let mut order: Vec<(usize, usize)> = (0..found.len()).map(|at| (found[at].start(), at)).collect();
    order.sort_unstable();
    let mut before: Option<usize> = None;
    for (_, at) in order {
        if found[at].said_on.is_none() && now(scene, &found[at]) {
            let (date, rule) = match before.map(|before| &found[before]) {
                Some(other) if same_voice(scene, other, &found[at]) => (other.said_on.clone(), "when.same_voice"),
                _ => (same_day(scene, &found[at], published), "when.same_day"),
            };
            if let Some(date) = date {
                found[at].evidence.push(Evidence::new(rule, 1.0, date.as_str()));
                found[at].said_on = Some(date);
            }
        }
        before = Some(at);
    }
}

/// Plain past or present, no "had said", "has said", and not denied: only that is told of a day.
fn now(scene: &Scene, own: &Attribution) -> bool {
    if own.cue.is_empty() {
        return true;
    }
    let Some(frame) = scene.frame(own) else { return false };
    let from = frame.cue.0.saturating_sub(1);
    !(from..frame.cue.1).any(|at| frame.unit.get(at).is_some_and(|item| item.any(&[Auxiliary, Negation])))
}

/// Whether `own` goes on with the voice of `other`, at most `APART` sentences later.
fn same_voice(scene: &Scene, other: &Attribution, own: &Attribution) -> bool {
    let place = |attribution: &Attribution| scene.unit_at(attribution.cover().end.saturating_sub(1));
    let Some((a, b)) = place(other).zip(place(own)).filter(|(a, b)| a <= b && b - a <= APART) else { return false };
    let apart = scene.units[b].passage - scene.units[a].passage;
    let (Some(theirs), Some(ours)) = (Span::covering(&other.source), Span::covering(&own.source)) else { return false };
    let text = scene.text();
    let pronoun = ["he", "she", "they"].contains(&ours.of(text).to_lowercase().as_str());
    let same_name = theirs == ours || same_name(theirs.of(text), ours.of(text));
    (apart <= 1 && same_name) || (apart == 0 && pronoun)
}

/// Whether the shorter naming that goes on can be the one before: a single name that stands in it ("Brook" after "the
/// mayor, Ada Brook"), else the same last name.
fn same_name(before: &str, own: &str) -> bool {
    let (theirs, ours) = (names(before), names(own));
    match ours[..] {
        [] => false,
        [name] => theirs.contains(&name),
        _ => theirs.last() == ours.last(),
    }
}

/// The capitalised words of a source.
fn names(source: &str) -> Vec<&str> {
    let words = source.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| word.starts_with(char::is_uppercase) && !["The", "A", "An"].contains(word)).collect()
}

/// The document's own day, where the sentence before, or words that open this one, tell of something that happened on it.
fn same_day(scene: &Scene, own: &Attribution, published: Option<&Date>) -> Option<Date> {
    let today = published.filter(|date| date.precision() >= crate::model::Precision::Day)?;
    let anchor = own.cue.first()?;
    let number = scene.unit_at(anchor.start)?;
    let unit = &scene.units[number];
    let before = number.checked_sub(1).filter(|&before| scene.units[before].passage == unit.passage);
    let told =
        opens_with_today(scene, number, today) || before.is_some_and(|before| ends_with_today(scene, before, today));
    told.then(|| today.day()).flatten().and_then(Date::parse_iso)
}

/// "Elsewhere on Wednesday, …"
fn opens_with_today(scene: &Scene, number: usize, today: &Date) -> bool {
    const OPENING: usize = 5;
    let unit = &scene.units[number];
    let comma = (1..=OPENING).find(|&at| unit.get(at).is_some_and(|item| item.is_mark(",")));
    comma.is_some_and(|comma| (0..comma).any(|at| is_today(scene, number, at, today))) && !looks_ahead(unit)
}

/// "… hit the harbour on Wednesday."
fn ends_with_today(scene: &Scene, number: usize, today: &Date) -> bool {
    let unit = &scene.units[number];
    let last = unit.items.len().saturating_sub(2);
    unit.items.len() >= 4 && is_today(scene, number, last, today) && !looks_ahead(unit)
}

fn is_today(scene: &Scene, number: usize, at: usize, today: &Date) -> bool {
    let unit = &scene.units[number];
    let frame = Frame { scene, number, unit, cue: (at, at), low: 0, high: unit.items.len() };
    let day = unit.get(at).is_some_and(|item| item.is(Weekday)).then(|| date_at(&frame, at, Some(today))).flatten();
    day.is_some_and(|(date, ..)| date.day() == today.day())
}

/// "will", "would", "plans to": what is told has not happened yet.
fn looks_ahead(unit: &Unit) -> bool {
    unit.items.iter().any(|item| {
        ["will", "would", "shall", "plans", "planned", "expected", "due", "scheduled"].contains(&&*item.lower)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::enriched_on;

    /// Published on Wednesday, 31 May 2023; the day of the last statement.
    #[track_caller]
    fn check(text: &str, iso: Option<&str>) {
        let found = enriched_on(text, Date::parse_iso("2023-05-31"));
        let day = found.last().and_then(|found| found.said_on.as_ref()).map(|date| date.as_str().to_string());
        assert_eq!(day.as_deref(), iso, "{text}");
    }

    #[test]
    fn a_voice_goes_on_the_same_day() {
        check("“It rains,” Ada Brook told reporters on Tuesday. Brook said the bridge was closed.", Some("2023-05-30"));
        check(
            "“It rains,” Ada Brook told reporters on Tuesday.\nBrook said the bridge was closed.",
            Some("2023-05-30"),
        );
        check(
            "“It rains,” the mayor, Ada Brook, told reporters on Tuesday. Brook said it was late.",
            Some("2023-05-30"),
        );
        check("“It rains,” Brook’s aide Jo Hill said on Tuesday. Brook said the bridge was closed.", None);
        check("On Tuesday, Brook said it rained. He added that the bridge was closed.", Some("2023-05-30"));
        check("“It rains,” Brook said on Tuesday. “It never stops.”", Some("2023-05-30"));
        check("“It rains,” Brook said on Tuesday. Hill said the bridge was closed.", None);
        check("“It rains,” Brook said on Tuesday. Brook had said that the bridge was closed.", None);
        check("“It rains,” Brook said on Tuesday.\nIt snowed.\nBrook said the bridge was closed.", None);
    }

    #[test]
    fn told_of_the_day_on_the_day() {
        check("The harbour was hit on Wednesday. Two boats sank, the guild said.", Some("2023-05-31"));
        check("Elsewhere on Wednesday, two boats sank, the guild reported.", Some("2023-05-31"));
        check("The harbour was hit on Tuesday. Two boats sank, the guild said.", None);
        check("The harbour will open on Wednesday. Two boats sank, the guild said.", None);
        check("The harbour was hit on Wednesday.\nTwo boats sank, the guild said.", None);
        check("The harbour was hit on Wednesday. The guild has said that two boats sank.", None);
    }
}
