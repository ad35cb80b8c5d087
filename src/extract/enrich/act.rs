//! What the speaker does by saying it, and whether the cue negates. Rules `act.phrase`, `act.content`, `act.cue`,
//! `cue.negated`.

use crate::lang::{Reporting, WordClass::*};
use crate::model::{Act, Attribution, Evidence};
use crate::text::words;

use super::scene::{Frame, Scene};

/// Words of a content that phrases are looked for in.
const CONTENT_WORDS: usize = 60;

/// Sets act and negation of every attribution.
pub fn acts(found: &mut [Attribution], scene: &Scene) {
    let Some(table) = scene.words else { return };
    for attribution in found.iter_mut().filter(|attribution| !attribution.cue.is_empty()) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let (act, rule, note) = act_of(&frame, attribution, table);
        attribution.act = act;
        if act != Act::Statement {
            attribution.evidence.push(Evidence::new(rule, 1.0, note));
        }
        if let Some(word) = negation(&frame).or_else(|| nobody(attribution, scene)) {
            attribution.negated = true;
            attribution.evidence.push(Evidence::new("cue.negated", 1.0, word));
        }
    }
}

fn act_of(frame: &Frame, own: &Attribution, table: &Reporting) -> (Act, &'static str, String) {
    for row in &table.acts {
        if let Some(phrase) = row.phrases.iter().find(|phrase| touches_cue(frame, phrase)) {
            return (row.act, "act.phrase", phrase.clone());
        }
    }
    let by_cue = cue_act(frame);
    if by_cue == Act::Statement {
        let content = content_words(own, frame.scene.text());
        for row in &table.acts {
            if let Some(phrase) = row.content.iter().find(|phrase| content.contains(&format!(" {phrase} "))) {
                return (row.act, "act.content", phrase.clone());
            }
        }
    }
    (by_cue, "act.cue", frame.words(frame.cue.0, frame.cue.1))
}

/// Whether `phrase` stands at the cue, with at least one word inside it.
fn touches_cue(frame: &Frame, phrase: &str) -> bool {
    let length = phrase.split(' ').count();
    let from = frame.cue.0.saturating_sub(length - 1);
    (from..frame.cue.1).any(|at| frame.phrase_at(at, phrase).is_some())
}

fn cue_act(frame: &Frame) -> Act {
    let Some(table) = frame.scene.table else { return Act::Statement };
    let group = frame.cues().iter().find(|group| group.verb >= frame.cue.0 && group.verb < frame.cue.1);
    group.map_or(Act::Statement, |group| table.cues[group.cue].act)
}

fn content_words(own: &Attribution, text: &str) -> String {
    let mut found = String::from(" ");
    for span in &own.content {
        for word in words(span.of(text)).iter().take(CONTENT_WORDS) {
            found.push_str(&word.of(span.of(text)).to_lowercase());
            found.push(' ');
        }
    }
    found
}

/// "Neither the mayor nor her deputy said", "no official has said": nobody said it. "No. 10" is a house.
fn nobody(own: &Attribution, scene: &Scene) -> Option<String> {
    let source = own.source.first()?.of(scene.text());
    let mut words = source.split_whitespace();
    let (first, second) = (words.next()?.to_lowercase(), words.next().unwrap_or(""));
    let none = match first.as_str() {
        "neither" | "nobody" => true,
        "none" => second.eq_ignore_ascii_case("of"),
        "no" => second.starts_with(char::is_lowercase),
        _ => false,
    };
    none.then_some(first)
}

/// "did not say", "has yet to endorse", "refused to".
fn negation(frame: &Frame) -> Option<String> {
    let (from, to) = frame.cue;
    for at in from..to {
        let item = frame.unit.get(at)?;
        let yet = item.lower == "yet" && frame.lower(at + 1) == "to";
        let verb = ["refused", "refuses", "declined", "declines", "failed"].contains(&&*item.lower)
            && (frame.lower(at + 1) == "to" || at + 1 == to);
        if (item.is(Negation) && item.lower != "no") || yet || verb {
            return Some(item.lower.clone());
        }
    }
    let before = frame.unit.before(from).filter(|before| before.is(Negation) && before.lower != "no");
    before.map(|before| before.lower.clone())
}

#[cfg(test)]
mod tests {
    use crate::extract::testing::enriched;
    use crate::lang::{language, reporting};
    use crate::model::Act;

    fn acts_in(text: &str) -> Vec<Act> {
        enriched(text).iter().map(|found| found.act).collect()
    }

    #[test]
    fn every_act_accepts_and_rejects_its_sentences() {
        for row in &reporting(language("en")).unwrap().acts {
            for text in &row.accept {
                assert!(acts_in(text).contains(&row.act), "{:?} wanted in {text}: {:?}", row.act, acts_in(text));
            }
            for text in &row.reject {
                assert!(!acts_in(text).contains(&row.act), "{:?} not wanted in {text}", row.act);
            }
        }
    }

    #[test]
    fn acts_of_cues() {
        assert_eq!(acts_in("“Who pays?” she asked."), [Act::Question]);
        assert_eq!(acts_in("She believes that it will rain."), [Act::Thought]);
        assert_eq!(acts_in("She said that it will rain."), [Act::Statement]);
    }

    #[track_caller]
    fn check_negated(text: &str, negated: bool) {
        let found = enriched(text);
        assert_eq!(found.first().map(|found| found.negated), Some(negated), "{text}");
    }

    #[test]
    fn negated_cues() {
        check_negated("She did not say that it would rain.", true);
        check_negated("The firm declined to pay.", true);
        check_negated("Neither the mayor nor the guild has said that it would rain.", true);
        check_negated("No official has said that it would rain.", true);
        check_negated("None of the officials said that it would rain.", true);
        check_negated("No. 10 said that it would rain.", false);
        check_negated("She said that it would not rain.", false);
        check_negated("She said it never rains.", false);
    }
}
