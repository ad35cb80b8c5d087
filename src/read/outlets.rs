//! Guesses at the outlet from the wording of a text. Every one is marked as guessed: a wire credit names who wrote, not
//! who published, and a copy keeps the marks of its original.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::lang::known_outlet;
use crate::model::{Known, Passage, PassageKind};

/// Body passages in which a dateline is looked for.
const DATELINES: usize = 4;

/// Words that outlets call themselves by.
const OUTLET_WORDS: &[&str] = &[
    "times",
    "post",
    "news",
    "herald",
    "guardian",
    "tribune",
    "journal",
    "daily",
    "today",
    "press",
    "telegraph",
    "gazette",
    "chronicle",
    "observer",
    "independent",
    "mirror",
    "express",
    "mail",
    "star",
    "sun",
    "standard",
    "agency",
    "radio",
    "tv",
    "wire",
    "examiner",
    "courier",
    "dispatch",
    "bulletin",
    "review",
    "record",
    "argus",
    "echo",
    "globe",
    "monitor",
    "register",
    "sentinel",
    "network",
    "broadcasting",
    "zeitung",
    "anzeiger",
    "kurier",
    "nachrichten",
    "presse",
    "pravda",
    "novosti",
];

/// The best guess: title suffix, dateline, "Source:" lines, contributor line, copyright line, in this order.
pub(super) fn from_text(title: Option<&Known<String>>, text: &str, passages: &[Passage]) -> Option<Known<String>> {
    let guess = |name: String, how: &str| Some(Known::guessed(name, &format!("guess: {how}")));
    if let Some((_, name)) = title.and_then(|title| title_and_outlet(&title.value)) {
        return guess(name, "title suffix");
    }
    if let Some(name) = from_datelines(text, passages) {
        return guess(name, "dateline");
    }
    if text.contains("Source:")
        && let Some(name) = most_common(text, passages, &SOURCE)
    {
        return guess(spelled(&name), "“Source:” lines");
    }
    let last = |pattern: &LazyLock<Regex>, mark: &[&str]| {
        let lines = passages.iter().rev().map(|passage| passage.span.of(text).trim());
        let marked = |line: &&str| mark.iter().any(|mark| line.contains(mark) || line.to_lowercase().contains(mark));
        lines.filter(marked).find_map(|line| name_in(pattern, line))
    };
    if let Some(name) = last(&CONTRIBUTOR, &["contributed"]).and_then(|name| known_outlet(&name)) {
        return guess(name.to_string(), "contributor line");
    }
    let name = last(&COPYRIGHT, &["©", "(c)", "copyright"]).filter(|name| is_outlet_like(name))?;
    guess(spelled(&name), "copyright line")
}

fn spelled(name: &str) -> String {
    known_outlet(name).unwrap_or(name).to_string()
}

/// A title without the outlet's name at its end.
pub(super) fn without_outlet(title: &str) -> &str {
    title_and_outlet(title).map_or(title, |(rest, _)| rest)
}

/// "Ferry sails again – The Guardian" → both parts. The name must be a known outlet or look like one.
fn title_and_outlet(title: &str) -> Option<(&str, String)> {
    let marks = [" – ", " — ", " | ", " - ", " :: ", " • "];
    let (at, mark) = marks.iter().filter_map(|mark| title.rfind(mark).map(|at| (at, mark))).max()?;
    let (rest, name) = (title[..at].trim(), title[at + mark.len()..].trim());
    let fits = rest.split_whitespace().count() >= 2 && is_outlet_like(name);
    fits.then(|| (rest, spelled(name)))
}

/// A name of the table; or up to five capitalised words, one of which outlets call themselves by; or a domain.
fn is_outlet_like(name: &str) -> bool {
    if known_outlet(name).is_some() {
        return true;
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let capitals = words.iter().all(|word| {
        word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
            || ["of", "the", "and", "&", "de", "la"].contains(word)
    });
    let says_so = words.iter().any(|word| OUTLET_WORDS.contains(&word.to_lowercase().as_str()));
    words.len() <= 5 && capitals && says_so && words.len() >= 2
}

static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[-–—] ?)Source: ?(?<name>[\p{L}\p{N}][\p{L}\p{N} .&’'-]+)$").expect("a fixed pattern")
});

static CONTRIBUTOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\W*(?<name>\p{Lu}[\p{L} .]+?)[’']s? ...+ contributed\b").expect("a fixed pattern"));

static COPYRIGHT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i:©|\(c\)|copyright)[ ©]*(?:\d{4}(?:[-–]\d{4})?)?,? *(?i:by )?(?<name>\p{Lu}[\p{L}\p{N} &.’'-][\p{L}\p{N} &.’'-]+?)(?:[.,|]|$| All rights)").expect("a fixed pattern")
});

/// "MOSCOW (Reuters) –", "KYIV, Ukraine (AP) —": a place in capitals, who reports, a dash.
static PLACED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(\p{Lu}[\p{Lu} .’'/-][\p{Lu} .’'/-]+)(,[^()–—][^()–—]+)? ?\((?<name>\p{L}[\p{L}\p{N} .&-]+)\)\s*[–—-]",
    )
    .expect("a fixed pattern")
});

/// "CNN  —": a name and a dash; the name must be known.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\(?)(?<name>\p{Lu}[\p{L}\p{N} .]+?)\)?\s*[–—-]{1,2}(?:\s|$)").expect("a fixed pattern")
});

/// Most characters in a part of such a line. Counted here, because a pattern that counts letters of all scripts takes
/// longer to prepare than an article takes to read.
const LONGEST_PART: usize = 41;

fn name_in(pattern: &Regex, line: &str) -> Option<String> {
    let parts = pattern.captures(line)?;
    let fits = parts.iter().skip(1).flatten().all(|part| part.as_str().chars().count() <= LONGEST_PART);
    fits.then(|| parts.name("name").map(|name| name.as_str().trim().to_string()))?
}

fn from_datelines(text: &str, passages: &[Passage]) -> Option<String> {
    let mut bodies = 0;
    for passage in passages {
        let line = passage.span.of(text).trim();
        let alone = passage.evidence.first().is_some_and(|evidence| evidence.rule == "zone.dateline");
        if alone || passage.kind == PassageKind::Body {
            let placed = || name_in(&PLACED, line).map(|name| spelled(&name));
            let named = || name_in(&NAMED, line).and_then(|name| known_outlet(&name)).map(str::to_string);
            let placed = may_be_placed(line).then(placed).flatten();
            if let Some(name) = placed.or_else(|| may_be_named(line).then(named).flatten()) {
                return Some(name);
            }
        }
        bodies += usize::from(passage.kind == PassageKind::Body);
        if bodies >= DATELINES {
            break;
        }
    }
    None
}

/// Whether it is worth asking `PLACED`: most texts never have to, and preparing it takes longer than reading them.
fn may_be_placed(line: &str) -> bool {
    line.starts_with(char::is_uppercase) && line.contains('(') && line.contains(DASHES)
}

/// The same for `NAMED`: nothing but a name before the first dash.
fn may_be_named(line: &str) -> bool {
    let name = line
        .split_once(DASHES)
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(|c: char| c == '(' || c.is_uppercase()));
    name.is_some_and(|name| name.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || ".()".contains(c)))
}

const DASHES: [char; 3] = ['–', '—', '-'];

/// The name that most lines give; the first in the alphabet among equals.
fn most_common(text: &str, passages: &[Passage], pattern: &Regex) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let debris = passages.iter().filter(|passage| passage.kind != PassageKind::Body);
    for name in debris.filter_map(|passage| name_in(pattern, passage.span.of(text).trim())) {
        *counts.entry(name).or_default() += 1;
    }
    let best = counts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?;
    Some(best.0.clone())
}
