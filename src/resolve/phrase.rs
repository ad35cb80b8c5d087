//! Head-noun analysis: what kind of speaker a phrase names, by its head and not by any word in it.
//!
//! In: the words of one source span. Out: a `Phrase`. Pure grammar: who exactly is meant is decided elsewhere.

mod head;
mod joint;
mod lists;

use crate::lang::Head;

use super::name::PersonName;
use super::role::RoleKey;
use super::run::{Lexicon, is_function, run_end};
use super::words::{Gap, Word};
use lists::{OPENERS, PREPOSITIONS};

/// What a phrase's head says about the speaker.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Who {
    Person {
        name: PersonName,
        sure: bool,
    },
    /// The folded pronoun.
    Pronoun(String),
    /// A single person by role or description.
    Role(Option<RoleKey>),
    Group,
    /// A body with a name of its own.
    Body,
    /// "the campaign", "the paper": a body by its common noun.
    CommonBody(String),
    /// A state; with the word that named it when that was its capital.
    Country(String),
    /// A building or office that speaks for a body.
    Seat {
        name: String,
        note: String,
    },
    /// A text or a measurement.
    Thing,
    Joint(Vec<Phrase>),
    Nothing,
}

/// How a phrase points: at somebody known, or at somebody new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Article {
    The,
    /// "its", "his", "Trump's".
    Possessive,
    A,
    None,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Phrase {
    pub who: Who,
    /// The phrase without leading connectives and trailing clauses, as the text writes it.
    pub text: String,
    /// Role phrases that come with a name.
    pub roles: Vec<String>,
    pub article: Article,
    /// The courtesy title before the name.
    pub title: Option<String>,
    /// An acronym in brackets after a body's name.
    pub acronym: Option<String>,
}

impl Lexicon {
    /// Reads one source phrase.
    pub fn phrase(&self, all: &[Word]) -> Phrase {
        let start = all.iter().take_while(|word| word.is_one_of(OPENERS)).count();
        let all = &all[if start < all.len() { start } else { 0 }..];
        let Some(first) = all.first() else {
            return nothing(String::new());
        };
        if let Some(phrase) = self.pronoun(all, first) {
            return phrase;
        }
        let acronym = all.iter().find(|word| word.bracketed && word.is_acronym()).map(|word| word.text.to_string());
        let open: Vec<Word> = all.iter().filter(|word| !word.bracketed).copied().collect();
        let open = if open.is_empty() { all.to_vec() } else { open };
        if let Some(joint) = self.enumerated(&open).or_else(|| self.joint(&open)) {
            return joint;
        }
        let mut phrase = self.with_appositives(&open);
        phrase.acronym = acronym;
        phrase
    }

    fn pronoun(&self, all: &[Word], first: &Word) -> Option<Phrase> {
        let pronoun = self.people.pronoun(first.text)?;
        let possessive = first.is_one_of(&["his", "her", "its", "their", "my", "our", "your", "whose"]);
        let that = first.is_one_of(&["that", "which"]);
        if all.len() > 1 && (possessive || that || pronoun.person.is_empty()) {
            return None;
        }
        let text = first.text.to_string();
        Some(Phrase { who: Who::Pronoun(crate::text::fold_word(first.text)), ..nothing(text) })
    }

    /// Head, then what the segments between commas add: roles after a name, a name after a role.
    fn with_appositives(&self, open: &[Word]) -> Phrase {
        let segments = segments(open);
        let mut phrase = self.noun_phrase(segments[0]);
        for segment in &segments[1..] {
            match &phrase.who {
                Who::Person { .. } => {
                    if let Some(role) = self.role_text(segment) {
                        phrase.roles.push(role);
                    }
                }
                Who::Role(_) | Who::Nothing => {
                    let named = self.noun_phrase(segment);
                    if let Who::Person { name, sure: true } = &named.who {
                        let mut roles = Vec::new();
                        if matches!(phrase.who, Who::Role(_)) {
                            roles.push(without_article(&phrase.text).to_string());
                        }
                        roles.extend(named.roles.clone());
                        let text = name.full.clone();
                        return Phrase { roles, text, article: Article::None, ..named };
                    }
                }
                _ => {}
            }
        }
        phrase
    }

    /// A segment as a role of the one named before it: "a doctor", "commander of the corps".
    pub fn role_text(&self, segment: &[Word]) -> Option<String> {
        let segment = if segment.len() > 1 && segment[0].is("as") { &segment[1..] } else { segment };
        let phrase = self.noun_phrase(segment);
        let singular = matches!(phrase.who, Who::Role(Some(_)));
        singular.then(|| without_article(&phrase.text).to_string())
    }

