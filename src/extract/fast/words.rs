//! A passage as the fast tagger sees it: words, each with the atoms that features are made of.
//!
//! In: a reading and one of its passages. Out: `Words`. An atom is a hash of one small fact (the lower-case word, its
//! stem, its shape, what the word tables know of it, where in its sentence it stands). Everything is computed in one pass
//! to the right and one to the left, so time grows linearly whatever the length of a sentence. Must not know labels.

use std::ops::Range;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::lang::{Language, WordClass, cues, reporting, word_classes};
use crate::model::{Act, Reading};
use crate::network::input::{State, Tokens};
use crate::text::Span;

/// What is known of one word. The order is that of `Word::atoms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Atom {
    Text,
    Stem,
    Shape,
    /// Classes of the word table, or what the ending suggests.
    Class,
    /// Speech cue, thought cue, reporting noun or none.
    Lexicon,
    /// Inside quotation marks or not.
    Quoted,
    /// Outside, inside, opening or closing mark.
    State,
    Suffix2,
    Suffix3,
    Suffix4,
    Prefix3,
    Prefix5,
    /// Whether none, some or all words of the sentence are quoted.
    SentenceQuotes,
    FromStart,
    ToEnd,
    FromPassageStart,
    /// Lexicon and stem of the nearest cue word before it in the sentence, lexicon of the nearest after it.
    LexiconBefore,
    CueBefore,
    LexiconAfter,
    /// "that" within the next three words.
    ThatNear,
    /// First word of the sentence, its shape, whether it is quoted, and its last word.
    FirstText,
    FirstShape,
    FirstQuoted,
    LastText,
}
const ATOMS: usize = Atom::LastText as usize + 1;

/// What a word is in the cue table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lexicon {
    #[default]
    None,
    Speech,
    Thought,
    Noun,
}

#[derive(Clone, Debug)]
pub struct Word {
    pub span: Span,
    pub lexicon: Lexicon,
    pub quoted: bool,
    pub letters: bool,
    atoms: [u64; ATOMS],
}

/// The words of one passage, with its sentences and running counts over them.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub list: Vec<Word>,
    /// Ranges of words.
    pub sentences: Vec<Range<usize>>,
    /// For every word, the number of its sentence.
    pub sentence_of: Vec<usize>,
    counts: Vec<Counts>,
}

/// How many of each stand before a word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub commas: u32,
    pub marks: u32,
    pub cue_words: u32,
    pub verbs: u32,
    pub capitals: u32,
    pub thats: u32,
    pub quoted: u32,
}

/// Stands for every word before the first and after the last.
static EDGE: Word = Word {
    span: Span { start: 0, end: 0 },
    lexicon: Lexicon::None,
    quoted: false,
    letters: false,
    atoms: [0x5DEE_CE66_D1CE_4E5B; ATOMS],
};

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

impl Word {
    pub fn atom(&self, atom: Atom) -> u64 {
        self.atoms[atom as usize]
    }

    fn set(&mut self, atom: Atom, value: u64) {
        self.atoms[atom as usize] = value;
    }
}

impl Words {
    /// Cuts passage `number` of the reading into words. A passage without any gives an empty list.
    pub fn new(reading: &Reading, number: usize, language: &Language) -> Words {
        let text = reading.text;
        let passage = reading.passages[number].span.snapped(text);
        let tokens = Tokens::of(text, passage);
        let mut list: Vec<Word> = Vec::with_capacity(tokens.spans.len());
        for (&span, &state) in tokens.spans.iter().zip(&tokens.states) {
            list.push(word(span.of(text), span, state, language));
        }
        set_lexicon(&mut list, text, language);
        let mut found = Words { list, ..Words::default() };
        found.cut(reading, number);
        found.set_context();
        found.count();
        found
    }

    /// The word `offset` places from `at`, or the edge.
    pub fn near(&self, at: usize, offset: isize) -> &Word {
        at.checked_add_signed(offset).and_then(|at| self.list.get(at)).unwrap_or(&EDGE)
    }

    /// How many of each stand in the words `from..to`.
    pub fn between(&self, from: usize, to: usize) -> Counts {
        let (a, b) = (self.counts[from.min(to)], self.counts[to]);
        Counts {
            commas: b.commas - a.commas,
            marks: b.marks - a.marks,
            cue_words: b.cue_words - a.cue_words,
            verbs: b.verbs - a.verbs,
            capitals: b.capitals - a.capitals,
            thats: b.thats - a.thats,
            quoted: b.quoted - a.quoted,
        }
    }

