//! Match keys of words: folded, spelled one way, stemmed, so that every spelling of a word has one key.
//!
//! The keys fill the full-text column of the store and serve linking; they are never shown.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;

use crate::text::{Span, fold_word, words};

use super::remembered::Remembered;

#[derive(Deserialize)]
struct Spellings {
    /// variant = preferred, whole words, folded.
    words: BTreeMap<String, String>,
    /// British ending = American ending, tried in order on words of five letters and more.
    endings: Vec<[String; 2]>,
}

static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| {
    toml::from_str(include_str!("en/spellings.toml")).expect("the spelling table is checked by a test")
});

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

thread_local! {
    static KNOWN: RefCell<Remembered<String>> = RefCell::default();
}

/// The key of one word. Case, diacritics, script, British/American spelling and inflection are folded away.
pub fn key(word: &str) -> String {
    KNOWN.with_borrow_mut(|known| known.of(word, made))
}

fn made(word: &str) -> String {
    let folded = fold_word(word);
    let plain: String = folded.trim_end_matches("'s").chars().filter(|c| c.is_alphanumeric()).collect();
    let spelled = spelled_one_way(&plain);
    let stem = STEMMER.stem(&spelled).into_owned();
    spelled_one_way(&stem)
}

/// The keys of all words of a text, in order, with the span of each word. Hyphenated words give one key a part.
pub fn keys(text: &str) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for word in words(text) {
        for part in parts(word.of(text), word.start) {
            let key = key(part.of(text));
            if !key.is_empty() {
                found.push((key, part));
            }
        }
    }
    found
}

fn parts(word: &str, start: usize) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, c) in word.char_indices().chain([(word.len(), '-')]) {
        if matches!(c, '-' | '‐' | '‑' | '–' | '_' | '/') {
            if at > from {
                found.push(Span::new(start + from, start + at));
            }
            from = at + if at < word.len() { c.len_utf8() } else { 0 };
        }
    }
    found
}

fn spelled_one_way(word: &str) -> String {
    if let Some(preferred) = SPELLINGS.words.get(word) {
        return preferred.clone();
    }
    if word.len() >= 5 {
        for [from, to] in &SPELLINGS.endings {
            if let Some(base) = word.strip_suffix(from.as_str()).filter(|base| base.len() >= 3) {
                return format!("{base}{to}");
            }
        }
    }
    word.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All spellings in one row share a key.
    fn check(spellings: &[&str]) {
        for spelling in spellings {
            assert_eq!(key(spelling), key(spellings[0]), "{spelling} / {}", spellings[0]);
        }
    }

    #[test]
    fn one_key_for_every_spelling() {
        check(&["defense", "defence", "Defences", "DEFENSES", "defense’s"]);
        check(&["Kyiv", "Kiev"]);
        check(&["organize", "organise", "organised", "organizes"]);
        check(&["colour", "color", "colours"]);
        check(&["centre", "center"]);
        check(&["drone", "drones"]);
        check(&["café", "cafe"]);
    }

    #[test]
    fn different_words_keep_different_keys() {
        for (a, b) in [("defense", "defend"), ("air", "aim"), ("four", "for"), ("concern", "concert"), ("hour", "hor")]
        {
            assert_ne!(key(a), key(b), "{a} / {b}");
        }
    }

    #[test]
    fn hyphenated_words_give_their_parts() {
        let text = "air-defence systems";
        let found: Vec<&str> = keys(text).iter().map(|(_, span)| span.of(text)).collect();
        assert_eq!(found, ["air", "defence", "systems"]);
    }
}
