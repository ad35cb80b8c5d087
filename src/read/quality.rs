//! What looks wrong with a text: lost quotation marks, a cut end, much debris. Warnings only; nothing is changed.

use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Document, Passage, PassageKind, Warning};
use crate::text::{QuotePair, Span, quote_pairs, sentences, words};

/// Debris lines from which a document deserves a look.
const DEBRIS: usize = 10;
/// Sentences in which somebody speaks in the first person without marks.
const MARKLESS: usize = 2;
/// Words of a last paragraph that should end like a sentence, and of quotation marks that hold speech.
const PARAGRAPH: usize = 12;
const SPEECH: usize = 3;

pub(super) fn check(document: &mut Document, text: &str, passages: &[Passage]) {
    let debris = passages.iter().filter(|passage| passage.kind == PassageKind::Boilerplate).count();
    if debris >= DEBRIS {
        document.warnings.push(Warning::new("W107", format!("{debris} lines")));
    }
    let body: Vec<Span> = passages.iter().filter(|p| p.kind == PassageKind::Body).map(|p| p.span).collect();
    if let Some(sentence) = markless_speech(text, &body) {
        document.warnings.push(Warning::new("W101", format!("for example: {}", shortened(sentence.of(text)))));
    }
    if let Some(end) = body.last().map(|span| span.of(text).trim()).filter(|end| looks_cut(end)) {
        let tail: String = end.chars().rev().take(30).collect();
        document.warnings.push(Warning::new("W109", format!("ends with “{}”", tail.chars().rev().collect::<String>())));
    }
}

fn shortened(sentence: &str) -> String {
    let mut short: String = sentence.chars().take(60).collect();
    if short.len() < sentence.len() {
        short.push('…');
    }
    short
}

/// Somebody is credited with words in the first person: "We are worried, the mayor said", "Peskov said: We are …".
static CREDITED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) [,?!…]\s (?:\S+\s){0,8}? (?:said|says|told|added|explained|wrote|asked|sagte|sagt|сказал|заявил|сообщил)\b
             | \b(?:said|says|told|added|explained|wrote|sagte|сказал|заявил|сообщил)\b [^.:]{0,80} :\s",
    )
    .expect("a fixed pattern")
});

const FIRST_PERSON: &[&str] = &[
    "I", "we", "We", "my", "My", "our", "Our", "me", "us", "ich", "wir", "Wir", "unser", "Unser", "мы", "Мы", "я", "Я",
    "нас", "Нас", "наш", "Наш",
];

/// Where words of the first person start.
fn first_persons(sentence: &str) -> impl Iterator<Item = usize> {
    let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| FIRST_PERSON.contains(word));
    words.map(|word| word.as_ptr() as usize - sentence.as_ptr() as usize)
}

/// The first sentence of that kind, where there are several and more of them than such sentences inside marks.
fn markless_speech(text: &str, body: &[Span]) -> Option<Span> {
    let pairs: Vec<Span> =
        quote_pairs(text).iter().filter(|pair| holds_speech(text, pair)).map(|pair| pair.span).collect();
    let (mut bare, mut marked) = (Vec::new(), 0);
    for sentence in body.iter().flat_map(|span| sentences(text, *span)) {
        let words = sentence.of(text);
        let mut persons = first_persons(words).map(|at| sentence.start + at).peekable();
        if persons.peek().is_none() || !CREDITED.is_match(words) {
            continue;
        }
        if persons.all(|at| pairs.iter().any(|pair| pair.holds(at))) {
            marked += 1;
        } else {
            bare.push(sentence);
        }
    }
    (bare.len() >= MARKLESS && bare.len() > marked).then(|| bare[0])
}

fn holds_speech(text: &str, pair: &QuotePair) -> bool {
    pair.close.is_some() && words(pair.inner().of(text)).len() >= SPEECH
}

/// "…", "[...]", "[+1234 chars]" at the end.
fn ends_in_cut(end: &str) -> bool {
    let counted = || {
        let number = end.strip_suffix(" chars]")?;
        let before = number.trim_end_matches(|c: char| c.is_numeric());
        (before.len() < number.len()).then(|| before.strip_suffix('+').unwrap_or(before).ends_with('['))
    };
    end.ends_with("...")
        || end.ends_with('…')
        || end.ends_with("[…]")
        || end.ends_with("[...]")
        || counted() == Some(true)
}

fn looks_cut(end: &str) -> bool {
    let bare = end.trim_end_matches(|c: char| "”\"»’')]*".contains(c));
    let stops = bare.ends_with(['.', '!', '?', ':', ';', '。']) || bare.is_empty();
    ends_in_cut(end) || (!stops && words(end).len() >= PARAGRAPH)
}
