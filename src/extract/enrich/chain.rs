//! Reporting inside reporting. Rules `chain.citing`, `chain.relay`, `chain.frame`, `chain.outlet`, `chain.nested`.
//!
//! "RIA reported, citing emergency services"; "…, Brook was quoted as saying by the agency"; "According to the ministry,
//! Brook told officials that …"; "told Russian news outlet Izvestia". The chain runs from the farthest source to the
//! nearest: emergency services, then RIA.

use crate::extract::grammar::{phrase_end, with_apposition};
use crate::lang::{Reporting, WordClass::*, known_outlet};
use crate::model::{Attribution, Evidence};
use crate::text::Span;

use super::scene::{Frame, Scene};

/// Finds the chain of every attribution that has one, and folds "citing Y" attributions into those they belong to.
pub fn chains(found: &mut Vec<Attribution>, scene: &Scene) {
    let Some(words) = scene.words else { return };
    for attribution in found.iter_mut().filter(|attribution| attribution.chain.is_empty()) {
        let Some(frame) = scene.frame(attribution) else { continue };
        let Some(source) = Span::covering(&attribution.source) else { continue };
        let Some((chain, rule)) = chain(&frame, attribution, source, words) else { continue };
        let note: Vec<&str> = chain.iter().map(|span| span.of(scene.text())).collect();
        attribution.evidence.push(Evidence::new(rule, 1.0, note.join(" → ")));
        if rule == "chain.citing" {
            leave_out(chain[0], &mut attribution.content, scene.text());
        }
        attribution.chain = chain;
    }
    drop_folded(found, words, scene);
}

fn chain(frame: &Frame, own: &Attribution, source: Span, words: &Reporting) -> Option<(Vec<Span>, &'static str)> {
    let free: Vec<usize> =
        frame.free(own).into_iter().filter(|&at| !source.contains(frame.unit.items[at].span)).collect();
    for &at in &free {
        if let Some(cited) = after_phrase(frame, own, at, &words.citing).filter(|cited| !cited.overlaps(source)) {
            return Some((vec![cited, source], "chain.citing"));
        }
    }
    for &at in &free {
        let in_cue = at >= frame.cue.0 && at < frame.cue.1;
        if in_cue && frame.lower(at) == "according" {
            continue; // the cue itself
        }
        if let Some(relay) = after_phrase(frame, own, at, &words.relayed_by).filter(|relay| !relay.overlaps(source)) {
            let rule = if frame.lower(at) == "according" { "chain.frame" } else { "chain.relay" };
            return Some((vec![source, relay], rule));
        }
    }
    let told = own.addressee.filter(|told| is_outlet(told.of(frame.scene.text()), words))?;
    Some((vec![source, told], "chain.outlet"))
}

/// "reported, citing two officers, that …": the cited ones are no part of the content that a tagger let begin with them.
fn leave_out(cited: Span, contents: &mut [Span], text: &str) {
    let Some(content) = contents.iter_mut().find(|content| content.start == cited.start && content.end > cited.end)
    else {
        return;
    };
    let rest = Span::new(cited.end, content.end).of(text);
    let Some(said) = rest.strip_prefix(',').map(str::trim_start) else { return };
    if said.split_whitespace().count() >= 2 {
        content.start = content.end - said.len();
    }
}

/// The noun phrase after one of `phrases`, where one stands at item `at`.
fn after_phrase(frame: &Frame, own: &Attribution, at: usize, phrases: &[String]) -> Option<Span> {
    let length = phrases.iter().filter_map(|phrase| frame.phrase_at(at, phrase)).max()?;
    let from = at + length;
    let first = frame.unit.get(from)?;
    if first.any(&[Auxiliary, SubjectPronoun, Subordinator]) || first.is_quote() {
        return None;
    }
    let to = phrase_end(frame.unit, from, frame.cues());
    let apposed = with_apposition(frame.unit, to, frame.cues());
    let opening = at == 0 || own.content.first().is_some_and(|content| content.start > frame.unit.items[at].span.start);
    (to > from).then(|| frame.unit.span_of(from, if opening { to } else { apposed }))
}

/// Whether a name is that of an outlet: in the outlet table, or with a word that only outlets have.
pub fn is_outlet(name: &str, words: &Reporting) -> bool {
    if known_outlet(name).is_some() {
        return true;
    }
    let mut capital = false;
    let mut outlet = false;
    for word in name.split_whitespace() {
        capital |= word.starts_with(char::is_uppercase);
        outlet |= words.outlet_words.contains(&word.to_lowercase());
    }
    capital && outlet
}

/// "RIA | citing | emergency services" says nothing of its own once it is the chain of another attribution.
fn drop_folded(found: &mut Vec<Attribution>, words: &Reporting, scene: &Scene) {
    let text = scene.text();
    let mut links: Vec<Span> = found.iter().flat_map(|attribution| attribution.chain.iter().copied()).collect();
    links.sort_unstable();
    found.retain(|attribution| {
        let cue = attribution.cue.first().map(|cue| cue.of(text).to_lowercase()).unwrap_or_default();
        let folded = |content: &Span| near_links(&links, *content).any(|link| content.len() <= link.len() + 12);
        !(words.citing.contains(&cue) && attribution.content.iter().all(folded))
    });
}

/// The links of chains that overlap `span`, of the few that start last before its end.
fn near_links(links: &[Span], span: Span) -> impl Iterator<Item = &Span> {
    const LOOK_BACK: usize = 12; // links of one sentence
    let to = links.partition_point(|link| link.start < span.end);
    links[..to].iter().rev().take(LOOK_BACK).filter(move |link| link.overlaps(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::check_chain;

    #[test]
    fn citing() {
        check_chain("Ten drones were shot down, {2 RIA} reported citing {1 emergency services}.");
        check_chain("Ten drones were shot down, {2 RIA} reported, citing {1 emergency services}.");
        check_chain("Ten drones were shot down, according to {2 the agency}, citing {1 a source at the port}.");
        check_chain("{2 The agency} said, citing {1 two officials}, that ten drones were shot down.");
    }

    #[test]
    fn the_cited_are_no_part_of_the_content() {
        let text = "RIA reported, citing two officers, that the boat had sunk.";
        let (cited, whole) = (Span::new(21, 33), Span::new(21, 57));
        let check = |start: usize, expected: &str| {
            let mut contents = [Span::new(start, whole.end)];
            leave_out(cited, &mut contents, text);
            assert_eq!(contents[0].of(text), expected);
        };
        check(cited.start, "that the boat had sunk");
        check(35, "that the boat had sunk");
        check(25, "officers, that the boat had sunk");
    }

    #[test]
    fn frames_and_relays() {
        check_chain("According to {2 the Defense Ministry}, {1 Brook} told officials that it would react.");
        check_chain(
            "“It rains,” {1 Brook} was quoted as saying by {2 the agency}."
                .replace("was quoted as saying by", "said, as quoted by")
                .as_str(),
        );
        check_chain("“It rains,” {1 a woman in Harbour} told {2 Russian news outlet Izvestia}.");
    }

    #[test]
    fn a_plain_source_has_no_chain() {
        check_chain("Ten drones were shot down, RIA reported.");
        check_chain("According to Brook, ten drones were shot down.");
        check_chain("“It rains,” Brook told reporters.");
    }
}
