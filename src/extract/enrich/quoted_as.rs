//! "The agency quoted the skipper as saying that …": the words are the skipper's, the agency passed them on. Rule
//! `chain.quoted`.
//!
//! The trained tiers credit the agency, as their training data does, and count the skipper to the content.

use crate::model::{Attribution, Evidence};
use crate::text::Span;

use super::scene::Scene;

/// Items between the cue and "as saying".
const GAP: usize = 16;

/// Credits the one who is quoted, and drops what only repeats the half of such an attribution.
pub fn quoted_as(found: &mut Vec<Attribution>, scene: &Scene) {
    let Some(words) = scene.words else { return };
    let mut halves: Vec<Span> = Vec::new();
    for own in found.iter_mut() {
        let cue = own.cue.last().map(|cue| cue.of(scene.text()).to_lowercase()).unwrap_or_default();
        if !cue.rsplit(' ').next().is_some_and(|last| words.quoting.contains(last)) {
            continue;
        }
        if let Some((quoted, saying)) = quoted(own, scene)
            && let Some(content) = after(&own.content, saying.end, scene.text())
        {
            let outlet = Span::covering(&own.source);
            own.chain = outlet.map(|outlet| vec![quoted, outlet]).unwrap_or_default();
            let note = own.chain.iter().map(|span| span.of(scene.text())).collect::<Vec<_>>().join(" → ");
            own.evidence.push(Evidence::new("chain.quoted", 1.0, note));
            (own.source, own.content) = (vec![quoted], content);
            own.cue.push(saying);
            halves.push(saying);
        }
    }
    found.retain(|own| own.cue.len() != 1 || !halves.iter().any(|saying| saying.contains(own.cue[0])));
}

/// Who stands between the cue and "as saying", and these words.
fn quoted(own: &Attribution, scene: &Scene) -> Option<(Span, Span)> {
    let frame = scene.frame(own)?;
    let from = frame.cue.1;
    let top = frame.unit.items.len().min(from + GAP);
    let at = (from + 1..top).find(|&at| frame.lower(at) == "as" && frame.lower(at + 1) == "saying")?;
    let broken = (from..at).any(|at| frame.unit.items[at].is_quote() || frame.unit.items[at].is_mark(".;:"));
    let to = if frame.unit.items[at - 1].is_mark(",") { at - 1 } else { at };
    (!broken && to > from).then(|| (frame.unit.span_of(from, to), frame.unit.span_of(at, at + 2)))
}

/// What of the contents stands after byte `start`.
fn after(contents: &[Span], start: usize, text: &str) -> Option<Vec<Span>> {
    let mut left: Vec<Span> = contents.iter().copied().filter(|content| content.end > start).collect();
    let first = left.first_mut()?;
    *first = Span::new(first.start.max(start), first.end).trimmed(text);
    (!first.is_empty()).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{Marked, show};
    use crate::lang::language;
    use crate::model::{Extractor, Reading};

    #[track_caller]
    fn check(marked: &str, expected: &str, chain: &[&str]) {
        let marked = Marked::parse(marked);
        let spans = |role| marked.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        let mut found = vec![Attribution::new(Extractor::Accurate, spans('S'), spans('C'), spans('Q'))];
        let reading = Reading::of_lines(&marked.text);
        quoted_as(&mut found, &Scene::new(&reading, language("en")));
        assert_eq!(show(&marked.text, &found[0]), expected);
        assert_eq!(found[0].chain.iter().map(|span| span.of(&marked.text)).collect::<Vec<_>>(), chain);
    }

    #[test]
    fn the_one_who_is_quoted_speaks() {
        let expected = "the skipper | quoted / as saying | that it rained";
        check(
            "{S The agency} {C quoted} {Q the skipper as saying that it rained}.",
            expected,
            &["the skipper", "The agency"],
        );
        check(
            "{S The agency} {C quoted} the skipper as saying {Q that it rained}.",
            expected,
            &["the skipper", "The agency"],
        );
        check(
            "{S The agency} {C quoted} {Q Jo Hill, a guard, as saying it rained}.",
            "Jo Hill, a guard | quoted / as saying | it rained",
            &["Jo Hill, a guard", "The agency"],
        );
    }

    #[test]
    fn others_stay() {
        check(
            "{S The agency} {C quoted} {Q a letter from the skipper}.",
            "The agency | quoted | a letter from the skipper",
            &[],
        );
        check(
            "{S The agency} {C said} {Q the skipper, as saying goes, left}.",
            "The agency | said | the skipper, as saying goes, left",
            &[],
        );
        check("{S Brook} is {C quoted} as saying {Q that it rained}.", "Brook | quoted | that it rained", &[]);
    }
}
