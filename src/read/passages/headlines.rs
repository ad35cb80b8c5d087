//! Headlines: the line above the article, headings between paragraphs.

use super::page::Page;
use crate::model::PassageKind::Headline;

/// Words of a headline and of a heading inside the text.
const HEADLINE: usize = 30;
const HEADING: usize = 12;
/// Words of a paragraph that can stand under a heading.
const UNDER: usize = 12;
/// Most headings in a row; more short lines in a row are a list.
const IN_A_ROW: usize = 2;

pub(super) fn markdown(page: &mut Page, rule: &'static str) {
    for at in 0..page.lines.len() {
        let text = page.lines[at].text;
        let level = text.len() - text.trim_start_matches('#').len();
        if (1..=6).contains(&level) && text[level..].starts_with(' ') {
            page.mark(at, Headline, rule, "");
        }
    }
}

pub(super) fn first(page: &mut Page, rule: &'static str) {
    let Some(at) = (0..page.lines.len()).find(|at| page.is_free(*at)) else { return };
    let line = &page.lines[at];
    let fits = (1..=HEADLINE).contains(&line.words) && !line.text.ends_with([',', ';', ':']);
    let paragraph_follows = (at + 1..page.lines.len()).any(|next| page.is_free(next) && page.lines[next].ends);
    if fits && paragraph_follows && (!line.ends || is_title_case(line.text)) {
        page.mark(at, Headline, rule, "");
    }
}

/// At least six in ten of the longer words begin with a capital.
fn is_title_case(text: &str) -> bool {
    let longer: Vec<&str> = text.split_whitespace().filter(|word| word.chars().count() >= 4).collect();
    let capitals =
        longer.iter().filter(|word| word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase));
    longer.len() >= 4 && capitals.count() * 10 >= longer.len() * 7
}

pub(super) fn headings(page: &mut Page, rule: &'static str) {
    let mut row: Vec<usize> = Vec::new();
    for at in 0..page.lines.len() {
        if !page.is_free(at) {
            continue;
        }
        let line = &page.lines[at];
        if is_heading(line) {
            row.push(at);
            continue;
        }
        if row.len() <= IN_A_ROW && line.words >= UNDER {
            row.iter().for_each(|at| page.mark(*at, Headline, rule, ""));
        }
        row.clear();
    }
}

fn is_heading(line: &super::page::Line) -> bool {
    let bullet = line.text.starts_with(['-', '–', '—', '•', '*', '·', '▪', '‣'])
        || line.text.split_once(['.', ')']).is_some_and(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
    let open_end = line.text.ends_with([',', ';', ':', '-', '–', '—']);
    (1..=HEADING).contains(&line.words) && !line.ends && !open_end && !bullet
}
