//! Runs of capitalised words: whether they name a person, a body, a place or a role.
//!
//! In: words and what is known of the document's vocabulary. Out: a reading of the run. No resolution here.

use std::collections::BTreeSet;

use crate::lang::{Head, People};
use crate::text::fold_word;

pub(super) use super::function_words::is_function;
use super::name::PersonName;
use super::words::{Gap, Word};

/// What is known when a phrase is read: the language's tables and the document's own vocabulary.
pub(super) struct Lexicon {
    pub people: &'static People,
    /// Folded surnames that the document uses for people.
    pub surnames: BTreeSet<String>,
    /// Folded words that the document writes small somewhere.
    pub small: BTreeSet<String>,
}

/// What a run of capitalised words names.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Named {
    Person {
        name: PersonName,
        /// How many words of the run stand before the name (titles, roles, adjectives).
        before: usize,
        sure: bool,
    },
    Body,
    /// A country or its capital: the country's name.
    Country(String),
    Place,
    /// Titles and roles only: "President", "Police".
    Role,
    Nothing,
}

/// No name is longer; a line all in capitals is cut into pieces, so that time stays linear.
const LONGEST_RUN: usize = 12;

/// The end of the run that starts at `from`: capitalised words with nothing but spaces between, name particles included.
pub(super) fn run_end(words: &[Word], from: usize, people: &People) -> usize {
    let mut end = from + 1;
    while end < words.len().min(from + LONGEST_RUN) && !words[end - 1].possessive {
        let word = &words[end];
        let quoted_nickname = word.gap == Gap::Quote && word.is_capital() && closes_nickname(words, from, end);
        let after_nickname = word.gap == Gap::Quote && end >= from + 2 && words[end - 1].gap == Gap::Quote;
        let suffix =
            word.gap == Gap::Comma && people.is_suffix(word.text) && !word.text.chars().all(char::is_alphabetic);
        if word.gap != Gap::Space && !quoted_nickname && !after_nickname && !suffix {
            break;
        }
        let capital = word.is_capital() && (!is_function(word.text) || word.is_initial());
        let particle = people.is_particle(word.text)
            && words
                .get(end + 1)
                .is_some_and(|next| next.gap == Gap::Space && (next.is_capital() || people.is_particle(next.text)));
        if !capital && !particle {
            break;
        }
        end += 1;
    }
    while end > from + 1 && !words[end - 1].is_capital() {
        end -= 1;
    }
    end
}

/// A single quoted word between two capitalised ones: John "Red" Hale.
fn closes_nickname(words: &[Word], from: usize, at: usize) -> bool {
    at > from && words.get(at + 1).is_some_and(|next| next.gap == Gap::Quote && next.is_capital())
}

impl Lexicon {
    /// What a run of capitalised words (from `run_end`) names.
    pub fn named(&self, run: &[Word]) -> Named {
        let people = self.people;
        let whole = joined(run);
        if run.is_empty() {
            return Named::Nothing;
        }
        if let [only] = run
            && self.surnames.contains(&fold_word(only.text))
        {
            return Named::Person { name: name_of(run, people), before: 0, sure: true };
        }
        if let Some(country) = people.country(&whole).or_else(|| people.capital(&whole)) {
            return Named::Country(country.to_string());
        }
        if people.seat(&whole).is_some() || people.known_body(&whole).is_some() {
            return Named::Body;
        }
        if people.is_place(&whole) {
            return Named::Place;
        }
        let before = self.words_before_name(run);
        let before = before + self.words_of_a_headline(&run[before..]);
        let rest = &run[before..];
        if rest.is_empty() {
            return Named::Role;
        }
        let titled = before > 0 && is_title(&run[before - 1], people);
        self.named_rest(run, rest, before, titled)
    }

