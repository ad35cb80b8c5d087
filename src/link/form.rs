//! Forms: what is known of a printed word by itself, whatever stands around it. News uses few words often, so each is looked up
//! once a thread.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use crate::lang::{Language, Remembered, background, key, wording};
use crate::text::fold_word;

use super::names::sound;
use super::numbers::figure;
use super::stem::Stem;

/// A printed word. Cheap to share: every place where the word stands points to one of them.
#[derive(Debug)]
pub(super) struct Form {
    /// Folded, apostrophes left out.
    pub folded: String,
    /// Match key; empty where nothing is left of the word.
    pub key: String,
    pub stem: Stem,
    pub is_stop: bool,
    pub is_negator: bool,
    pub ends_negation: bool,
    pub cancels_negation: bool,
    /// In figures, or what a word of number or share stands for.
    pub figure: Option<f64>,
    pub value: Option<f64>,
    pub share: Option<f64>,
    /// A phrase of the synonym table begins with it.
    pub begins_phrase: bool,
    /// What an acronym in capitals stands for.
    pub long_for: Option<&'static str>,
    sound: OnceLock<String>,
}

impl Form {
    /// The form of a word as it is printed.
    pub fn of(printed: &str, language: &Language) -> Arc<Form> {
        thread_local! {
            static KNOWN: RefCell<Remembered<Arc<Form>>> = RefCell::default();
        }
        let make = |printed: &str| Arc::new(Form::looked_up(printed, language));
        KNOWN.with_borrow_mut(|known| known.in_language(language).of(printed, make))
    }

    /// The form of a word of the tables that stands for a phrase or an acronym.
    pub fn of_table(word: &str, language: &Language) -> Arc<Form> {
        Arc::new(Form::made(word.to_string(), word.to_string(), language))
    }

    fn looked_up(printed: &str, language: &Language) -> Form {
        let folded = fold_word(printed).chars().filter(|c| c.is_alphanumeric()).collect();
        let letters: Vec<char> = printed.chars().filter(|c| *c != '.').collect();
        let in_capitals = letters.len() >= 2 && letters.iter().all(char::is_ascii_uppercase);
        let form = Form::made(folded, key(printed), language);
        let long_for = wording(language).acronym(&form.folded).filter(|_| in_capitals);
        Form { figure: figure(printed), long_for, ..form }
    }

    fn made(folded: String, key: String, language: &Language) -> Form {
        let wording = wording(language);
        let begins_phrase = wording.phrases_from(&key).next().is_some();
        Form {
            stem: Stem::of(&key, wording, background(language), language),
            is_stop: wording.is_stop(&folded),
            is_negator: wording.is_negator(&folded),
            ends_negation: wording.ends_negation(&folded),
            cancels_negation: wording.cancels_negation(&folded),
            figure: None,
            value: wording.number_value(&folded),
            share: wording.share(&folded),
            begins_phrase,
            long_for: None,
            sound: OnceLock::new(),
            folded,
            key,
        }
    }

    /// Sound code, of a name.
    pub fn sound(&self) -> &str {
        self.sound.get_or_init(|| sound(&self.folded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    #[test]
    fn a_form_is_that_of_the_language_asked_for() {
        for _ in 0..2 {
            assert!(Form::of("never", language("en")).is_negator && !Form::of("never", language("xx")).is_negator);
        }
    }

    #[test]
    fn a_form_tells_what_a_word_is() {
        let of = |printed: &str| Form::of(printed, language("en"));
        assert_eq!((of("2,500").figure, of("twenty").value, of("ferry").figure), (Some(2500.0), Some(20.0), None));
        assert!(of("U.S.").long_for.is_some() && of("us").long_for.is_none());
        assert_eq!((of("Gladkow").sound(), of("“”").key.as_str()), (of("Gladkov").sound(), ""));
    }
}
