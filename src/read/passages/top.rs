//! What stands above an article: front matter, dates, datelines.

use std::sync::LazyLock;

use regex::Regex;

use super::page::Page;
use crate::model::PassageKind::Boilerplate;
use crate::read::date::read_date;

/// Most lines of a front matter block.
const FRONT_MATTER: usize = 60;

pub(super) fn front_matter(page: &mut Page, rule: &'static str) {
    if page.lines.first().is_none_or(|line| line.text != "---") {
        return;
    }
    let closing = page.lines.iter().take(FRONT_MATTER).skip(1).position(|line| matches!(line.text, "---" | "..."));
    let Some(closing) = closing.map(|at| at + 1) else { return };
    for at in 0..=closing {
        page.marks[at] = None;
        page.mark(at, Boilerplate, rule, "");
    }
}

/// A date label as crawlers write it: the word and an ISO date, whatever follows on the line.
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:date|published|updated|crawled)[: ]+\d{4}-\d{2}-\d{2}\b").expect("a fixed pattern")
});

pub(super) fn dates(page: &mut Page, rule: &'static str) {
    for at in 0..page.lines.len() {
        let line = &page.lines[at];
        let digits = line.text.contains(|c: char| c.is_ascii_digit());
        let label = at == 0 && !line.ends && digits && LABEL.is_match(line.text);
        let only_a_date = || digits && line.words > 0 && is_day(line.text);
        if label || only_a_date() {
            page.mark(at, Boilerplate, rule, "");
        }
    }
}

/// A bare year may be a heading; a day is a date line.
fn is_day(text: &str) -> bool {
    read_date(text).is_some_and(|read| read.ambiguous || read.date.day().is_some())
}

/// Most characters of a line that is nothing but a dateline.
const LONGEST_DATELINE: usize = 85;

static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{Lu}][\p{L}\p{M}.,/ ]+\s*(?:\([\p{L} .]+\))?\s*[—–-]{1,2}$").expect("a fixed pattern")
});

pub(super) fn datelines(page: &mut Page, rule: &'static str) {
    for at in 0..page.lines.len() {
        let line = &page.lines[at];
        let dash = line.text.ends_with(['—', '–', '-']);
        if dash && line.words <= 6 && line.text.chars().count() <= LONGEST_DATELINE && DATELINE.is_match(line.text) {
            page.mark(at, Boilerplate, rule, "");
        }
    }
}
