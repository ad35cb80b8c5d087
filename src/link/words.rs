//! A variant made ready for comparison: its words with match key, weight, polarity and number, computed once.
//!
//! In: a variant. Out: `Prepared`, which borrows nothing but the variant. Knows nothing of pairs.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::xxh3_64;

use crate::lang::{Language, Remembered, Wording, language, wording};
use crate::model::{Date, Kind, Variant};
use crate::text::{Span, match_key, quote_pairs, words};

use super::form::Form;
use super::names::{SpeakerName, speaker_name};
use super::numbers::{Number, read_numbers};
use super::polarity::{cue_adds, cue_approves, cue_denies, mark_negation};

/// Statements longer than this are compared by their first words only; what is left out is said in the evidence.
pub const MOST_WORDS: usize = 300;

/// Letters beyond these are not compared.
const MOST_LETTERS: usize = 4000;

/// A repeated word counts this much of its first occurrence.
const REPEATED: f64 = 0.3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// Function words and the parts of a number after its first.
    Stop,
    Plain,
    /// Capitalised inside a sentence, or in capitals.
    Name,
    Number,
}

/// One word of a content.
#[derive(Clone, Debug)]
pub struct Word {
    pub span: Span,
    /// Hash of the match key, phrases and acronyms replaced.
    pub key: u64,
    /// Hash of the derivational root, negating prefix left out; 0 where there is none.
    pub root: u64,
    /// Synonym group; 0 for none.
    pub group: u16,
    pub sides: &'static [(u16, bool)],
    /// Inverse document frequency in the shipped background table.
    pub idf: f64,
    pub kind: WordKind,
    /// Stands in the reach of an odd number of negators.
    pub negated: bool,
    /// Itself the negation of its root ("unqualified").
    pub reversed: bool,
    /// Inside quotation marks (or the whole content is direct).
    pub quoted: bool,
    /// Number of the clause it stands in.
    pub clause: usize,
    /// Of a name its spelling.
    pub(super) name: Option<Arc<Form>>,
    /// Index into `Prepared::numbers`.
    pub number: Option<usize>,
}

impl Word {
    pub fn is_content(&self) -> bool {
        self.kind != WordKind::Stop
    }
}

/// A variant with its words read.
#[derive(Clone, Debug)]
pub struct Prepared<'v> {
    pub variant: &'v Variant,
    pub words: Vec<Word>,
    /// Numbers of the content, then those of the source phrase ("28 percent of voters").
    pub numbers: Vec<Number>,
    /// Sum of the weights of the content words.
    pub mass: f64,
    /// Numbers of the clauses that hold a negator, whatever it reaches.
    pub negating: BTreeSet<usize>,
    /// The cue denies the content ("denied", "has yet to endorse").
    pub denied: bool,
    /// The cue is for the content ("praised") or against it ("decried"); `None` where it is neither, or both.
    pub approves: Option<bool>,
    /// The cue says that the content comes on top of what was said before.
    pub adds: bool,
    pub speakers: Vec<Arc<SpeakerName>>,
    /// Days since the Unix epoch, where the date is known to the day.
    pub day: Option<i32>,
    /// Keys of all words, sorted.
    pub keys: Vec<u64>,
    pub(super) letters: OnceLock<Vec<char>>,
    pub(super) stock: OnceLock<Vec<bool>>,
    /// Words beyond `MOST_WORDS` that were left out.
    pub left_out: usize,
}

/// A word before it is weighed.
pub(super) struct RawWord {
    pub span: Span,
    pub form: Arc<Form>,
    /// A mark of punctuation that ends a clause stands between the word before and this one.
    pub after_break: bool,
    pub consumed: bool,
}

impl Prepared<'_> {
    /// The folded text, words only, cut at `MOST_LETTERS`. Made when a pair first asks for it, as most never do.
    pub fn letters(&self) -> &[char] {
        self.letters.get_or_init(|| match_key(&self.variant.text).chars().take(MOST_LETTERS).collect())
    }

    /// Which words stand inside a phrase that everybody uses.
    pub fn stock(&self) -> &[bool] {
        self.stock.get_or_init(|| stock_words(&self.words, wording(language(&self.variant.language))))
    }
}

