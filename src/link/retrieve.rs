//! "Has this been said before?": ranks statements or known claims by how well they answer any text.
//!
//! BM25 (Robertson and others 1994) over match keys: stems with one spelling, function words left out, hashtags and handles
//! split into their words, web addresses left out; a word counts once however often a query repeats it. Pure: built in memory from texts, and the order of equal scores is that
//! of the input.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::lang::{Language, keys, wording};
use crate::text::fold_word;

/// Saturation of repeated words, and how much long texts are held back.
const SATURATION: f64 = 1.0;
const LENGTH: f64 = 0.5;

/// An index over texts.
#[derive(Clone, Debug, Default)]
pub struct Retriever {
    /// For each term the texts that hold it, with counts.
    postings: HashMap<String, Vec<(u32, u32)>>,
    lengths: Vec<u32>,
    total: u64,
}

impl Retriever {
    /// Indexes texts; each is known by its place in the order.
    pub fn new<'t>(texts: impl Iterator<Item = &'t str>, language: &Language) -> Self {
        let mut index = Retriever::default();
        for text in texts {
            index.add(text, language);
        }
        index
    }

    /// Adds one text and returns its place.
    pub fn add(&mut self, text: &str, language: &Language) -> usize {
        let place = self.lengths.len();
        let terms = terms(text, language);
        self.lengths.push(terms.len() as u32);
        self.total += terms.len() as u64;
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for term in terms {
            *counts.entry(term).or_default() += 1;
        }
        for (term, count) in counts {
            self.postings.entry(term).or_default().push((place as u32, count));
        }
        place
    }

    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// The best `most` texts for a query, best first, with scores above zero.
    pub fn rank(&self, query: &str, most: usize, language: &Language) -> Vec<(usize, f64)> {
        let asked: BTreeSet<String> = terms(query, language).into_iter().collect();
        let texts = self.lengths.len() as f64;
        let average = (self.total as f64 / texts.max(1.0)).max(1.0);
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        for term in &asked {
            let Some(postings) = self.postings.get(term) else { continue };
            let holders = postings.len() as f64;
            let idf = (1.0 + (texts - holders + 0.5) / (holders + 0.5)).ln();
            for &(place, count) in postings {
                let count = f64::from(count);
                let length = f64::from(self.lengths[place as usize]) / average;
                let held = SATURATION * (1.0 - LENGTH + LENGTH * length);
                *scores.entry(place).or_default() += idf * count * (SATURATION + 1.0) / (count + held);
            }
        }
        let mut ranked: Vec<(usize, f64)> = scores.into_iter().map(|(place, score)| (place as usize, score)).collect();
        ranked.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        ranked.truncate(most);
        ranked
    }
}

/// The index terms of a text, in order.
fn terms(text: &str, language: &Language) -> Vec<String> {
    let words = wording(language);
    let readable: Vec<String> = text.split_whitespace().filter_map(readable).collect();
    let readable = readable.join(" ");
    let mut found = Vec::new();
    for (key, span) in keys(&readable) {
        let folded: String = fold_word(span.of(&readable)).chars().filter(|c| c.is_alphanumeric()).collect();
        if !words.is_stop(&folded) {
            found.push(key);
        }
    }
    found
}

/// A chunk of text as words: `None` for web addresses, hashtags and handles cut at their capitals and digits.
fn readable(chunk: &str) -> Option<String> {
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
        assert_eq!(index.rank(query, 3, english).first().map(|(place, _)| *place), best, "{query}");
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
        assert_eq!(readable("#AustralianFires2020!").as_deref(), Some("Australian Fires 2020!"));
        assert_eq!(readable("@CNNBreaking").as_deref(), Some("CNN Breaking"));
        assert_eq!(readable("https://example.com"), None);
    }
}
