//! What is known of single words, remembered: news uses few words often, and stemming or sounding one out is dear.

use super::Language;
use super::tables::HashMap;

/// So many words are remembered; then all are forgotten.
const MOST: usize = 1 << 15;

/// Longer words (bytes) are not worth remembering.
const LONGEST: usize = 32;

/// Answers by word. One for each thread and question.
#[derive(Debug)]
pub struct Remembered<T> {
    /// The language that the words are of, where that matters.
    language: &'static str,
    known: HashMap<String, T>,
}

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Remembered { language: "", known: HashMap::default() }
    }
}

impl<T: Clone> Remembered<T> {
    /// The answer for a word: the one given before, or `make`'s.
    pub fn of(&mut self, word: &str, make: impl FnOnce(&str) -> T) -> T {
        if let Some(known) = self.known.get(word) {
            return known.clone();
        }
        let made = make(word);
        if word.len() <= LONGEST {
            if self.known.len() >= MOST {
                self.known.clear();
            }
            self.known.insert(word.to_string(), made.clone());
        }
        made
    }

    /// For words of this language: what is known of words of another is forgotten.
    pub fn in_language(&mut self, language: &Language) -> &mut Remembered<T> {
        if self.language != language.code {
            self.language = language.code;
            self.known.clear();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_would_be_made() {
        let mut lengths = Remembered::default();
        for round in 0..2 {
            for number in 0..MOST + 10 {
                let word = format!("Defence{number}s");
                assert_eq!(lengths.of(&word, str::len), word.len(), "round {round}");
            }
        }
        assert!(lengths.known.len() <= MOST);
    }

    #[test]
    fn a_word_is_made_once_and_a_long_one_each_time() {
        let mut made = 0;
        let mut lengths = Remembered::default();
        for word in ["quay", "quay", &"q".repeat(LONGEST + 1), &"q".repeat(LONGEST + 1)] {
            lengths.of(word, |word| {
                made += 1;
                word.len()
            });
        }
        assert_eq!(made, 3);
    }

    #[test]
    fn words_of_another_language_are_others() {
        let mut known = Remembered::default();
        for code in ["en", "de", "en"] {
            let language = Language { code, name: "" };
            assert_eq!(known.in_language(&language).of("not", |_| code), code);
        }
    }
}
