//! What the head of a phrase says: a name or a body in capitals, or a common noun.
//!
//! In: the words of a phrase and where its head ends. Out: the `Phrase` with its `Who`.

use crate::lang::Head;
use crate::resolve::name::PersonName;
use crate::resolve::role::RoleKey;
use crate::resolve::run::{Lexicon, Named, is_function, joined, run_end};
use crate::resolve::words::{Gap, Word};

use super::{Article, Phrase, Who, nothing, text_of, without_article};

impl Lexicon {
    pub(super) fn capital_head(&self, words: &[Word], body: usize, cut: usize, phrase: Phrase) -> Phrase {
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
    pub(super) fn small_head(&self, words: &[Word], body: usize, cut: usize, article: Article) -> Who {
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
}

fn last_text<'t>(words: &[Word<'t>], cut: usize) -> &'t str {
    words[cut - 1].text
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