    fn named_rest(&self, run: &[Word], rest: &[Word], before: usize, titled: bool) -> Named {
        let people = self.people;
        let length = rest.iter().filter(|word| !people.is_suffix(word.text)).count();
        let given = people.is_given_name(rest[0].text) && length >= 2;
        let bodied = rest.iter().any(|word| people.is_body_word(word.text));
        let last_is_body = rest.last().is_some_and(|word| people.is_body_word(word.text));
        let known = self.surnames.contains(&fold_word(rest[rest.len() - 1].text));
        if length == 1 && before == 0 && !known && self.is_plural_of_people(rest[0].text) {
            return Named::Role;
        }
        if bodied
            && !known
            && (!given || last_is_body)
            && !(length == 1 && before > 0 && self.titles_a_name(&run[before - 1], &rest[0]))
            && !(titled && given && length <= 3)
        {
            return Named::Body;
        }
        if length == 1 {
            return self.named_single(run, rest, before, titled);
        }
        if people.is_place(&joined(&rest[..rest.len().min(2)])) && !given {
            return Named::Body;
        }
        if rest.iter().any(|word| word.is_acronym() && !people.is_suffix(word.text)) && !given {
            return Named::Body;
        }
        if length > 4 {
            return Named::Body;
        }
        let initials = rest[..rest.len() - 1].iter().any(Word::is_initial);
        let sure = titled || given || initials || known;
        if !sure && rest.iter().any(|word| people.head(word.text).is_some() || people.is_party(word.text)) {
            return Named::Nothing;
        }
        Named::Person { name: name_of(rest, people), before, sure }
    }

    /// In a headline every word is capital: of "Storm Hits Anna Lee" the name begins with the given name.
    fn words_of_a_headline(&self, rest: &[Word]) -> usize {
        let given = |word: &Word| self.people.is_given_name(word.text) && !word.is_initial();
        if rest.len() < 3 || given(&rest[0]) || rest[..2].iter().any(Word::is_initial) {
            return 0;
        }
        let body = rest.last().is_some_and(|word| self.people.is_body_word(word.text));
        (1..rest.len() - 1).find(|&at| given(&rest[at])).filter(|_| !body).unwrap_or(0)
    }

    /// "Mr. Banks", "Gen. Post"; not "Justice Department" or "Volunteer Corps".
    fn titles_a_name(&self, title: &Word, word: &Word) -> bool {
        let noun = matches!(self.people.head(word.text), Some((_, Head::Body, _)));
        self.people.courtesy(title.text).is_some() || (self.people.rank(title.text).is_some() && !noun)
    }

    /// "Republicans", "Police", "Voters": one word for several people.
    fn is_plural_of_people(&self, word: &str) -> bool {
        let plural_role = matches!(self.people.head(word), Some((_, Head::Office | Head::Role | Head::Group, true)));
        plural_role || (self.people.is_party(word) && word.ends_with('s'))
    }

    fn named_single(&self, run: &[Word], rest: &[Word], before: usize, titled: bool) -> Named {
        let people = self.people;
        let word = &rest[0];
        let folded = fold_word(word.text);
        let known = self.surnames.contains(&folded);
        if titled || known {
            return Named::Person { name: name_of(rest, people), before, sure: true };
        }
        if people.country(word.text).is_some() || people.is_place(word.text) {
            return if before == 0 { Named::Place } else { Named::Role };
        }
        if word.is_acronym() || is_camel(word.text) {
            return Named::Body;
        }
        if people.is_party(word.text) || people.head(word.text).is_some() || is_function(word.text) {
            return Named::Role;
        }
        let common = self.small.contains(&folded) && !people.is_given_name(word.text);
        if common || run.len() > before + 1 {
            return Named::Nothing;
        }
        Named::Person { name: name_of(rest, people), before, sure: false }
    }

    /// How many words at the start of a run are titles, roles, parties or adjectives of countries.
    fn words_before_name(&self, run: &[Word]) -> usize {
        let people = self.people;
        let last = run.iter().rposition(|word| !people.is_suffix(word.text)).unwrap_or(0);
        let mut before = 0;
        for (at, word) in run.iter().enumerate().take(last) {
            let next_is_name = people.is_given_name(word.text) && at == before && !word.text.ends_with('.');
            let title = is_title(word, people) && !(next_is_name && people.courtesy(word.text).is_none());
            let adjective = at == before && (people.is_party(word.text) || people.country(word.text).is_some());
            if title || adjective {
                before = at + 1;
            }
        }
        let alone = last == 0 && run.len() == 1;
        if alone && is_title(&run[0], people) && !self.surnames.contains(&fold_word(run[0].text)) {
            return run.len();
        }
        if before == last && before > 0 && last + 1 == run.len() {
            let tail = &run[last];
            let role =
                people.head(tail.text).is_some_and(|(_, head, _)| head != Head::Body) || people.is_party(tail.text);
            if role && !self.surnames.contains(&fold_word(tail.text)) && people.courtesy(run[last - 1].text).is_none() {
                return run.len();
            }
        }
        before
    }
}

