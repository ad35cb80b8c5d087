//! The passages of a text: its lines, each with a kind and the reason for the kind. Nothing is cut.
//!
//! First every line by itself (rules of `lang`), then what only shows from the lines around it ([`CONTEXT`]). A mark once
//! set stays, but for the playlist rule, which knows better what stands inside a player.

use crate::lang::{Language, line_rule_for, line_rules};
use crate::model::{Evidence, Passage, PassageKind};

mod captions;
mod headlines;
mod lists;
mod page;
mod players;
mod top;

use page::Page;

/// A rule that needs the lines around a line.
struct ContextRule {
    id: &'static str,
    /// One line that explains the rule.
    what: &'static str,
    apply: fn(&mut Page, &'static str),
}

const fn rule(id: &'static str, what: &'static str, apply: fn(&mut Page, &'static str)) -> ContextRule {
    ContextRule { id, what, apply }
}

/// The context rules, in the order they are applied.
const CONTEXT: &[ContextRule] = &[
    rule("zone.front_matter", "fields between two lines of three hyphens at the very start", top::front_matter),
    rule("zone.date", "a line that is only a date, or a date label at the very start", top::dates),
    rule("zone.dateline", "a dateline standing alone", top::datelines),
    rule("zone.playlist", "lines among the playing times and labels of a video player", players::playlists),
    rule("zone.repeated", "the same line twice in a row: a caption and its copy for other screens", captions::repeated),
    rule("zone.credited", "a line that stands with a photo credit", captions::credited),
    rule("zone.refrain", "the same few words three times and more, each time on a line of their own", lists::refrains),
    rule("zone.list", "a headline in a list of other articles", lists::after_openers),
    rule("zone.menu", "one of many very short lines before or after the article", lists::menus),
    rule("headline.markdown", "a heading by its number signs", headlines::markdown),
    rule("headline.first", "a short line without full stop, or in title case, before the article", headlines::first),
    rule("headline.heading", "a short line without full stop above a paragraph", headlines::headings),
];

/// Id and explanation of every passage rule, single lines first.
pub fn passage_rules() -> Vec<(&'static str, &'static str)> {
    let single = line_rules("en").map(|rule| (rule.id.as_str(), rule.what.as_str()));
    single.chain(CONTEXT.iter().map(|rule| (rule.id, rule.what))).collect()
}

/// Words from which a pattern of many alternatives is no longer believed against a quotation in the line.
const LONG_LINE: usize = 40;

/// The passages of `text`, one for each line that is not blank.
pub(super) fn passages(text: &str, language: &Language) -> Vec<Passage> {
    let mut page = Page::of(text);
    mark_single_lines(&mut page, language);
    for rule in CONTEXT {
        (rule.apply)(&mut page, rule.id);
    }
    page.into_passages()
}

fn mark_single_lines(page: &mut Page, language: &Language) {
    for at in 0..page.lines.len() {
        let line = &page.lines[at];
        if line.words >= LONG_LINE && line.quotes {
            continue;
        }
        if let Some(rule) = line_rule_for(language.code, line.text) {
            page.mark(at, rule.kind, &rule.id, "");
            page.lines[at].opens = rule.opens;
        }
    }
}

impl Page<'_> {
    fn into_passages(self) -> Vec<Passage> {
        let marks = self.marks.into_iter();
        let passage = |(line, mark): (page::Line, Option<page::Mark>)| match mark {
            None => Passage { span: line.span, kind: PassageKind::Body, evidence: Vec::new() },
            Some(mark) => {
                Passage { span: line.span, kind: mark.kind, evidence: vec![Evidence::new(&mark.rule, 1.0, mark.note)] }
            }
        };
        self.lines.into_iter().zip(marks).map(passage).collect()
    }
}

#[cfg(test)]
mod tests;