    /// Sentences as ranges of words; words before the first sentence belong to it.
    fn cut(&mut self, reading: &Reading, passage: usize) {
        let first = reading.sentences.partition_point(|sentence| sentence.passage < passage);
        let own = reading.sentences[first..].iter().take_while(|sentence| sentence.passage == passage);
        let mut from = 0;
        for sentence in own {
            let to = from + self.list[from..].partition_point(|word| word.span.start < sentence.span.end);
            if to > from {
                self.sentences.push(from..to);
                from = to;
            }
        }
        if from < self.list.len() {
            self.sentences.push(from..self.list.len());
        }
        self.sentence_of =
            self.sentences.iter().enumerate().flat_map(|(number, range)| range.clone().map(move |_| number)).collect();
    }

    fn set_context(&mut self) {
        let that = hash(b"that");
        for range in self.sentences.clone() {
            let sentence = &mut self.list[range.clone()];
            let quoted = sentence.iter().filter(|word| word.quoted).count();
            let quotes = if quoted == 0 { 0 } else { 1 + u64::from(quoted == sentence.len()) };
            let (first, last) = (sentence[0].clone(), sentence[sentence.len() - 1].atom(Atom::Text));
            let length = sentence.len();
            let mut before = (0, 0);
            for (at, word) in sentence.iter_mut().enumerate() {
                word.set(Atom::SentenceQuotes, quotes);
                word.set(Atom::FromStart, bucket(at));
                word.set(Atom::ToEnd, bucket(length - 1 - at));
                word.set(Atom::FromPassageStart, bucket(range.start + at));
                word.set(Atom::LexiconBefore, before.0);
                word.set(Atom::CueBefore, before.1);
                word.set(Atom::FirstText, first.atom(Atom::Text));
                word.set(Atom::FirstShape, first.atom(Atom::Shape));
                word.set(Atom::FirstQuoted, u64::from(first.quoted));
                word.set(Atom::LastText, last);
                if word.lexicon != Lexicon::None {
                    before = (word.lexicon as u64, word.atom(Atom::Stem));
                }
            }
            let mut after = 0;
            for word in sentence.iter_mut().rev() {
                word.set(Atom::LexiconAfter, after);
                if word.lexicon != Lexicon::None {
                    after = word.lexicon as u64;
                }
            }
        }
        for at in 0..self.list.len() {
            let near = (1..4).any(|offset| self.near(at, offset).atom(Atom::Text) == that);
            self.list[at].set(Atom::ThatNear, u64::from(near));
        }
    }

    fn count(&mut self) {
        let (comma, that) = (hash(b","), hash(b"that"));
        let mut sum = Counts::default();
        self.counts.push(sum);
        for word in &self.list {
            let text = word.atom(Atom::Text);
            sum.commas += u32::from(text == comma);
            sum.marks += u32::from(word.atom(Atom::State) >= State::Opens as u64);
            sum.cue_words += u32::from(matches!(word.lexicon, Lexicon::Speech | Lexicon::Thought));
            sum.verbs += u32::from(is_verb(word.atom(Atom::Class)));
            sum.capitals += u32::from(word.atom(Atom::Shape) & 1 == 1);
            sum.thats += u32::from(text == that);
            sum.quoted += u32::from(word.quoted);
            self.counts.push(sum);
        }
    }
}

fn word(text: &str, span: Span, state: State, language: &Language) -> Word {
    let lower = match state {
        State::Opens => "“".to_string(),
        State::Closes => "”".to_string(),
        _ => text.to_lowercase().replace(['’', 'ʼ', '`', '´'], "'"),
    };
    let mut word = Word {
        span,
        lexicon: Lexicon::None,
        quoted: state != State::Outside,
        letters: lower.starts_with(char::is_alphabetic),
        atoms: [0; ATOMS],
    };
    let own = hash(lower.as_bytes());
    word.set(Atom::Text, own);
    word.set(Atom::Stem, if word.letters { hash(STEMMER.stem(&lower).as_bytes()) } else { own });
    word.set(Atom::Shape, shape(text));
    word.set(Atom::Class, class(text, &lower, language));
    word.set(Atom::Quoted, u64::from(word.quoted));
    word.set(Atom::State, state as u64);
    word.set(Atom::Suffix2, hash(last(&lower, 2).as_bytes()));
    word.set(Atom::Suffix3, hash(last(&lower, 3).as_bytes()));
    word.set(Atom::Suffix4, hash(last(&lower, 4).as_bytes()));
    word.set(Atom::Prefix3, hash(first(&lower, 3).as_bytes()));
    word.set(Atom::Prefix5, hash(first(&lower, 5).as_bytes()));
    word
}

