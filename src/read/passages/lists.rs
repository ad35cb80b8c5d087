//! Lists of links: what follows "Related articles", menus, lines that come again and again.

use std::collections::BTreeMap;

use super::page::{PARAGRAPH, Page};
use crate::model::PassageKind::Boilerplate;

/// Words of a headline in a list.
const ENTRY: usize = 20;
/// Words of a menu line, and how many such lines in a row make a menu.
const MENU_WORDS: usize = 3;
const MENU_LINES: usize = 4;
/// Words of a refrain, and how often it comes.
const REFRAIN_WORDS: usize = 6;
const REFRAIN_TIMES: usize = 3;

pub(super) fn after_openers(page: &mut Page, rule: &'static str) {
    let mut inside = false;
    for at in 0..page.lines.len() {
        let line = &page.lines[at];
        if line.opens {
            inside = true;
        } else if inside && page.is_free(at) {
            inside = line.words <= ENTRY && !line.text.ends_with(['.', '”', '"']);
            if inside {
                page.mark(at, Boilerplate, rule, "");
            }
        }
    }
}

pub(super) fn menus(page: &mut Page, rule: &'static str) {
    let is_paragraph = |at: &usize| page.lines[*at].words >= PARAGRAPH && page.is_free(*at);
    let first = (0..page.lines.len()).find(is_paragraph);
    let last = (0..page.lines.len()).rfind(is_paragraph);
    let (Some(first), Some(last)) = (first, last) else { return };
    // The last short line above the article may be its headline.
    mark_menus(page, rule, 0..first.saturating_sub(1));
    mark_menus(page, rule, last + 1..page.lines.len());
}

fn mark_menus(page: &mut Page, rule: &'static str, range: std::ops::Range<usize>) {
    let mut run: Vec<usize> = Vec::new();
    let flush = |page: &mut Page, run: &mut Vec<usize>| {
        if run.len() >= MENU_LINES {
            run.iter().for_each(|at| page.mark(*at, Boilerplate, rule, ""));
        }
        run.clear();
    };
    for at in range {
        let line = &page.lines[at];
        let entry = page.is_free(at)
            && line.words <= MENU_WORDS
            && !line.ends
            && !line.quotes
            && !line.text.ends_with([':', ',', ';']);
        if entry {
            run.push(at);
        } else {
            flush(page, &mut run);
        }
    }
    flush(page, &mut run);
}

pub(super) fn refrains(page: &mut Page, rule: &'static str) {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, line) in page.lines.iter().enumerate() {
        if line.words <= REFRAIN_WORDS && !line.ends && !line.quotes && !line.text.ends_with([':', ',']) {
            places.entry(line.text.to_lowercase()).or_default().push(at);
        }
    }
    for at in places.into_values().filter(|at| at.len() >= REFRAIN_TIMES).flatten() {
        page.mark(at, Boilerplate, rule, "");
    }
}
