//! The rules tier: the cue table and patterns alone, no trained weights.
//!
//! In: a reading and its language. Out: raw attributions with their rule ids in evidence. Where the language has no cue
//! table, quotation marks and punctuation alone decide, with low confidence.

mod according;
mod alone;
mod colon;
mod confidence;
mod content;
mod draft;
mod signature;
#[cfg(test)]
mod tests;
mod verbal;

use crate::lang::{CueTable, Language, cues, reporting};
use crate::model::{Attribution, Reading};

use crate::extract::grammar::{CueGroup, Unit, cue_groups, units};
use draft::Draft;

/// All attributions the rules find, in text order.
pub fn attributions(reading: &Reading, language: &Language) -> Vec<Attribution> {
    let units = units(reading, language);
    let speakers = colon::speakers(&units, reading.text);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut waiting: Option<Draft> = None;
    let mut before: Option<&Unit> = None;
    for (number, unit) in units.iter().enumerate() {
        if let (Some(mut draft), Some(content)) = (waiting.take(), unit.quoted_only()) {
            draft.content.push(content);
            drafts.push(draft);
        } else if let Some(draft) = signature::signature(&units, number) {
            drafts.push(draft);
        } else if let Some(draft) = colon::colon(unit, reading.text, &speakers) {
            drafts.push(draft);
        } else if let Some(table) = cues(language) {
            let Cued { found, open, late } = cued(reading, unit, table, language);
            if let (Some(draft), Some(before), true) = (late, before, found.is_empty()) {
                drafts.extend(said_before(draft, before, unit, &drafts));
            }
            drafts.extend(found);
            waiting = open;
        } else {
            drafts.extend(alone::alone(unit, reading.text));
        }
        before = Some(unit);
    }
    drafts.into_iter().map(Draft::into_attribution).collect()
}

/// What the cues of one unit give.
struct Cued {
    found: Vec<Draft>,
    /// A cue that waits for what follows.
    open: Option<Draft>,
    /// A cue whose content is the sentence before.
    late: Option<Draft>,
}

/// `draft` with the sentence before as its content, where nobody else has claimed that.
fn said_before(mut draft: Draft, before: &Unit, unit: &Unit, drafts: &[Draft]) -> Option<Draft> {
    let taken = drafts.iter().rev().take(3).any(|other| other.content.iter().any(|span| span.overlaps(before.span)));
    draft.content.push(before.span);
    draft.confidence = confidence::of("cue.after_stop", "");
    (before.passage == unit.passage && !taken).then_some(draft)
}

/// Attributions by words of the cue table, and by phrases where no verb has claimed the same words; and the
/// cues whose content stands in another sentence.
fn cued(reading: &Reading, unit: &Unit, table: &CueTable, language: &Language) -> Cued {
    let mut cues = cue_groups(unit, table);
    cues.retain(|group| !wishes_for_no_name(unit, group, language));
    let verbs = verbal::Verbs { unit, text: reading.text, table, cues: &cues };
    let mut found = verbal::verbal(&verbs);
    for draft in according::according(unit, reading.text, &cues) {
        if !found.iter().any(|other| overlap(other, &draft)) {
            found.push(draft);
        }
    }
    found.sort_by_key(|draft| draft.cue.map_or(0, |cue| cue.start));
    let open = verbal::waiting(&verbs).filter(|open| found.iter().all(|draft| draft.cue != open.cue));
    Cued { found, open, late: verbal::late(&verbs) }
}

/// "who asked not to be named": that says who speaks, not what.
fn wishes_for_no_name(unit: &Unit, group: &CueGroup, language: &Language) -> bool {
    const LONGEST: usize = 6;
    let next: Vec<&str> = unit.items[group.to..].iter().take(LONGEST).map(|item| &*item.lower).collect();
    let next = next.join(" ") + " ";
    reporting(language).is_some_and(|words| words.anonymous.iter().any(|start| next.starts_with(&format!("{start} "))))
}

fn overlap(a: &Draft, b: &Draft) -> bool {
    a.content.iter().any(|a| b.content.iter().any(|b| a.overlaps(*b)))
}