/// A courtesy title, a rank or a role noun in the singular.
fn is_title(word: &Word, people: &People) -> bool {
    people.courtesy(word.text).is_some()
        || people.rank(word.text).is_some()
        || matches!(people.head(word.text), Some((_, Head::Office | Head::Role, false)))
}

/// "PolitiFact", "BuzzFeed"; not "McConnell" or "DuVernay".
fn is_camel(word: &str) -> bool {
    const NAME_STARTS: &[&str] =
        &["Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "Del", "O", "D", "L", "Des", "St"];
    let Some(inner) = word.char_indices().skip(1).find(|(_, c)| c.is_uppercase()).map(|(at, _)| at) else {
        return false;
    };
    let head = &word[..inner];
    let plain = head.trim_end_matches(['\'', '’', '-']);
    plain == head && !NAME_STARTS.contains(&head)
}

fn name_of(words: &[Word], people: &People) -> PersonName {
    let plain: Vec<Word> = words.iter().filter(|word| !(word.gap == Gap::Quote && words.len() > 2)).copied().collect();
    let first_is_quoted = words[0].gap == Gap::Quote;
    let kept = if first_is_quoted { words } else { &plain };
    // The word after a closing mark carries the gap of the mark; it is the surname, not the nickname.
    let mut chosen: Vec<Word> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let nickname = at > 0 && word.gap == Gap::Quote && words.get(at + 1).is_some_and(|next| next.gap == Gap::Quote);
        if !nickname {
            chosen.push(*word);
        }
    }
    PersonName::of_words(if chosen.is_empty() { kept } else { &chosen }, people)
}

pub(super) fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;
    use crate::lang::people_of_all;
    use crate::text::Span;

    fn check(run: &str, expected: &str) {
        let people = people_of_all();
        let lexicon = Lexicon { people, surnames: BTreeSet::new(), small: BTreeSet::new() };
        let found = words(run, Span::new(0, run.len()), people);
        let end = run_end(&found, 0, people);
        let shown = match lexicon.named(&found[..end]) {
            Named::Person { name, sure, .. } => format!("{}{}", name.full, if sure { "" } else { "?" }),
            other => format!("{other:?}"),
        };
        assert_eq!(shown, expected, "{run}");
    }

    #[test]
    fn people() {
        check("Hugh Hill", "Hugh Hill");
        check("Russian President Vladimir Putin", "Vladimir Putin");
        check("Texas Sen. Ted Cruz", "Ted Cruz");
        check("FBI Director James Comey", "James Comey");
        check("Mr. Banks", "Banks");
        check("President Marlow", "Marlow");
        check("Ada J. Marlow", "Ada J. Marlow");
        check("Rev. Charles Elliott Jr.", "Charles Elliott Jr.");
        check("John \"Red\" Hale", "John Hale");
        check("Hanna van der Berg", "Hanna van der Berg");
        check("Gladkow", "Gladkow?");
        check("Republican Donald Trump", "Donald Trump");
        check("Zorka Blint", "Zorka Blint?");
        check("Dean Smith", "Dean Smith");
        check("Storm Hits Anna Lee", "Anna Lee");
        check("Ludmila Petrova Ivanova", "Ludmila Petrova Ivanova");
        check("McConnell", "McConnell?");
    }

    #[test]
    fn bodies_places_roles() {
        check("Defense Ministry", "Body");
        check("Freedom Legion", "Body");
        check("White House", "Body");
        check("CNN", "Body");
        check("PolitiFact", "Body");
        check("Wells Fargo", "Body");
        check("New York Times", "Body");
        check("Moscow", "Country(\"Russia\")");
        check("Ukraine", "Country(\"Ukraine\")");
        check("Texas", "Place");
        check("President", "Role");
        check("Republicans", "Role");
        check("Police", "Role");
    }
}
