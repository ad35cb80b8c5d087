//! Names of people taken apart, and whether two of them can name one person.
//!
//! In: words of a name. Out: given names, surname, suffix; a comparison. Knows nothing of documents.

use crate::lang::People;
use crate::text::match_key;

use super::words::Word;

/// A person's name in its parts. `given` is empty where only a surname is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PersonName {
    pub given: Vec<String>,
    pub surname: String,
    pub suffix: Option<String>,
    /// As the document writes it, without titles.
    pub full: String,
}

/// How two names relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Different,
    /// Surname agrees, one side has no given name.
    SurnameOnly,
    /// Surname agrees, the given name is an initial or a short form of the other.
    Short,
    Same,
}

impl PersonName {
    /// The parts of a name written as `words`; particles belong to the surname.
    pub fn of_words(words: &[Word], people: &People) -> PersonName {
        let parts: Vec<&str> = words.iter().map(|word| word.text).collect();
        PersonName::of_parts(&parts, people)
    }

    /// The parts of a name as typed or stored.
    pub fn of_text(text: &str, people: &People) -> PersonName {
        let parts: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || c == ',').filter(|part| !part.is_empty()).collect();
        PersonName::of_parts(&parts, people)
    }

    fn of_parts(parts: &[&str], people: &People) -> PersonName {
        let full = parts.join(" ");
        let mut end = parts.len();
        let mut suffix = None;
        if end > 1 && people.is_suffix(parts[end - 1]) {
            suffix = Some(match_key(parts[end - 1]));
            end -= 1;
        }
        let mut start = end.saturating_sub(1);
        while start > 0 && people.is_particle(parts[start - 1]) && starts_small(parts[start - 1]) {
            start -= 1;
        }
        let given = parts[..start].iter().map(|part| part.to_string()).collect();
        PersonName { given, surname: parts[start..end].join(" "), suffix, full }
    }

    pub fn surname_key(&self) -> String {
        name_key(&self.surname)
    }

    /// The first given name, where there is one.
    pub fn first(&self) -> Option<&str> {
        self.given.first().map(String::as_str)
    }

    /// Given names and surname without a suffix mark, for comparison.
    pub fn is_full(&self) -> bool {
        !self.given.is_empty()
    }

    /// Whether both can name one person, surnames being compared letter by letter after folding.
    pub fn fit(&self, other: &PersonName, people: &People) -> Fit {
        if self.surname_key() != other.surname_key() || self.suffix_clashes(other, people) {
            return Fit::Different;
        }
        self.given_fit(other, people)
    }

    /// "Jr." against "Sr."; one suffix against none is open only while one side has no given name, or where the name in
    /// its formal dress has the suffix and the short form goes without ("Joseph R. Biden Jr.", "Joe Biden").
    pub fn suffix_clashes(&self, other: &PersonName, people: &People) -> bool {
        match (&self.suffix, &other.suffix) {
            (Some(a), Some(b)) => a != b,
            (None, None) => false,
            (Some(_), None) => self.is_full() && other.is_full() && !self.is_formal_of(other, people),
            (None, Some(_)) => self.is_full() && other.is_full() && !other.is_formal_of(self, people),
        }
    }

    /// Whether `other` has a short form of the first given name here.
    fn is_formal_of(&self, other: &PersonName, people: &People) -> bool {
        let (Some(formal), Some(short)) = (self.first(), other.first()) else { return false };
        let (formal, short) = (match_key(formal), match_key(short));
        short.len() > 1 && formal.len() > short.len() && people.same_given(&formal, &short)
    }

    /// How the given names agree.
    pub fn given_fit(&self, other: &PersonName, people: &People) -> Fit {
        let (Some(a), Some(b)) = (self.first(), other.first()) else {
            return Fit::SurnameOnly;
        };
        let (key_a, key_b) = (match_key(a), match_key(b));
        if key_a == key_b {
            return if middle_clashes(&self.given[1..], &other.given[1..]) { Fit::Different } else { Fit::Same };
        }
        let initial = |key: &str, of: &str| key.len() == 1 && of.starts_with(key);
        if initial(&key_a, &key_b) || initial(&key_b, &key_a) || people.same_given(a, b) {
            return Fit::Short;
        }
        // "J. Christian Adams" and "Christian Adams"
        let uses_middle = |long: &[String], first: &str| long.iter().skip(1).any(|name| match_key(name) == first);
        if uses_middle(&self.given, &key_b) || uses_middle(&other.given, &key_a) {
            return Fit::Short;
        }
        Fit::Different
    }
}

/// The folded form of a name; apostrophes (also those of a transliterated soft sign) are no word breaks.
pub(super) fn name_key(name: &str) -> String {
    match_key(&crate::text::fold_word(name).replace('\'', ""))
}

/// Middle names clash when both sides have one and neither begins the other.
fn middle_clashes(a: &[String], b: &[String]) -> bool {
    let (Some(a), Some(b)) = (a.first(), b.first()) else {
        return false;
    };
    let (a, b) = (match_key(a), match_key(b));
    !a.starts_with(&b) && !b.starts_with(&a)
}

fn starts_small(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::people_of_all;

    fn check(a: &str, b: &str, expected: Fit) {
        let people = people_of_all();
        let (first, second) = (PersonName::of_text(a, people), PersonName::of_text(b, people));
        assert_eq!(first.fit(&second, people), expected, "{a} / {b}");
        assert_eq!(second.fit(&first, people), expected, "{b} / {a}");
    }

    #[test]
    fn names_fit_or_not() {
        check("Donald Trump", "Donald J. Trump", Fit::Same);
        check("Donald Trump", "Donald Trump Jr.", Fit::Different);
        check("Donald Trump", "Don Trump Jr.", Fit::Different);
        check("Joe Biden", "Joseph R. Biden Jr.", Fit::Short);
        check("J. Biden", "Joseph R. Biden Jr.", Fit::Different);
        check("Joseph Biden Sr.", "Joseph R. Biden Jr.", Fit::Different);
        check("Bill Clinton", "Hillary Clinton", Fit::Different);
        check("Bill Clinton", "William Clinton", Fit::Short);
        check("Hillary Clinton", "Hillary Rodham Clinton", Fit::Same);
        check("Clinton", "Hillary Clinton", Fit::SurnameOnly);
        check("J. Smith", "John Smith", Fit::Short);
        check("J. Smith", "Anna Smith", Fit::Different);
        check("John A. Smith", "John B. Smith", Fit::Different);
        check("Ludwig van der Berg", "van der Berg", Fit::SurnameOnly);
        check("José Díaz", "Jose Diaz", Fit::Same);
    }
}
