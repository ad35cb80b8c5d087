//! One document as lineage sees it: the keys of its words in order, which of them are quoted, its sentences, and
//! hashed runs of words. A pure function of the document.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::graph::DocumentCard;
use crate::lang;
use crate::text::{self, Span};

/// Words in a shingle: runs this long hardly ever agree by chance once stock phrases are left out.
pub const SHINGLE: usize = 4;

/// Texts are read up to this many words: enough for any news article, and a bound on what a hostile text can cost.
const MAX_WORDS: usize = 20_000;

/// A word of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Hash of its match key.
    pub key: u64,
    pub span: Span,
    /// Inside double quotation marks.
    pub quoted: bool,
    /// Carries meaning of its own (not "the", "of", "said").
    pub heavy: bool,
}

/// A sentence of the story as a range of words.
#[derive(Clone, Debug, PartialEq)]
pub struct SentenceWords {
    pub from: usize,
    pub to: usize,
    /// Sorted heavy keys, each once.
    pub keys: Vec<u64>,
    /// How many of its words stand inside quotation marks.
    pub quoted: usize,
}

#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub words: Vec<Word>,
    pub sentences: Vec<SentenceWords>,
    /// Shingles with their places (index of the first word), sorted.
    pub shingles: Vec<(u64, u32)>,
}

impl Profile {
    pub fn of(card: &DocumentCard) -> Profile {
        let quoted: Vec<Span> = text::quote_pairs(&card.text)
            .into_iter()
            .filter(|pair| pair.style.is_double())
            .map(|pair| pair.inner())
            .collect();
        let mut profile = Profile::default();
        let mut last_sentence: Option<Vec<u64>> = None;
        for line in text::lines(&card.text) {
            if card.asides.iter().any(|aside| aside.contains(line)) {
                continue;
            }
            for sentence in text::sentences(&card.text, line) {
                if profile.words.len() >= MAX_WORDS {
                    return profile.indexed();
                }
                profile.read_sentence(&card.text, sentence, &quoted, &mut last_sentence);
            }
        }
        profile.indexed()
    }

    fn read_sentence(&mut self, text: &str, sentence: Span, quoted: &[Span], last: &mut Option<Vec<u64>>) {
        let from = self.words.len();
        for (key, span) in lang::keys(sentence.of(text)) {
            let span = Span::new(sentence.start + span.start, sentence.start + span.end);
            let within = quoted.partition_point(|quote| quote.end <= span.start);
            let is_quoted = quoted.get(within).is_some_and(|quote| quote.start <= span.start);
            let heavy = is_heavy(&key);
            self.words.push(Word { key: xxh3_64(key.as_bytes()), span, quoted: is_quoted, heavy });
        }
        let words = &self.words[from..];
        let all: Vec<u64> = words.iter().map(|word| word.key).collect();
        // captions are often printed twice in a row
        if all.is_empty() || last.as_ref() == Some(&all) {
            self.words.truncate(from);
            return;
        }
        let keys: BTreeSet<u64> = words.iter().filter(|word| word.heavy).map(|word| word.key).collect();
        let quoted = words.iter().filter(|word| word.quoted).count();
        self.sentences.push(SentenceWords { from, to: self.words.len(), keys: keys.into_iter().collect(), quoted });
        *last = Some(all);
    }

    /// The shingles that lie inside a range of words.
    pub fn runs_in(&self, from: usize, to: usize) -> impl Iterator<Item = u64> {
        self.words[from..to].windows(SHINGLE).filter_map(shingle)
    }

    fn indexed(mut self) -> Profile {
        for sentence in &self.sentences {
            for at in sentence.from..(sentence.to + 1).saturating_sub(SHINGLE) {
                if let Some(shingle) = shingle(&self.words[at..at + SHINGLE]) {
                    self.shingles.push((shingle, at as u32));
                }
            }
        }
        self.shingles.sort_unstable();
        self
    }

    /// Where a shingle stands, in order.
    pub fn places(&self, shingle: u64) -> impl Iterator<Item = usize> {
        let from = self.shingles.partition_point(|(other, _)| *other < shingle);
        self.shingles[from..].iter().take_while(move |(other, _)| *other == shingle).map(|(_, at)| *at as usize)
    }
}

/// The hash of a run of `SHINGLE` words; `None` for a run of function words, which says nothing.
fn shingle(run: &[Word]) -> Option<u64> {
    (run.iter().filter(|word| word.heavy).count() >= 2).then(|| hash_run(run))
}

fn hash_run(run: &[Word]) -> u64 {
    let mut bytes = [0u8; 8 * SHINGLE];
    for (slot, word) in bytes.chunks_exact_mut(8).zip(run) {
        slot.copy_from_slice(&word.key.to_le_bytes());
    }
    xxh3_64(&bytes)
}

/// Words that any two news texts share, as match keys.
const LIGHT: &[&str] = &[
    "a", "about", "after", "all", "also", "an", "and", "ani", "are", "as", "at", "be", "been", "befor", "but", "by",
    "can", "could", "did", "do", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if",
    "in", "into", "is", "it", "its", "more", "my", "new", "no", "not", "of", "on", "one", "or", "our", "out", "over",
    "said", "say", "she", "so", "some", "than", "that", "the", "their", "them", "there", "they", "this", "thi", "to",
    "told", "two", "up", "us", "was", "we", "were", "what", "when", "which", "while", "who", "will", "with", "would",
    "year", "you", "your", "s", "t", "m", "re", "accord", "ad",
];

fn is_heavy(key: &str) -> bool {
    static LIGHT_KEYS: LazyLock<HashSet<&str>> = LazyLock::new(|| LIGHT.iter().copied().collect());
    !LIGHT_KEYS.contains(key)
}
