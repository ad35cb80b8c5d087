//! "He denied having sold it: “I never owned it.”": what stands in marks after the colon is said, not denied. Rule
//! `continuation.answer`.
//!
//! The trained tiers take both for one content. Under a cue that denies or negates, that would turn the quotation round.

use crate::model::{Act, Attribution, Evidence};
use crate::text::Span;

use super::scene::Scene;

/// Makes a quotation after a colon a statement of its own, where what stands before the colon is denied.
pub fn answers(found: &mut Vec<Attribution>, scene: &Scene) {
    let mut made = Vec::new();
    for own in found.iter_mut().filter(|own| turns_round(own)) {
        let Some(open) = after_colon(own, scene) else { continue };
        let (denied, said) = cut(&own.content, open, scene.text());
        if denied.is_empty() || said.is_empty() {
            continue;
        }
        own.content = denied;
        let mut answer = Attribution::new(own.extractor, own.source.clone(), Vec::new(), said);
        answer.confidence = own.confidence * 0.95;
        answer.evidence.push(Evidence::new("continuation.answer", 1.0, ""));
        made.push(answer);
    }
    found.extend(made);
}

/// Whether the speaker says that the content is not so.
pub fn turns_round(own: &Attribution) -> bool {
    own.negated || own.act == Act::Denial
}

/// Where the first quotation of the content opens that a colon announces.
fn after_colon(own: &Attribution, scene: &Scene) -> Option<usize> {
    let (first, last) = (own.content.first()?.start, own.content.last()?.end);
    let from = scene.reading.quotes.partition_point(|pair| pair.open.start <= first);
    let inside = scene.reading.quotes[from..].iter().take_while(|pair| pair.open.start < last);
    let announced = |start: usize| scene.text()[..start].trim_end().ends_with(':');
    inside.filter(|pair| pair.depth == 0).map(|pair| pair.open.start).find(|&start| announced(start))
}

/// The contents before byte `at` and from it on.
fn cut(contents: &[Span], at: usize, text: &str) -> (Vec<Span>, Vec<Span>) {
    let end = |c: char| c.is_whitespace() || c == ':';
    let before = contents.iter().filter(|span| span.start < at);
    let before = before.map(|span| Span::new(span.start, span.end.min(at)).trimmed_matches(text, end));
    let after = contents.iter().filter(|span| span.end > at).map(|span| Span::new(span.start.max(at), span.end));
    (before.filter(|span| !span.is_empty()).collect(), after.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::{Marked, show};
    use crate::lang::language;
    use crate::model::{Extractor, Reading};

    #[track_caller]
    fn check(marked: &str, act: Act, expected: &[&str]) {
        let marked = Marked::parse(marked);
        let spans = |role| marked.marks.iter().filter(|mark| mark.0 == role).map(|mark| mark.1).collect();
        let mut found = vec![Attribution::new(Extractor::Accurate, spans('S'), spans('C'), spans('Q'))];
        found[0].act = act;
        let reading = Reading::of_lines(&marked.text);
        answers(&mut found, &Scene::new(&reading, language("en")));
        let shown: Vec<String> = found.iter().map(|own| show(&marked.text, own)).collect();
        assert_eq!(shown, expected);
        assert!(found.iter().skip(1).all(|own| !turns_round(own)));
    }

    #[test]
    fn what_follows_a_colon_is_said() {
        let two = ["He | denied | having sold it", "He |  | “I never owned it. Ask her.”"];
        check("{S He} {C denied} {Q having sold it}: {Q “I never owned it. Ask her.”}", Act::Denial, &two);
        check("{S He} {C denied} {Q having sold it: “I never owned it. Ask her.”}", Act::Denial, &two);
    }

    #[test]
    fn others_stay() {
        let whole = ["He | praised | the crew: “They saved us.”"];
        check("{S He} {C praised} {Q the crew: “They saved us.”}", Act::Statement, &whole);
        check("{S He} {C denied}: {Q “I sold it.”}", Act::Denial, &["He | denied | “I sold it.”"]);
        check("{S He} {C denied} {Q the “sale: of it”}", Act::Denial, &["He | denied | the “sale: of it”"]);
        check("{S He} {C denied} {Q a “secret” sale}", Act::Denial, &["He | denied | a “secret” sale"]);
    }
}
