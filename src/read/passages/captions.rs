//! Captions by the lines around them: repeated lines, lines that stand with a credit.

use super::page::{PARAGRAPH, Page};
use crate::model::PassageKind::Caption;

/// Characters a repeated caption may have; a longer line repeated is a copying fault, and one copy is body.
const LONGEST: usize = 400;
/// Words of a line that a credit on the next line can make a caption.
const CAPTION: usize = 30;

const CREDITS: &[&str] = &["zone.credit", "zone.credit_end", "zone.repeated", "zone.caption"];

pub(super) fn repeated(page: &mut Page, rule: &'static str) {
    for at in 1..page.lines.len() {
        let (one, two) = (&page.lines[at - 1], &page.lines[at]);
        let together = !two.blank_before || two.words < PARAGRAPH;
        if one.text == two.text && one.text.len() <= LONGEST && one.words >= 3 && !one.quotes && together {
            page.mark(at - 1, Caption, rule, "");
            page.mark(at, Caption, rule, "");
        }
    }
}

pub(super) fn credited(page: &mut Page, rule: &'static str) {
    if page.spaced {
        for block in page.blocks().into_iter().filter(|block| block.len() > 1) {
            let credited = block.clone().any(|at| page.marked_by(at, CREDITS));
            let captions = block.clone().all(|at| page.lines[at].words <= 2 * CAPTION && !page.lines[at].quotes);
            if credited && captions {
                block.for_each(|at| page.mark(at, Caption, rule, ""));
            }
        }
    }
    for at in 1..page.lines.len() {
        let line = &page.lines[at - 1];
        let short = line.words <= CAPTION && line.words >= 3 && !line.quotes;
        if page.marked_by(at, &["zone.credit"]) && short && at > 1 && !tells_a_story(line.text, line.ends) {
            page.mark(at - 1, Caption, rule, "");
        }
    }
}

/// Captions describe in the present; a sentence in the past, or one that reports speech, is body text.
fn tells_a_story(text: &str, ends: bool) -> bool {
    const NARRATIVE: &[&str] = &[
        "said",
        "says",
        "told",
        "was",
        "were",
        "had",
        "has",
        "have",
        "will",
        "would",
        "could",
        "did",
        "added",
        "reported",
        "claimed",
        "denied",
        "warned",
        "announced",
        "i",
        "we",
        "sagte",
        "war",
        "hat",
        "hatte",
        "wurde",
        "сказал",
        "сообщил",
        "заявил",
        "был",
    ];
    let mut words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    ends && words.any(|word| NARRATIVE.contains(&word.as_str()))
}
