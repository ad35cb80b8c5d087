//! "Has this been said before?": ranks statements or known claims by how well they answer any text.
//!
//! BM25 (Robertson and others 1994) over match keys: stems with one spelling, function words left out, hashtags and handles
//! split into their words, web addresses left out; a word counts once however often a query repeats it; fused with the cosine of
//! meanings where there are some. Pure: built in memory from texts, and the order of equal scores is that of the input.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use xxhash_rust::xxh3::xxh3_64;

use crate::lang::{Language, background, keys, wording};
use crate::text::{Span, fold_word};

/// Saturation of repeated words, and how much long texts are held back.
const SATURATION: f64 = 1.0;
const LENGTH: f64 = 0.5;

/// Share of the meaning in a likeness that both words and meaning go into. Chosen on the training queries.
const MEANING_SHARE: f64 = 0.3;

/// How near two texts are, 0 to 1, from the share of words (0 to 1) and the cosine of meanings where there is one.
pub fn likeness(words: f64, meaning: Option<f64>) -> f64 {
    match meaning {
        Some(cosine) => (1.0 - MEANING_SHARE) * words + MEANING_SHARE * cosine.max(0.0),
        None => words,
    }
}

/// A text to look up, read once.
#[derive(Clone, Debug)]
pub struct Query {
    language: &'static Language,
    readable: String,
    terms: BTreeSet<String>,
}

impl Query {
    pub fn new(text: &str, language: &'static Language) -> Query {
        let readable = readable(text);
        let terms = terms(&readable, language).into_iter().map(|(term, _)| term).collect();
        Query { language, readable, terms }
    }

    /// Whether it has no word to look for.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The text without web addresses, hashtags and handles cut into words.
    pub fn readable(&self) -> &str {
        &self.readable
    }

    /// Its rarest terms by the background table, at most so many, rarest first.
    pub fn rarest(&self, most: usize) -> Vec<String> {
        let background = background(self.language);
        let mut terms: Vec<&String> = self.terms.iter().collect();
        terms.sort_by(|x, y| background.idf(y).total_cmp(&background.idf(x)).then(x.cmp(y)));
        terms.into_iter().take(most).cloned().collect()
    }

    /// The same number for texts of the same words, whatever their order and spelling.
    pub fn wording(&self) -> u64 {
        let terms: Vec<&str> = self.terms.iter().map(String::as_str).collect();
        xxh3_64(terms.join(" ").as_bytes())
    }

    /// The words of a text that the query has too: bytes of that text, in order.
    pub fn words_in(&self, text: &str) -> Vec<Span> {
        let words = terms(text, self.language).into_iter();
        words.filter(|(term, _)| self.terms.contains(term)).map(|(_, span)| span).collect()
    }
}

/// An index over texts.
#[derive(Clone, Debug)]
pub struct Retriever {
    language: &'static Language,
    /// For each term the texts that hold it, with counts.
    postings: HashMap<String, Vec<(u32, u32)>>,
    lengths: Vec<u32>,
    total: u64,
    /// Rarity comes from the background table, not from the texts of the index.
    on_background: bool,
}

