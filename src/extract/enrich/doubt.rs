//! What looks like an attribution and rarely is one. Rules `doubt.name`, `doubt.heading`, `doubt.zone`,
//! `doubt.language`, `doubt.anonymous`.
//!
//! Nothing is dropped: the confidence falls, and the evidence says why.

use crate::model::{Attribution, Evidence, Kind, PassageKind};
use crate::text::words;

use super::scene::Scene;

/// Cues that give something a name.
const NAMING: &[&str] =
    &["called", "so-called", "known as", "named", "dubbed", "titled", "nicknamed", "entitled", "branded"];

/// Lowers the confidence of names in marks, headings and text around the story.
pub fn doubts(found: &mut [Attribution], scene: &Scene) {
    for attribution in found {
        for (rule, factor) in [
            ("doubt.name", if is_name(attribution, scene) { 0.5 } else { 1.0 }),
            ("doubt.heading", if is_heading(attribution, scene) { 0.5 } else { 1.0 }),
            ("doubt.zone", if is_outside(attribution) { 0.5 } else { 1.0 }),
            ("doubt.anonymous", if is_wish_for_no_name(attribution, scene) { 0.2 } else { 1.0 }),
            ("doubt.language", if scene.table.is_none() { 0.5 } else { 1.0 }),
        ] {
            if factor < 1.0 {
                attribution.confidence *= factor;
                attribution.evidence.push(Evidence::new(rule, factor.ln(), ""));
            }
        }
    }
}

/// "a stream called “Miracle Run”": a naming cue and a few quoted words, no speaker's view.
fn is_name(attribution: &Attribution, scene: &Scene) -> bool {
    let text = scene.text();
    let cue = attribution.cue.first().map(|cue| cue.of(text).to_lowercase()).unwrap_or_default();
    let length: usize = attribution.content.iter().map(|span| words(span.of(text)).len()).sum();
    NAMING.contains(&cue.as_str()) && length <= 4 && attribution.source.is_empty()
}

/// "who asked not to be named": about the source, nothing it says.
fn is_wish_for_no_name(attribution: &Attribution, scene: &Scene) -> bool {
    let [content] = attribution.content[..] else { return false };
    let content = content.of(scene.text()).to_lowercase();
    scene.words.is_some_and(|words| words.anonymous.iter().any(|start| content.starts_with(start.as_str())))
}

/// "Harbour: floods and fires": a colon in a line without a full stop.
fn is_heading(attribution: &Attribution, scene: &Scene) -> bool {
    let colon = attribution.cue.first().is_some_and(|cue| cue.of(scene.text()).trim() == ":");
    let passage = attribution.content.first().and_then(|span| scene.reading.passage_at(span.start));
    let Some(passage) = passage.filter(|_| colon && attribution.kind == Kind::Indirect) else { return false };
    let line = scene.reading.passages[passage].span.of(scene.text()).trim_end();
    !line.ends_with(['.', '!', '?', '…', '”', '"'])
}

fn is_outside(attribution: &Attribution) -> bool {
    matches!(attribution.zone, PassageKind::Caption | PassageKind::Boilerplate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::Marked;
    use crate::extract::{ExtractOptions, attributions};
    use crate::lang::language;
    use crate::model::{Extractor, Reading};

    fn doubted(marked: &str) -> Option<String> {
        let marked = Marked::parse(marked);
        let spans = |role| marked.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        let mut found = [Attribution::new(Extractor::Rules, spans('S'), spans('C'), spans('Q'))];
        let reading = Reading::of_lines(&marked.text);
        doubts(&mut found, &Scene::new(&reading, language("en")));
        found[0].evidence.first().map(|evidence| evidence.rule.clone())
    }

    #[test]
    fn names_and_headings_are_doubted() {
        assert_eq!(doubted("a stream {C called} {Q “Miracle Run”} was dry.").as_deref(), Some("doubt.name"));
        assert_eq!(doubted("{S Brook} {C called} {Q it “a gift”}."), None);
        assert_eq!(doubted("{S who} {C asked} {Q not to be named}").as_deref(), Some("doubt.anonymous"));
        assert_eq!(doubted("{S who} {C asked} {Q not to be sent home}"), None);
        assert_eq!(doubted("{S Harbour}{C :} {Q floods and fires}").as_deref(), Some("doubt.heading"));
        assert_eq!(doubted("{S Brook}{C :} {Q It rained all day.}"), None);
    }

    #[test]
    fn a_language_without_tables_is_doubted() {
        let text = "Brook: „Es regnet seit gestern.“";
        let rules = |code: &str| {
            let options = ExtractOptions { extractor: Extractor::Rules, ..ExtractOptions::default() };
            attributions(&Reading::of_lines(text), language(code), &options)
        };
        let (unknown, known) = (rules("de"), rules("en"));
        assert_eq!(unknown.len(), 1);
        assert!(unknown[0].evidence.iter().any(|evidence| evidence.rule == "doubt.language"));
        assert!(unknown[0].confidence < known[0].confidence);
    }
}