    /// One noun phrase without appositives.
    pub fn noun_phrase(&self, words: &[Word]) -> Phrase {
        let (article, body) = self.article(words);
        let cut = self.head_end(words, body);
        let text = text_of(words);
        let phrase = Phrase { article, ..nothing(text) };
        if body >= words.len() || cut <= body {
            return Phrase { who: self.bare_article(words), ..phrase };
        }
        let last = &words[cut - 1];
        if last.is_capital() && (!is_function(last.text) || cut - body > 1) {
            return self.capital_head(words, body, cut, phrase);
        }
        Phrase { who: self.small_head(words, body, cut, article), ..phrase }
    }

    fn bare_article(&self, words: &[Word]) -> Who {
        match words.first() {
            Some(word) if matches!(self.people.head(word.text), Some((_, Head::Group, _))) => Who::Group,
            _ => Who::Nothing,
        }
    }

    /// The article, and where the phrase goes on behind it. A possessor counts as a possessive article.
    fn article(&self, words: &[Word]) -> (Article, usize) {
        let Some(first) = words.first() else {
            return (Article::None, 0);
        };
        let start = usize::from(words.len() > 1);
        if first.is("the") || first.is("this") || first.is("that") {
            (Article::The, start)
        } else if first.is_one_of(&["a", "an", "one", "another", "some", "any"]) {
            (Article::A, start)
        } else if first.is_one_of(&["its", "his", "her", "their", "my", "our", "your"]) {
            (Article::Possessive, start)
        } else {
            (Article::None, 0)
        }
    }

    /// Where the head of the phrase ends: before the first preposition or clause.
    fn head_end(&self, words: &[Word], from: usize) -> usize {
        for at in from + 1..words.len() {
            let word = &words[at];
            let name_goes_on = self.body_goes_on(words, from, at);
            if word.is_one_of(PREPOSITIONS) && !name_goes_on {
                return at;
            }
            if word.gap >= Gap::Break || self.is_doing(words, at) {
                return at;
            }
        }
        words.len()
    }

    /// "groups targeting the president": what several people are doing is no part of what they are called.
    fn is_doing(&self, words: &[Word], at: usize) -> bool {
        let small = !words[at].is_capital() && words[at].gap == Gap::Space && words[at].text.ends_with("ing");
        small && self.people.head(words[at - 1].text).is_some_and(|(_, head, plural)| plural && head != Head::Thing)
    }

    /// "Ministry of Defense", "Freedom for Russia Legion": the preposition is part of a body's name.
    pub fn body_goes_on(&self, words: &[Word], from: usize, at: usize) -> bool {
        if !words[at].is_one_of(&["of", "for", "on", "to"]) || !words[at - 1].is_capital() || words[at - 1].possessive {
            return false;
        }
        let mut next = at + 1;
        if words.get(next).is_some_and(|word| word.is("the")) {
            next += 1;
        }
        if !words.get(next).is_some_and(|word| word.is_capital() && word.gap == Gap::Space) {
            return false;
        }
        let end = run_end(words, next, self.people);
        let before = self.people.is_body_word(words[at - 1].text)
            || words[from..at].iter().any(|w| self.people.is_body_word(w.text));
        let after = words.get(end - 1).is_some_and(|word| self.people.is_body_word(word.text));
        let small_body = words.get(end).is_some_and(|word| {
            word.gap == Gap::Space && matches!(self.people.head(word.text), Some((_, Head::Body, false)))
        });
        let title =
            matches!(self.people.head(words[at - 1].text), Some((_, Head::Role | Head::Office | Head::Group, _)))
                || self.people.rank(words[at - 1].text).is_some()
                || self.people.courtesy(words[from].text).is_some();
        (before || after || small_body) && !title
    }
}

/// Comma-separated parts up to the first relative clause.
fn segments<'w, 't>(words: &'w [Word<'t>]) -> Vec<&'w [Word<'t>]> {
    let mut found = Vec::new();
    let mut from = 0;
    for at in 1..=words.len() {
        let ends = at == words.len() || words[at].gap >= Gap::Comma;
        if ends {
            found.push(&words[from..at]);
            from = at;
        }
    }
    found
}

/// The words as the text writes them, with single spaces and possessive endings.
pub(super) fn text_of(words: &[Word]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            text.push_str(if word.gap == Gap::Comma { ", " } else { " " });
        }
        text.push_str(word.text);
        if word.possessive {
            text.push_str(if word.text.ends_with('s') { "’" } else { "’s" });
        }
    }
    text
}

/// The phrase without a leading article.
pub(super) fn without_article(text: &str) -> &str {
    for article in ["the ", "a ", "an ", "The ", "A ", "An ", "his ", "her ", "its ", "their ", "one "] {
        if let Some(rest) = text.strip_prefix(article) {
            return rest;
        }
    }
    text
}

fn nothing(text: String) -> Phrase {
    Phrase { who: Who::Nothing, text, roles: Vec::new(), article: Article::None, title: None, acronym: None }
}

#[cfg(test)]
mod tests;
