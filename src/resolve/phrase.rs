//! Head-noun analysis: what kind of speaker a phrase names, by its head and not by any word in it.
//!
//! In: the words of one source span. Out: a `Phrase`. Pure grammar: who exactly is meant is decided elsewhere.

use crate::lang::Head;

use super::name::PersonName;
use super::role::RoleKey;
use super::run::{Lexicon, Named, is_function, joined, run_end};
use super::words::{Gap, Word};

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

/// Words that open a phrase and are no part of it.
const OPENERS: &[&str] = &[
    "and", "but", "or", "as", "even", "both", "while", "though", "although", "yet", "so", "because", "like", "by",
    "to", "from",
];
const PREPOSITIONS: &[&str] = &[
    "of",
    "for",
    "with",
    "in",
    "at",
    "from",
    "on",
    "to",
    "about",
    "against",
    "near",
    "inside",
    "outside",
    "under",
    "by",
    "among",
    "between",
    "across",
    "around",
    "within",
    "behind",
    "over",
    "like",
    "including",
    "such",
    "who",
    "whose",
    "whom",
    "which",
    "that",
    "where",
    "when",
    "there",
    "here",
    "close",
    "familiar",
    "based",
    "led",
    "made",
    "provided",
    "released",
    "as",
    "during",
    "after",
    "before",
    "not",
    "speaking",
    "interviewed",
    "representing",
    "working",
    "living",
    "attending",
    "out",
    "alike",
    "himself",
    "herself",
    "themselves",
    "itself",
    "too",
    "also",
    "was",
    "is",
    "has",
    "had",
    "who’s",
    "who's",
    "than",
    "up",
    "down",
    "into",
    "told",
    "said",
    "says",
    "say",
];
const RELATIVES: &[&str] = &["who", "whose", "whom", "which", "that", "where", "when"];

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
        if let Some(joint) = self.joint(&open) {
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
            if word.gap >= Gap::Break {
                return at;
            }
        }
        words.len()
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

    fn capital_head(&self, words: &[Word], body: usize, cut: usize, phrase: Phrase) -> Phrase {
        let mut start = cut - 1;
        while start > body && continues_run(words, start) {
            start -= 1;
        }
        while start < cut - 1 && (is_function(words[start].text) || !words[start].is_capital()) {
            start += 1;
        }
        let run = &words[start..cut];
        let whole = joined(&words[body..cut]);
        let bodied = Phrase { who: Who::Body, text: self.body_name(words, body, cut), ..phrase.clone() };
        let surname = cut == body + 1 && self.surnames.contains(&crate::text::fold_word(last_text(words, cut)));
        if let Some((name, note)) = self.people.seat(&whole).filter(|_| !surname) {
            return Phrase { who: Who::Seat { name: name.to_string(), note: note.to_string() }, ..phrase };
        }
        if self.crosses_preposition(&words[body..cut]) {
            return self.office_of(words, body, cut).unwrap_or(bodied);
        }
        if let Some(named) = self.office_with_name(words, cut) {
            return named;
        }
        match self.named(run) {
            Named::Person { name, before, sure } => {
                if phrase.article == Article::The && start == body && before == 0 && !(sure && name.is_full()) {
                    let who = if name.surname.ends_with('s') && self.knows_plural(&name.surname) {
                        Who::Group
                    } else {
                        Who::Body
                    };
                    return Phrase { who, ..phrase };
                }
                self.person(words, body, start + before, cut, name, sure || start > body, phrase)
            }
            Named::Country(_) if self.people.is_nationals(run[run.len() - 1].text) => {
                Phrase { who: Who::Group, ..phrase }
            }
            Named::Country(country) if start == body || words[body..start].iter().all(|w| !w.possessive) => {
                Phrase { who: Who::Country(country), ..phrase }
            }
            Named::Body | Named::Country(_) | Named::Place => bodied,
            Named::Role => Phrase { who: self.small_head(words, body, cut, phrase.article), ..phrase },
            Named::Nothing if run.len() > 1 => bodied,
            Named::Nothing => {
                let plural = run[0].text.ends_with('s');
                Phrase { who: if plural { Who::Group } else { Who::Thing }, ..phrase }
            }
        }
    }

    /// A body's name without what describes it: "state news agency RIA Novosti" is RIA Novosti.
    fn body_name(&self, words: &[Word], body: usize, cut: usize) -> String {
        let described =
            (body..cut - 1).rev().find(|&at| !words[at].is_capital() && self.people.head(words[at].text).is_some());
        let from = described.map_or(body, |at| at + 1);
        let first = (from..cut).find(|&at| words[at].is_capital()).unwrap_or(from);
        text_of(&words[first..cut])
    }

    /// "the Clintons": the plural of a surname of the document.
    fn knows_plural(&self, word: &str) -> bool {
        let folded = crate::text::fold_word(word);
        folded.strip_suffix('s').is_some_and(|base| self.surnames.contains(base))
    }

    fn crosses_preposition(&self, words: &[Word]) -> bool {
        words.iter().skip(1).any(|word| word.is_one_of(&["of", "for", "on", "to"]) && !word.is_capital())
    }

    /// "Ministry of Defense spokesman Jan Holt" crossed a preposition and still ends in a person.
    fn office_of(&self, words: &[Word], body: usize, cut: usize) -> Option<Phrase> {
        let role = (body..cut).rev().find(|&at| {
            !words[at].is_capital()
                && matches!(self.people.head(words[at].text), Some((_, Head::Role | Head::Office, false)))
        })?;
        let (from, to) = (role + 1, cut);
        (from < to)
            .then(|| self.noun_phrase(&words[from..to]))
            .filter(|phrase| matches!(phrase.who, Who::Person { .. }))
            .map(|mut phrase| {
                phrase.roles.push(joined(&words[body..from]));
                phrase
            })
    }

    /// "Secretary of State John Kerry": the name stands behind the preposition.
    fn office_with_name(&self, words: &[Word], cut: usize) -> Option<Phrase> {
        if cut >= words.len() || !words[cut].is("of") {
            return None;
        }
        let titled = matches!(self.people.head(words[cut - 1].text), Some((_, Head::Office | Head::Role, false)));
        let from =
            (cut + 1..words.len()).find(|&at| words[at].is_capital() && self.people.is_given_name(words[at].text))?;
        let end = run_end(words, from, self.people);
        let straight = words[cut + 1..from].iter().all(|word| word.gap == Gap::Space && !word.possessive);
        if !titled || !straight || end < from + 2 {
            return None;
        }
        let Named::Person { name, .. } = self.named(&words[from..end]) else {
            return None;
        };
        let roles = vec![without_article(&text_of(&words[..from])).to_string()];
        Some(Phrase { who: Who::Person { name: name.clone(), sure: true }, roles, ..nothing(name.full) })
    }

    #[allow(clippy::too_many_arguments)]
    fn person(
        &self,
        words: &[Word],
        body: usize,
        at: usize,
        cut: usize,
        name: PersonName,
        sure: bool,
        phrase: Phrase,
    ) -> Phrase {
        let title =
            (at > body).then(|| words[at - 1].text.to_string()).filter(|title| self.people.courtesy(title).is_some());
        let role_end = if title.is_some() { at - 1 } else { at };
        let mut roles = Vec::new();
        if role_end > body {
            roles.push(text_of(&words[body..role_end]));
        }
        if cut < words.len() && words[cut].is("of") {
            roles.push(text_of(&words[cut..]));
        }
        let text = name.full.clone();
        Phrase { who: Who::Person { name, sure }, text, roles, title, ..phrase }
    }

    /// The head is a common noun: the table says what it is.
    fn small_head(&self, words: &[Word], body: usize, cut: usize, article: Article) -> Who {
        let people = self.people;
        let last = &words[cut - 1];
        if cut >= body + 2
            && people.is_state_noun(last.text)
            && let Some(country) = people.country(words[cut - 2].text)
        {
            return Who::Country(country.to_string());
        }
        let Some((_, head, plural)) = people.head(last.text) else {
            return self.unknown_head(words, body, cut, article);
        };
        let named = words[body..cut - 1].iter().any(|word| word.is_capital());
        match head {
            Head::Thing => Who::Thing,
            Head::Body if plural => Who::Group,
            Head::Body if named => Who::Body,
            Head::Body => Who::CommonBody(crate::text::fold_word(last.text)),
            Head::Group => Who::Group,
            Head::Office | Head::Role if plural => Who::Group,
            Head::Office | Head::Role => Who::Role(RoleKey::of_words(&words[body..], people)),
        }
    }

    fn unknown_head(&self, words: &[Word], body: usize, cut: usize, article: Article) -> Who {
        let people = self.people;
        let last = &words[cut - 1];
        if people.is_party(last.text) {
            return Who::Group;
        }
        let earlier = words[body..cut].iter().rev().find_map(|word| people.head(word.text));
        match (last.text.ends_with('s'), article, earlier) {
            (_, _, Some((_, Head::Group, _))) => Who::Group,
            (true, Article::None, _) => Who::Group,
            _ => Who::Thing,
        }
    }

    /// Two or more named speakers of one statement.
    fn joint(&self, open: &[Word]) -> Option<Phrase> {
        let end = open.iter().position(|word| word.is_one_of(RELATIVES)).unwrap_or(open.len());
        let open = &open[..end];
        let and = open.iter().position(|word| word.is_one_of(&["and", "&"]))?;
        let mut parts: Vec<Phrase> = Vec::new();
        let mut from = 0;
        for at in 0..=and {
            let comma = at > from && open[at].gap == Gap::Comma;
            if at == and || comma {
                if at > from {
                    parts.push(self.noun_phrase(&open[from..at]));
                }
                from = at;
            }
        }
        let tail_end = (and + 2..open.len()).find(|&at| open[at].gap >= Gap::Comma).unwrap_or(open.len());
        if and + 1 >= tail_end {
            return None;
        }
        parts.push(self.noun_phrase(&open[and + 1..tail_end]));
        let distinct = open[and + 1].is("the") || parts.iter().all(|part| self.stands_alone(part));
        if parts.len() < 2 || !parts.iter().all(is_naming) || !distinct {
            return None;
        }
        let text = text_of(&open[..tail_end]);
        Some(Phrase { who: Who::Joint(parts), ..nothing(text) })
    }

    fn stands_alone(&self, part: &Phrase) -> bool {
        match &part.who {
            Who::Person { name, sure } => {
                *sure || name.is_full() || part.title.is_some() || !self.small.contains(&name.surname_key())
            }
            Who::Country(_) | Who::Seat { .. } => true,
            Who::Body => {
                part.article == Article::The
                    || self.people.known_body(&part.text).is_some()
                    || part.text.chars().all(|c| c.is_uppercase())
            }
            _ => false,
        }
    }
}

