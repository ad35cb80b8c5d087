//! Verbatim words printed without their marks. Rules `marks_lost.person`, `marks_lost.colon`, `marks_lost.goes_on`.
//!
//! Copies of news lose quotation marks. What stays is the grammar of direct speech: a colon after the cue, or content
//! before a cue without "that", with first-person words that the reporter cannot mean.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::extract::grammar::Unit;
use crate::model::{Attribution, Evidence, Kind, Reading};
use crate::text::{Span, words};

use super::scene::{Frame, Scene};

/// First-person words.
static FIRST_PERSON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    [
        "i",
        "we",
        "me",
        "us",
        "my",
        "our",
        "mine",
        "ours",
        "myself",
        "ourselves",
        "i’m",
        "we’re",
        "i’ve",
        "we’ve",
        "i’ll",
        "we’ll",
        "i’d",
        "we’d",
    ]
    .into()
});

/// Words of a content that are looked at.
const LOOK: usize = 60;

/// Marks verbatim contents without marks, and the sentences after them that go on in the same voice.
pub fn lost_marks(found: &mut [Attribution], scene: &Scene) {
    if scene.words.is_none() {
        return;
    }
    let bare = no_quoted_sentences(scene.reading);
    let mut taken: Vec<Span> = found.iter().flat_map(|attribution| attribution.content.iter().copied()).collect();
    taken.sort();
    for attribution in found.iter_mut().filter(|attribution| attribution.kind == Kind::Indirect) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let Some(rule) = lost(&frame, attribution, bare) else { continue };
        attribution.marks_lost = true;
        attribution.kind = Kind::Direct;
        attribution.evidence.push(Evidence::new(rule, 1.0, ""));
        follow(attribution, scene, &taken, bare);
    }
}

fn lost(frame: &Frame, own: &Attribution, bare: bool) -> Option<&'static str> {
    let text = frame.scene.text();
    let (content, cue) = (own.content.first()?, own.cue.first()?);
    if own.source.iter().any(|source| is_first_person(source.of(text))) || own.act == crate::model::Act::Thought {
        return None;
    }
    let before = content.start < cue.start;
    let that = content.of(text).get(..5).is_some_and(|start| start.eq_ignore_ascii_case("that "));
    let gap = text.get(cue.start..content.start).unwrap_or("");
    let colon = !before && gap.trim_end().ends_with(':');
    let sentence = content.of(text).starts_with(char::is_uppercase);
    if colon && sentence && words(content.of(text)).len() >= 3 && !is_transcript(own) {
        return Some("marks_lost.colon");
    }
    let person = first_person(content.of(text));
    let direct = before || colon || bare;
    (person && direct && !that && (before || sentence)).then_some("marks_lost.person")
}

/// Lines of a transcript never had marks to lose.
fn is_transcript(own: &Attribution) -> bool {
    own.evidence.iter().any(|evidence| evidence.rule == "colon.speaker")
}

fn first_person(content: &str) -> bool {
    words(content).iter().take(LOOK).any(|word| is_first_person(word.of(content)))
}

fn is_first_person(word: &str) -> bool {
    FIRST_PERSON.contains(word.to_lowercase().replace('\'', "’").as_str())
}

/// A document in which no quotation holds a sentence.
fn no_quoted_sentences(reading: &Reading) -> bool {
    !reading.quotes.iter().any(|pair| {
        pair.style.is_double() && pair.inner().of(reading.text).trim_end().ends_with(['.', ',', '!', '?', '…'])
    })
}

/// Sentences after it in the same paragraph that nobody else claims: with first-person words anywhere, or, where the
/// document has lost all its marks, up to the end of the paragraph.
fn follow(own: &mut Attribution, scene: &Scene, taken: &[Span], bare: bool) {
    const SENTENCES: usize = 6;
    let Some(start) = scene.unit_at(own.cover().end.saturating_sub(1)) else { return };
    let passage = scene.units[start].passage;
    let mut open: Vec<Span> = Vec::new();
    for unit in scene.units[start + 1..].iter().take(SENTENCES).take_while(|unit| unit.passage == passage) {
        let span = trimmed(unit, scene.text());
        if is_taken(taken, span) || has_cue(scene, unit) {
            break;
        }
        open.push(span);
        if bare || first_person(span.of(scene.text())) {
            own.content.append(&mut open);
            own.evidence.push(Evidence::new("marks_lost.goes_on", 1.0, ""));
        }
    }
}

fn trimmed(unit: &Unit, text: &str) -> Span {
    unit.span.trimmed(text)
}

fn is_taken(taken: &[Span], span: Span) -> bool {
    let next = taken.partition_point(|own| own.start < span.end);
    taken[..next].iter().rev().take(8).any(|own| own.overlaps(span))
}

fn has_cue(scene: &Scene, unit: &Unit) -> bool {
    let Some(table) = scene.table else { return false };
    let number = scene.unit_at(unit.span.start);
    number.is_some_and(|number| {
        scene.cues[number].iter().any(|group| table.cues[group.cue].takes(crate::lang::Takes::Before))
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::testing::{enriched, show};
    use crate::model::Kind;

    #[track_caller]
    fn check(text: &str, lost: bool) {
        let found = enriched(text);
        let first = found.first().unwrap_or_else(|| panic!("nothing found in {text}"));
        assert_eq!(first.marks_lost, lost, "{text}");
        if lost {
            assert_eq!(first.kind, Kind::Direct);
        }
    }

    #[test]
    fn direct_speech_without_marks() {
        check("Brook told CNN on Wednesday: We are really concerned about the bridge.", true);
        check("So far we have heard nothing from the firm, Brook said.", true);
        check("Brook said on Telegram: It is loud in Harbour.", true);
    }

    #[test]
    fn indirect_speech_is_no_loss() {
        check("Brook said that we all need rain.", false);
        check("The bridge was closed, Brook said.", false);
        check("“We are concerned,” Brook said.", false);
        check("“We are concerned,” Brook said. I was there, Hill said, and it rained.", false);
    }

    #[test]
    fn the_voice_goes_on() {
        let text = "I woke up at noon, a woman told reporters. My husband jumped up. The mayor said it was over.";
        let found: Vec<String> = enriched(text).iter().map(|found| show(text, found)).collect();
        assert_eq!(found[1], "a woman |  | My husband jumped up.");
        assert_eq!(found.len(), 3);
    }
}
