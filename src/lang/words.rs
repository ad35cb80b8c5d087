//! Function words by class, for the shallow grammar of the rules: a lower-case word in, its classes out.
//! Languages without a table have no classes at all; nothing is guessed for them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Language;
use super::tables::HashMap;

/// One class of function words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordClass {
    Determiner,
    Possessive,
    SubjectPronoun,
    ObjectPronoun,
    Preposition,
    Auxiliary,
    Be,
    Negation,
    Adverb,
    Subordinator,
    Relative,
    Conjunction,
    Weekday,
    Month,
    DayPart,
    Verb,
    Title,
}

/// The classes of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordClasses(u32);

impl WordClasses {
    pub fn has(self, class: WordClass) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    pub fn any(self, classes: &[WordClass]) -> bool {
        classes.iter().any(|&class| self.has(class))
    }

    /// All classes as one number: a bit a class, none for a word no table knows.
    pub fn bits(self) -> u32 {
        self.0
    }
}

#[derive(Deserialize)]
struct Table {
    determiners: Vec<String>,
    possessives: Vec<String>,
    subject_pronouns: Vec<String>,
    object_pronouns: Vec<String>,
    prepositions: Vec<String>,
    auxiliaries: Vec<String>,
    be: Vec<String>,
    negations: Vec<String>,
    adverbs: Vec<String>,
    subordinators: Vec<String>,
    relatives: Vec<String>,
    conjunctions: Vec<String>,
    weekdays: Vec<String>,
    months: Vec<String>,
    day_parts: Vec<String>,
    verbs: Vec<String>,
    titles: Vec<String>,
}

static ENGLISH: LazyLock<HashMap<String, WordClasses>> = LazyLock::new(|| {
    let table: Table = toml::from_str(include_str!("en/words.toml")).expect("the word table is checked by a test");
    classes_of(table)
});

fn classes_of(table: Table) -> HashMap<String, WordClasses> {
    use WordClass::*;
    let mut found: HashMap<String, WordClasses> = HashMap::default();
    let rows = [
        (Determiner, table.determiners),
        (Possessive, table.possessives),
        (SubjectPronoun, table.subject_pronouns),
        (ObjectPronoun, table.object_pronouns),
        (Preposition, table.prepositions),
        (Auxiliary, table.auxiliaries),
        (Be, table.be),
        (Negation, table.negations),
        (Adverb, table.adverbs),
        (Subordinator, table.subordinators),
        (Relative, table.relatives),
        (Conjunction, table.conjunctions),
        (Weekday, table.weekdays),
        (Month, table.months),
        (DayPart, table.day_parts),
        (Verb, table.verbs),
        (Title, table.titles),
    ];
    for (class, words) in rows {
        for word in words {
            found.entry(word).or_default().0 |= 1 << class as u32;
        }
    }
    found
}

/// The classes of a lower-case word (typographic apostrophes) in `language`.
pub fn word_classes(word: &str, language: &Language) -> WordClasses {
    if language.code != "en" {
        return WordClasses::default();
    }
    ENGLISH.get(word).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{UNKNOWN, language};

    #[test]
    fn words_have_their_classes() {
        let english = language("en");
        assert!(word_classes("the", english).has(WordClass::Determiner));
        assert!(word_classes("didn’t", english).any(&[WordClass::Negation]));
        assert!(!word_classes("table", english).has(WordClass::Determiner));
        assert_eq!(word_classes("the", &UNKNOWN), WordClasses::default());
    }

    #[test]
    fn the_table_is_lower_case_with_typographic_apostrophes() {
        for word in ENGLISH.keys() {
            assert_eq!(*word, word.to_lowercase());
            assert!(!word.contains('\''), "{word}");
        }
    }
}
