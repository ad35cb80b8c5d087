//! Second look at the joins of a trained tier. Rules `repair.own_cue`, `repair.voice`, `repair.act`,
//! `repair.missed`.
//!
//! A trained tier joins each content to the nearest cue it has seen. Where it overlooked the cue of a sentence, the
//! content goes to a neighbour, and the neighbour's source is shown as saying what somebody else said. The rules tier
//! knows the cue: the content goes back to it. Acts that must not be missed (claims of responsibility, denials,
//! no-comments) are added where nothing else claims their words.

use crate::model::{Act, Attribution, Evidence};
use crate::text::Span;

use super::act::acts;
use super::scene::Scene;

/// Share of a content that an attribution by rules must hold to claim it.
const SHARE: f64 = 0.5;

/// Gives contents of other sentences back to their own cue. `by_rules` is what the rules tier finds, in text order.
pub fn rejoin(found: &mut Vec<Attribution>, by_rules: &[Attribution], scene: &Scene) {
    let mut made: Vec<Attribution> = Vec::new();
    for i in 0..found.len() {
        let Some(home) = found[i].cue.first().and_then(|cue| scene.unit_at(cue.start)) else { continue };
        let (kept, strays): (Vec<Span>, Vec<Span>) = at_sentences(&found[i].content, home, by_rules, scene)
            .into_iter()
            .partition(|span| scene.unit_at(span.start) == Some(home));
        if strays.is_empty() {
            continue;
        }
        let mut content = kept.clone();
        for stray in strays {
            match owner(stray, by_rules, scene) {
                Some(owner) if !found[i].cue.iter().any(|cue| overlaps_any(*cue, &owner.cue)) => {
                    give(found, &mut made, owner, stray);
                }
                _ if is_other_voice(stray, &kept, home, scene) => {}
                _ => content.push(stray),
            }
        }
        content.sort();
        found[i].content = content;
    }
    found.extend(made);
    found.retain(|attribution| !attribution.content.is_empty());
}

/// The contents, those cut in two that start in the sentence before the cue's, where that sentence has a cue of its own
/// ("Brook said that it rained. The road was closed, Hill told reporters").
fn at_sentences(contents: &[Span], home: usize, by_rules: &[Attribution], scene: &Scene) -> Vec<Span> {
    let start = scene.units[home].span.start;
    let mut found = Vec::new();
    for &content in contents {
        let before = Span::new(content.start, start).trimmed_matches(scene.text(), |c| c.is_whitespace() || c == '.');
        if content.start < start
            && start < content.end
            && !before.is_empty()
            && owner(before, by_rules, scene).is_some()
        {
            found.extend([before, Span::new(start, content.end)]);
        } else {
            found.push(content);
        }
    }
    found
}

/// The attribution by rules whose cue stands in the stray's own sentence and whose content is mostly the stray.
fn owner<'a>(stray: Span, by_rules: &'a [Attribution], scene: &Scene) -> Option<&'a Attribution> {
    let unit = scene.units.get(scene.unit_at(stray.start)?)?;
    let first = by_rules.partition_point(|own| own.cover().end <= unit.span.start);
    by_rules[first..].iter().take_while(|own| own.start() < unit.span.end).find(|own| {
        let held: usize = own.content.iter().map(|content| shared(*content, stray)).sum();
        own.cue.iter().any(|cue| unit.span.contains(*cue)) && held as f64 >= SHARE * stray.len() as f64
    })
}

fn shared(a: Span, b: Span) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

fn overlaps_any(span: Span, others: &[Span]) -> bool {
    others.iter().any(|other| other.overlaps(span))
}

/// To the attribution that has the cue already, else to a new one.
fn give(found: &mut [Attribution], made: &mut Vec<Attribution>, owner: &Attribution, stray: Span) {
    let has_cue = |own: &&mut Attribution| own.cue.iter().any(|cue| overlaps_any(*cue, &owner.cue));
    if let Some(own) = found.iter_mut().chain(made.iter_mut()).find(has_cue) {
        own.content.push(stray);
        own.content.sort();
        own.evidence.push(Evidence::new("repair.own_cue", 1.0, ""));
        return;
    }
    let mut own = Attribution { content: vec![stray], ..owner.clone() };
    own.evidence.push(Evidence::new("repair.own_cue", 1.0, ""));
    made.push(own);
}

/// A sentence that is only a quotation, before a sentence whose cue has content of its own: it goes on with the voice
/// before it, not with the cue after it.
fn is_other_voice(stray: Span, kept: &[Span], home: usize, scene: &Scene) -> bool {
    let Some(number) = scene.unit_at(stray.start) else { return false };
    let quoted = scene.units[number].quoted_only().is_some_and(|quoted| stray.contains(quoted));
    let direct = kept.iter().any(|span| span.of(scene.text()).starts_with(crate::text::is_quotation_mark));
    number < home && quoted && !kept.is_empty() && !direct
}