fn last_text<'t>(words: &[Word<'t>], cut: usize) -> &'t str {
    words[cut - 1].text
}

fn is_naming(part: &Phrase) -> bool {
    matches!(part.who, Who::Person { .. } | Who::Body | Who::Country(_) | Who::Seat { .. })
}

fn continues_run(words: &[Word], at: usize) -> bool {
    let before = &words[at - 1];
    words[at].gap <= Gap::Quote && !before.possessive && (before.is_capital() || is_small_particle(before.text))
}

fn is_small_particle(word: &str) -> bool {
    matches!(
        word,
        "de" | "da" | "van" | "von" | "der" | "den" | "bin" | "ibn" | "al" | "el" | "la" | "du" | "di" | "del"
    )
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
mod tests {
    use std::collections::BTreeSet;

    use super::super::words::words;
    use super::*;
    use crate::lang::people_of_all;
    use crate::text::Span;

    fn shown(phrase: &Phrase) -> String {
        let roles = if phrase.roles.is_empty() { String::new() } else { format!(" [{}]", phrase.roles.join("; ")) };
        match &phrase.who {
            Who::Person { name, .. } => format!("person {}{roles}", name.full),
            Who::Pronoun(word) => format!("pronoun {word}"),
            Who::Role(_) => format!("role {}", phrase.text),
            Who::Group => "group".to_string(),
            Who::Body => "body".to_string(),
            Who::CommonBody(noun) => format!("the {noun}"),
            Who::Country(country) => format!("state {country}"),
            Who::Seat { name, .. } => format!("seat {name}"),
            Who::Thing => "text".to_string(),
            Who::Joint(parts) => parts.iter().map(shown).collect::<Vec<_>>().join(" + "),
            Who::Nothing => "nothing".to_string(),
        }
    }

    fn check(text: &str, expected: &str) {
        let people = people_of_all();
        let lexicon = Lexicon { people, surnames: BTreeSet::new(), small: BTreeSet::new() };
        let found = words(text, Span::new(0, text.len()), people);
        assert_eq!(shown(&lexicon.phrase(&found)), expected, "{text}");
    }

    #[test]
    fn a_name_is_the_head() {
        check("Hugh Hill", "person Hugh Hill");
        check("Hugh Hill, a doctor,", "person Hugh Hill [doctor]");
        check("Kremlin spokesman Dmitry Peskov", "person Dmitry Peskov [Kremlin spokesman]");
        check("Russian President Vladimir Putin", "person Vladimir Putin [Russian President]");
        check(
            "Denis Kapustin, commander of the Volunteer Corps (RVC)",
            "person Denis Kapustin [commander of the Volunteer Corps]",
        );
        check(
            "Michael Colborne of research platform Bellingcat",
            "person Michael Colborne [of research platform Bellingcat]",
        );
        check("Iowa State University's Dianne Bystrom", "person Dianne Bystrom [Iowa State University’s]");
        check("the bureau's director, James B. Comey,", "person James B. Comey [bureau’s director]");
        check("Secretary of State John Kerry", "person John Kerry [Secretary of State]");
        check("Graham, as a backer of the plan before that,", "person Graham [backer of the plan before that]");
        check(
            "Rep. Joseph Crowley (D-N.Y.), a leading advocate for human rights",
            "person Joseph Crowley [Rep.; leading advocate for human rights]",
        );
    }

    #[test]
    fn a_role_is_the_head() {
        check("its governor", "role its governor");
        check("the acting head of the self-declared Republic", "role the acting head of the self-declared Republic");
        check("a woman in Belgorod", "role a woman in Belgorod");
        check("a senior official", "role a senior official");
        check("A spokesman for the group", "role A spokesman for the group");
    }

    #[test]
    fn a_body_is_the_head() {
        check("Trump’s campaign", "body");
        check("The Clinton campaign", "body");
        check("the campaign", "the campaign");
        check("the Russian Ministry of Defense", "body");
        check("the Freedom for Russia Legion", "body");
        check("The Freedom Legion for Russia", "body");
        check("state news agency RIA Novosti", "body");
        check("the Kremlin", "seat Kremlin");
        check("Moscow", "state Russia");
        check("the Ukrainian government", "state Ukraine");
        check("the Russian account", "state Russia");
        check("The Times", "body");
    }

    #[test]
    fn groups_and_texts() {
        check("local officials there", "group");
        check("Republicans", "group");
        check("many Americans", "group");
        check("Russians", "group");
        check("some of its fighters", "group");
        check("emergency services", "group");
        check("preliminary reports", "text");
        check("the poll", "text");
        check("Leaders of the North Carolina Senate", "group");
    }

    #[test]
    fn joint_speakers_are_both_named() {
        check("Mr. Grassley and Mr. Leahy", "person Grassley + person Leahy");
        check(
            "Donald Trump, Mike Huckabee and Chris Christie",
            "person Donald Trump + person Mike Huckabee + person Chris Christie",
        );
        check("The State Department and the Department of Homeland Security", "body + body");
        check("Gwen Ifill and Judy Woodruff, two PBS journalists", "person Gwen Ifill + person Judy Woodruff");
        check("the Department of Health and Human Services", "body");
        check("Democrats and civil rights groups", "group");
    }

    #[test]
    fn pronouns() {
        check("he", "pronoun he");
        check("who", "pronoun who");
        check("his campaign", "the campaign");
    }
}