impl Retriever {
    /// Indexes texts; each is known by its place in the order. How rare a word is comes from these texts.
    pub fn new<'t>(texts: impl Iterator<Item = &'t str>, language: &'static Language) -> Self {
        Retriever::build(texts, language, false)
    }

    /// The same with rarity from the background table: for a few texts that were picked for their words.
    pub fn on_background<'t>(texts: impl Iterator<Item = &'t str>, language: &'static Language) -> Self {
        Retriever::build(texts, language, true)
    }

    fn build<'t>(texts: impl Iterator<Item = &'t str>, language: &'static Language, on_background: bool) -> Self {
        let mut index = Retriever { language, postings: HashMap::new(), lengths: Vec::new(), total: 0, on_background };
        texts.for_each(|text| index.add(text));
        index
    }

    fn add(&mut self, text: &str) {
        let place = self.lengths.len();
        let terms = terms(&readable(text), self.language);
        self.lengths.push(terms.len() as u32);
        self.total += terms.len() as u64;
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for (term, _) in terms {
            *counts.entry(term).or_default() += 1;
        }
        for (term, count) in counts {
            self.postings.entry(term).or_default().push((place as u32, count));
        }
    }

    /// The best `most` texts for a query, best first: BM25 as a share (0 to 1) of what a text could reach at most.
    pub fn rank(&self, query: &Query, most: usize) -> Vec<(usize, f64)> {
        let average = (self.total as f64 / (self.lengths.len() as f64).max(1.0)).max(1.0);
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        let mut ceiling = 0.0;
        for term in &query.terms {
            let postings = self.postings.get(term).map_or(&[][..], Vec::as_slice);
            let rarity = self.rarity(term, postings.len());
            ceiling += rarity * (SATURATION + 1.0);
            for &(place, count) in postings {
                let count = f64::from(count);
                let length = f64::from(self.lengths[place as usize]) / average;
                let held = SATURATION * (1.0 - LENGTH + LENGTH * length);
                *scores.entry(place).or_default() += rarity * count * (SATURATION + 1.0) / (count + held);
            }
        }
        let mut ranked: Vec<(usize, f64)> =
            scores.into_iter().map(|(place, score)| (place as usize, score / ceiling)).collect();
        ranked.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        ranked.truncate(most);
        ranked
    }

    fn rarity(&self, term: &str, holders: usize) -> f64 {
        if self.on_background {
            return background(self.language).idf(term);
        }
        let (texts, holders) = (self.lengths.len() as f64, holders as f64);
        (1.0 + (texts - holders + 0.5) / (holders + 0.5)).ln()
    }
}

/// The index terms of a text with their places, in order.
fn terms(text: &str, language: &Language) -> Vec<(String, Span)> {
    let words = wording(language);
    let is_stop = |span: Span| {
        let folded: String = fold_word(span.of(text)).chars().filter(|c| c.is_alphanumeric()).collect();
        words.is_stop(&folded)
    };
    keys(text).into_iter().filter(|(_, span)| !is_stop(*span)).collect()
}

/// A text as a reader takes it in: web addresses left out, hashtags and handles cut into words.
fn readable(text: &str) -> String {
    let chunks: Vec<String> = text.split_whitespace().filter_map(readable_chunk).collect();
    chunks.join(" ")
}

/// A chunk of text as words: `None` for web addresses, hashtags and handles cut at their capitals and digits.
fn readable_chunk(chunk: &str) -> Option<String> {
    let bare = chunk.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '#' && c != '@');
    let is_address = bare.starts_with("http") || bare.starts_with("www.") || bare.starts_with("pic.twitter.com");
    if is_address || bare.contains(".com/") {
        return None;
    }
    if !bare.starts_with(['#', '@']) {
        return Some(chunk.to_string());
    }
    let mut split = String::with_capacity(bare.len() + 8);
    let letters: Vec<char> = bare.chars().skip(1).collect();
    for (at, c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let turns = before.is_some_and(|before| {
            before.is_lowercase() && c.is_uppercase()
                || before.is_alphabetic() && c.is_ascii_digit()
                || before.is_uppercase()
                    && c.is_uppercase()
                    && letters.get(at + 1).is_some_and(|next| next.is_lowercase())
        });
        if turns {
            split.push(' ');
        }
        split.push(if *c == '_' { ' ' } else { *c });
    }
    Some(split)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::language;

    const BANK: [&str; 4] = [
        "The harbour wall will be rebuilt with foreign money",
        "Ferries carried two million passengers last year",
        "A shark was seen swimming on a flooded motorway",
        "The mayor never promised free ferries",
    ];

    fn check(query: &str, best: Option<usize>) {
        let english = language("en");
        let index = Retriever::new(BANK.into_iter(), english);
        assert_eq!(index.rank(&Query::new(query, english), 3).first().map(|(place, _)| *place), best, "{query}");
    }

    #[test]
    fn finds_the_claim_in_any_wording() {
        check("WOW a shark!! on the motorways #FloodedCity https://example.com/shark", Some(2));
        check("#HarborWall rebuilding", Some(0));
        check("did the mayor promise a free ferry?", Some(3));
        check("of the and", None);
        check("", None);
    }

    #[test]
    fn hashtags_and_handles_are_split() {
        assert_eq!(readable_chunk("#AustralianFires2020!").as_deref(), Some("Australian Fires 2020!"));
        assert_eq!(readable_chunk("@CNNBreaking").as_deref(), Some("CNN Breaking"));
        assert_eq!(readable_chunk("https://example.com"), None);
    }
}