/// Adds what the rules tier finds and nothing else claims: to the accurate tier acts that must not be missed and
/// quotations after a colon, to the fast tier, which misses more, everything.
pub fn add_missed(found: &mut Vec<Attribution>, by_rules: &[Attribution], scene: &Scene, everything: bool) {
    let mut taken: Vec<Span> = found.iter().flat_map(|own| own.content.iter().chain(&own.cue).copied()).collect();
    taken.sort();
    let free = |own: &&Attribution| own.cue.iter().chain(&own.content).all(|span| !is_taken(&taken, *span));
    let mut more: Vec<Attribution> = by_rules.iter().filter(free).cloned().collect();
    acts(&mut more, scene);
    let act = |own: &Attribution| matches!(own.act, Act::ClaimOfResponsibility | Act::NoComment | Act::Denial);
    let colon = |own: &Attribution| own.evidence.iter().any(|evidence| evidence.rule == "continuation.colon");
    more.retain(|own| everything || act(own) || colon(own));
    for own in &mut more {
        let (rule, note) = if act(own) { ("repair.act", own.act.name()) } else { ("repair.missed", "") };
        own.evidence.push(Evidence::new(rule, 1.0, note));
    }
    found.append(&mut more);
}

fn is_taken(taken: &[Span], span: Span) -> bool {
    const LOOK_BACK: usize = 12; // spans of one sentence that start before it
    let next = taken.partition_point(|own| own.start < span.end);
    taken[..next].iter().rev().take(LOOK_BACK).any(|own| own.overlaps(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{Marked, raw, show};
    use crate::lang::language;
    use crate::model::{Extractor, Reading};

    /// What comes of one trained attribution (marked) when the rules look again.
    fn repaired(marked: &str) -> Vec<String> {
        let marked = Marked::parse(marked);
        let spans = |role| marked.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        let mut found = vec![Attribution::new(Extractor::Accurate, spans('S'), spans('C'), spans('Q'))];
        let reading = Reading::of_lines(&marked.text);
        let scene = Scene::new(&reading, language("en"));
        rejoin(&mut found, &raw(&marked.text), &scene);
        add_missed(&mut found, &raw(&marked.text), &scene, false);
        found.iter().map(|own| show(&marked.text, own)).collect()
    }

    #[test]
    fn a_content_goes_back_to_its_own_cue() {
        let text =
            "{S Russia} {C blamed} {Q Ukraine}. {Q All eight drones were destroyed}, the ministry said in a statement.";
        assert_eq!(
            repaired(text),
            ["Russia | blamed | Ukraine", "the ministry | said | All eight drones were destroyed"]
        );
        let text = "Ada Brook said again on Friday {Q that the road was closed. The guards were doing their jobs}, {S Brook} {C told} reporters.";
        assert_eq!(
            repaired(text),
            ["Brook | told | The guards were doing their jobs", "Ada Brook | said | that the road was closed"]
        );
        let text = "{S Brook} {C said} {Q “it rains.”} {Q “It never stops.”}";
        assert_eq!(repaired(text), ["Brook | said | “it rains.” / “It never stops.”"]);
    }

    #[test]
    fn a_quotation_before_another_voice_is_let_go() {
        let text = "{Q “I do not know.”} {S The guild} {C claimed} {Q responsibility for the fire}.";
        assert_eq!(repaired(text), ["The guild | claimed | responsibility for the fire"]);
    }

    #[test]
    fn acts_that_must_not_be_missed() {
        let text = "{S Brook} {C said} {Q it rains}. The firm denied the charge. The guild praised the plan.";
        assert_eq!(repaired(text), ["Brook | said | it rains", "The firm | denied | the charge"]);
        let text = "{S Brook} {C said} {Q it rains}. Hill continued:\n“The bridge is closed.”";
        assert_eq!(repaired(text), ["Brook | said | it rains", "Hill | continued | “The bridge is closed.”"]);
    }

    #[test]
    fn the_fast_tier_takes_everything_that_is_free() {
        let text = Marked::parse("{S Brook} {C said} {Q it rains}. The guild praised the plan.");
        let spans = |role| text.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        let mut found = vec![Attribution::new(Extractor::Fast, spans('S'), spans('C'), spans('Q'))];
        let reading = Reading::of_lines(&text.text);
        add_missed(&mut found, &raw(&text.text), &Scene::new(&reading, language("en")), true);
        let shown: Vec<String> = found.iter().map(|own| show(&text.text, own)).collect();
        assert_eq!(shown, ["Brook | said | it rains", "The guild | praised | the plan"]);
    }
}