/// Marks the words of every form of the cue table, and reporting nouns.
fn set_lexicon(list: &mut [Word], text: &str, language: &Language) {
    const LONGEST: usize = 4; // words of a form
    if let Some(table) = cues(language) {
        let lower: Vec<String> = list.iter().map(|word| word.span.of(text).to_lowercase()).collect();
        let mut at = 0;
        while at < list.len() {
            let rest = |i: usize| lower.get(at + 1 + i).filter(|_| i < LONGEST).map(String::as_str);
            let Some((length, cue)) = table.find(&lower[at], rest) else {
                at += 1;
                continue;
            };
            let thought = table.cues[cue].act == Act::Thought;
            list[at].lexicon = if thought { Lexicon::Thought } else { Lexicon::Speech };
            at += length;
        }
        if let Some(words) = reporting(language) {
            for (word, lower) in list.iter_mut().zip(&lower) {
                if word.lexicon == Lexicon::None && words.media.contains(lower) {
                    word.lexicon = Lexicon::Noun;
                }
            }
        }
    }
    for word in list {
        word.set(Atom::Lexicon, word.lexicon as u64);
    }
}

const VERB: u64 = 1 << 40;

fn is_verb(class: u64) -> bool {
    class & VERB != 0
}

/// The classes of the word table, else what the ending and the capital suggest.
fn class(text: &str, lower: &str, language: &Language) -> u64 {
    let known = word_classes(lower, language);
    if known != Default::default() {
        let verb = known.any(&[WordClass::Auxiliary, WordClass::Be, WordClass::Verb]);
        return u64::from(known.bits()) | if verb { VERB } else { 0 };
    }
    let guessed = match () {
        _ if !text.contains(char::is_alphanumeric) => 0,
        _ if text.starts_with(char::is_numeric) => 1,
        _ if text.starts_with(char::is_uppercase) => 2,
        _ if lower.ends_with("ly") => 3,
        _ if lower.ends_with("ed") => 4 | VERB,
        _ if lower.ends_with("ing") => 5,
        _ if lower.ends_with("'s") || lower == "'" => 6,
        _ if lower.ends_with("n't") || lower.starts_with('\'') => 7,
        _ if ["ion", "ment", "ness", "ity", "ism"].iter().any(|end| lower.ends_with(end)) => 8,
        _ if ["ous", "ful", "ive", "able", "al", "ic"].iter().any(|end| lower.ends_with(end)) => 9,
        _ if lower.ends_with('s') => 10,
        _ => 11,
    };
    guessed | 1 << 41
}

/// Runs of capitals, small letters and digits, other characters as they are; the lowest bit tells an initial capital.
fn shape(text: &str) -> u64 {
    let mut runs = [0u8; 16];
    let (mut length, mut before) = (0, 0u8);
    for c in text.chars() {
        let kind = match c {
            c if c.is_uppercase() => b'X',
            c if c.is_alphabetic() => b'x',
            c if c.is_numeric() => b'9',
            c if c.is_ascii() => c as u8,
            _ => b'?',
        };
        if kind != before && length < runs.len() {
            runs[length] = kind;
            length += 1;
        }
        before = kind;
    }
    (hash(&runs[..length]) & !1) | u64::from(text.starts_with(char::is_uppercase))
}

/// FNV-1a: short, well spread, the same everywhere.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |h, &byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A length by rough size.
pub fn bucket(count: usize) -> u64 {
    match count {
        0..=4 => count as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        25..=49 => 9,
        _ => 10,
    }
}

fn last(word: &str, count: usize) -> &str {
    word.char_indices().rev().nth(count - 1).map_or(word, |(at, _)| &word[at..])
}

fn first(word: &str, count: usize) -> &str {
    word.char_indices().nth(count).map_or(word, |(at, _)| &word[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    fn words(text: &str) -> Words {
        Words::new(&Reading::of_lines(text), 0, language("en"))
    }

    #[test]
    fn cue_words_and_nouns_are_known() {
        let found = words("Brook said in a statement that she believes it.");
        let lexicon: Vec<Lexicon> = found.list.iter().map(|word| word.lexicon).collect();
        assert_eq!(lexicon[1], Lexicon::Speech);
        assert_eq!(lexicon[4], Lexicon::Noun);
        assert_eq!(lexicon[7], Lexicon::Thought);
        assert_eq!(lexicon[0], Lexicon::None);
    }

    #[test]
    fn marks_of_any_kind_are_one_word() {
        let (curly, doubled) = (words("“Yes,” he said."), words("''Yes,'' he said."));
        for (a, b) in curly.list.iter().zip(&doubled.list) {
            assert_eq!(a.atom(Atom::Text), b.atom(Atom::Text));
            assert_eq!(a.quoted, b.quoted);
        }
    }

    #[test]
    fn counts_between_words() {
        let found = words("“Yes,” Brook said, that is it. He left.");
        let all = found.between(0, found.list.len());
        assert_eq!((all.marks, all.commas, all.thats, all.cue_words), (2, 2, 1, 1));
        assert_eq!(found.sentences.len(), 2);
        assert_eq!(found.between(3, 3).commas, 0);
    }
}