/// Reads a variant's words.
pub fn prepare(variant: &Variant) -> Prepared<'_> {
    let language = language(&variant.language);
    let wording = wording(language);
    let mut raw = raw_words(&variant.text, language);
    let left_out = raw.len().saturating_sub(MOST_WORDS);
    raw.truncate(MOST_WORDS);
    let numbers = read_numbers(&variant.text, &mut raw, wording);
    join_phrases(&mut raw, language);
    let negated = mark_negation(&raw, wording);
    let quoted = quoted_spans(variant);
    let mut seen = HashSet::new();
    let mut clause = 0;
    let mut negating = BTreeSet::new();
    let mut found = Vec::with_capacity(raw.len());
    for (index, word) in raw.iter().enumerate() {
        clause += usize::from(word.after_break && index > 0);
        if word.form.is_negator {
            negating.insert(clause);
        }
        if word.consumed {
            continue;
        }
        let mut made = weigh(word, &variant.text, index, &numbers);
        made.negated = negated[index];
        made.clause = clause;
        made.quoted = quoted.iter().any(|span| span.contains(word.span));
        if made.is_content() && !seen.insert(made.key) {
            made.idf *= REPEATED;
        }
        found.push(made);
    }
    let speaker_numbers = read_numbers(&variant.speaker, &mut raw_words(&variant.speaker, language), wording);
    let speaker_numbers = speaker_numbers.into_iter().map(|(_, number)| number);
    let mass = found.iter().filter(|word| word.is_content()).map(|word| word.idf).sum();
    let mut keys: Vec<u64> = found.iter().map(|word| word.key).collect();
    keys.sort_unstable();
    Prepared {
        variant,
        words: found,
        mass,
        negating,
        denied: variant.negated || cue_denies(&variant.cue, wording),
        // Of words that are quoted the cue tells what the speaker does with them, not which side they take.
        adds: cue_adds(&variant.cue, wording),
        approves: if variant.kind == Kind::Indirect { cue_approves(&variant.cue, wording) } else { None },
        speakers: speaker_names(variant, language),
        numbers: numbers.into_iter().map(|(_, number)| number).chain(speaker_numbers).collect(),
        day: variant.date.as_ref().and_then(Date::day_number),
        keys,
        letters: OnceLock::new(),
        stock: OnceLock::new(),
        left_out,
    }
}

fn stock_words(words: &[Word], wording: &Wording) -> Vec<bool> {
    let keys: Vec<u64> = words.iter().map(|word| word.key).collect();
    let mut stock = vec![false; keys.len()];
    for (at, key) in keys.iter().enumerate() {
        for phrase in wording.stock_phrases_from(*key).filter(|phrase| keys[at..].starts_with(phrase)) {
            stock[at..at + phrase.len()].fill(true);
        }
    }
    stock
}

fn speaker_names(variant: &Variant, language: &Language) -> Vec<Arc<SpeakerName>> {
    thread_local! {
        static KNOWN: RefCell<Remembered<Option<Arc<SpeakerName>>>> = RefCell::default();
    }
    let make = |phrase: &str| speaker_name(phrase, wording(language)).map(Arc::new);
    let spellings = std::iter::once(&variant.speaker).chain(&variant.speaker_aliases);
    let mut names: Vec<Arc<SpeakerName>> = KNOWN.with_borrow_mut(|known| {
        let known = known.in_language(language);
        spellings.filter_map(|spelling| known.of(spelling, make)).collect()
    });
    names.dedup();
    names
}

fn raw_words(text: &str, language: &Language) -> Vec<RawWord> {
    let mut found: Vec<RawWord> = Vec::new();
    let mut end = 0;
    for span in words(text) {
        for part in split_hyphens(text, span) {
            let form = Form::of(part.of(text), language);
            if form.key.is_empty() {
                continue;
            }
            let between = text.get(end..part.start).unwrap_or("");
            let after_break = breaks_clause(between, found.last().map(|word| word.span.of(text)), part.of(text));
            found.push(RawWord { span: part, form, after_break, consumed: false });
            end = part.end;
        }
    }
    found
}

/// Whether what stands between two words ends a clause. The stop of a short form ("U.S.", "Mr.", "J.") does not.
fn breaks_clause(between: &str, before: Option<&str>, next: &str) -> bool {
    if between.contains([',', ';', ':', '!', '?', '—', '–', '…', '(', ')']) {
        return true;
    }
    let short_form = before.is_some_and(|word| {
        word.contains('.') || word.len() <= 3 && word.starts_with(|c: char| c.is_ascii_uppercase())
    });
    between.contains('.') && !short_form && !next.starts_with(char::is_lowercase)
}

