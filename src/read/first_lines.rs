//! What stands above an article and says when it was published and what it is called.

use std::sync::LazyLock;

use regex::Regex;

use super::date::{DateRead, read_date};
use crate::model::{Document, Known, Passage, PassageKind, Warning};

/// Passages looked at for a date line; a date further down belongs to the story.
const TOP: usize = 30;
/// Most words of a date inside a line.
const DATE_WORDS: usize = 5;

/// The first headline, where one stands before the article.
pub(super) fn title(text: &str, passages: &[Passage]) -> Option<Known<String>> {
    let is_title = |passage: &&Passage| passage.kind == PassageKind::Headline;
    let before_body = passages.iter().take_while(|passage| passage.kind != PassageKind::Body);
    let words = before_body.filter(is_title).map(|passage| passage.span.of(text)).next()?;
    let words = words.trim().trim_start_matches('#').trim();
    (!words.is_empty()).then(|| Known::guessed(words.to_string(), "first line"))
}

/// A date found in a line.
struct Found {
    date: DateRead,
    words: String,
    from: String,
    guessed: bool,
    updated: bool,
}

/// Fills `published` and `modified` from the lines above the article where they are unknown.
pub(super) fn fill_dates(document: &mut Document, text: &str, passages: &[Passage]) {
    if document.published.is_some() {
        return;
    }
    for found in top_dates(text, passages) {
        let slot = if found.updated { &mut document.modified } else { &mut document.published };
        if slot.is_some() {
            continue;
        }
        *slot = Some(Known { value: found.date.date, from: found.from.clone(), guessed: found.guessed });
        if found.date.ambiguous {
            document.warnings.push(Warning::new("W108", format!("{}: “{}”", found.from, found.words)));
        }
    }
}

fn top_dates(text: &str, passages: &[Passage]) -> Vec<Found> {
    let mut found = Vec::new();
    let mut bodies = 0;
    for (at, passage) in passages.iter().enumerate().take(TOP) {
        let words = passage.span.of(text).trim();
        let rule = passage.evidence.first().map_or("", |evidence| evidence.rule.as_str());
        let place = if at == 0 { "first line".to_string() } else { format!("line {}", at + 1) };
        if let Some((date, guessed, how)) = date_of_line(words, rule) {
            let from = if guessed { format!("line {}: {how}", at + 1) } else { place };
            found.push(Found { date, words: words.to_string(), from, guessed, updated: says_updated(words) });
        }
        bodies += usize::from(passage.kind == PassageKind::Body);
        if bodies > 1 {
            break;
        }
    }
    found
}

fn date_of_line(words: &str, rule: &str) -> Option<(DateRead, bool, &'static str)> {
    match rule {
        "zone.date" | "zone.playlist" | "zone.file" => {
            labelled(words).or_else(|| read_date(words)).map(|date| (date, false, ""))
        }
        "zone.republished" => inside(words).map(|date| (date, false, "")),
        "zone.byline" => inside(words).map(|date| (date, true, "byline")),
        "" | "headline.first" => dateline(words).map(|date| (date, true, "dateline")),
        _ => None,
    }
}

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?i:date|published|updated|crawled)[: ]+(\d{4}-\d{2}-\d{2})\b").expect("a fixed pattern")
});

fn labelled(words: &str) -> Option<DateRead> {
    read_date(LABEL.captures(words)?.get(1)?.as_str())
}

/// "HARBOUR, May 31, 2023 (Reuters) – ": a date between a place and a dash at the start of a paragraph.
fn dateline(words: &str) -> Option<DateRead> {
    let head: String = words.chars().take(90).collect();
    let (head, _) = head.split_once(['–', '—']).or_else(|| head.split_once(" - "))?;
    let (place, rest) = head.split_once([',', '('])?;
    let capitals = place.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    capitals.then(|| inside(rest)).flatten()
}

/// The first run of words in a line that is a date known to the day.
fn inside(words: &str) -> Option<DateRead> {
    let split: Vec<&str> =
        words.split(|c: char| c.is_whitespace() || "|()".contains(c)).filter(|w| !w.is_empty()).collect();
    for length in (1..=DATE_WORDS.min(split.len())).rev() {
        for run in split.windows(length) {
            let starts = run[0].starts_with(|c: char| c.is_alphanumeric());
            if let Some(read) =
                read_date(&run.join(" ")).filter(|read| starts && (read.ambiguous || read.date.day().is_some()))
            {
                return Some(read);
            }
        }
    }
    None
}

fn says_updated(words: &str) -> bool {
    let lower = words.to_lowercase();
    let says = |stems: &[&str]| stems.iter().any(|stem| lower.contains(stem));
    says(&["updated", "modified", "aktualisiert", "mis à jour", "actualizado", "обновлено", "оновлено"])
        && !says(&["published", "veröffentlicht", "publié", "publicado", "опубликовано"])
}