fn split_hyphens(text: &str, span: Span) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = span.start;
    for (at, c) in span.of(text).char_indices() {
        if matches!(c, '-' | '‐' | '‑' | '–' | '_' | '/') {
            parts.push(Span::new(start, span.start + at));
            start = span.start + at + c.len_utf8();
        }
    }
    parts.push(Span::new(start, span.end));
    parts.retain(|part| !part.is_empty());
    parts
}

/// Replaces a phrase of the synonym table, or an acronym in capitals, by the word it stands for.
fn join_phrases(raw: &mut [RawWord], language: &Language) {
    let wording = wording(language);
    let mut index = 0;
    while index < raw.len() {
        if let Some(word) = raw[index].form.long_for {
            raw[index].form = Form::of_table(word, language);
        }
        let first = raw[index].form.clone();
        if first.begins_phrase
            && let Some((words, word)) = wording.phrases_from(&first.key).find(|(words, _)| {
                words.len() <= raw.len() - index
                    && words.iter().zip(&raw[index..]).all(|(word, here)| *word == here.form.key && !here.consumed)
            })
        {
            let last = index + words.len() - 1;
            raw[index].span = raw[index].span.cover(raw[last].span);
            raw[index].form = Form::of_table(word, language);
            raw[index + 1..=last].iter_mut().for_each(|part| part.consumed = true);
            index = last;
        }
        index += 1;
    }
}

fn quoted_spans(variant: &Variant) -> Vec<Span> {
    if variant.kind == Kind::Direct {
        return vec![Span::new(0, variant.text.len())];
    }
    quote_pairs(&variant.text).iter().map(|pair| pair.span).collect()
}

fn weigh(word: &RawWord, text: &str, index: usize, numbers: &[(usize, Number)]) -> Word {
    let number = numbers.iter().position(|(at, _)| *at == index);
    let stem = &word.form.stem;
    let is_stop = number.is_none() && word.form.is_stop;
    let capital = word.span.of(text).starts_with(char::is_uppercase);
    let is_name = capital && !is_stop && (index > 0 && !word.after_break || !stem.known);
    let kind = match (number, is_stop, is_name) {
        (Some(_), _, _) => WordKind::Number,
        (_, true, _) => WordKind::Stop,
        (_, _, true) => WordKind::Name,
        _ => WordKind::Plain,
    };
    let number_named = number.map(|at| &numbers[at].1);
    Word {
        span: word.span,
        key: number_named.map_or(stem.key, |number| xxh3_64(number.key().as_bytes())),
        root: stem.root,
        group: stem.group,
        sides: stem.sides,
        idf: number_named.map_or(stem.idf, Number::weight),
        kind,
        negated: false,
        reversed: stem.reversed,
        quoted: false,
        clause: 0,
        name: (kind == WordKind::Name).then(|| word.form.clone()),
        number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::variant;

    fn spans_where(text: &str, keep: impl Fn(&Word) -> bool) -> Vec<String> {
        let variant = variant(text);
        let prepared = prepare(&variant);
        prepared.words.iter().filter(|word| keep(word)).map(|word| word.span.of(text).to_string()).collect()
    }

    #[test]
    fn names_are_seen_inside_a_sentence() {
        assert_eq!(
            spans_where("Yesterday the mayor met Anna Berg in Oslo", |word| word.kind == WordKind::Name),
            ["Anna", "Berg", "Oslo"]
        );
    }

    #[test]
    fn phrases_and_acronyms_are_one_word() {
        let a = variant("the United States");
        let b = variant("the U.S.");
        let c = variant("told us");
        let last = |variant: &Variant| prepare(variant).words.last().map(|word| word.key);
        assert_eq!(last(&a), last(&b));
        assert_ne!(last(&b), last(&c));
    }

    #[test]
    fn a_repeated_word_counts_less() {
        let variant = variant("drones and drones");
        let prepared = prepare(&variant);
        assert!(prepared.words[2].idf < prepared.words[0].idf / 2.0);
    }

    #[test]
    fn words_inside_marks_are_quoted() {
        assert_eq!(spans_where("that it was a “dreadful error” indeed", |word| word.quoted), ["dreadful", "error"]);
    }
}
