//! How common words are in news: document frequencies of stems, shipped with the program so that a pair of
//! statements scores the same whatever else has been ingested.
//!
//! In: a table of `stem<TAB>paragraphs` lines. Out: inverse document frequencies (natural logarithm).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use super::{Language, keys};
use crate::text::index::{Index, START, hash};

/// Stems seen in fewer paragraphs than this are not in the table: an unknown word is as rare as they are.
const FEWEST: u32 = 3;

static ENGLISH: LazyLock<Background> = LazyLock::new(|| Background::parse(include_str!("background.en.tsv")));
static NONE: LazyLock<Background> = LazyLock::new(Background::default);

/// Word frequencies of one language.
#[derive(Debug, Default)]
pub struct Background {
    paragraphs: u32,
    /// Stems with their frequencies, as they stand in the table.
    rows: Vec<(&'static str, u32)>,
    index: Index,
}

/// The table of a language; an empty one where none ships.
pub fn background(language: &Language) -> &'static Background {
    match language.code {
        "en" => &ENGLISH,
        _ => &NONE,
    }
}

impl Background {
    /// Reads the format that `table` writes. Lines that are not a stem and a count are passed over.
    pub fn parse(table: &'static str) -> Background {
        let mut background = Background::default();
        for line in table.lines() {
            if let Some(count) = line.strip_prefix("# paragraphs\t") {
                background.paragraphs = count.trim().parse().unwrap_or(0);
            } else if let Some((stem, count)) = line.split_once('\t')
                && let Ok(count) = count.parse()
            {
                background.rows.push((stem, count));
            }
        }
        background.index = Index::new(background.rows.iter().map(|row| row.0));
        background
    }

    /// The inverse document frequency of a match key: 0 for a word of every paragraph, about 9 for a rare one.
    ///
    /// Without a table the length of the word stands in for it, so that short function words still weigh little.
    pub fn idf(&self, key: &str) -> f64 {
        if self.paragraphs == 0 {
            return (key.chars().count() as f64 * 1.2 - 1.0).clamp(0.3, 8.0);
        }
        let seen = self.frequency(key).unwrap_or(FEWEST - 1);
        (f64::from(self.paragraphs + 1) / f64::from(seen + 1)).ln().max(0.0)
    }

    /// In how many paragraphs the stem stands; `None` where it is not in the table.
    pub fn frequency(&self, key: &str) -> Option<u32> {
        let row = self.index.find(hash(START, key.as_bytes()), |at| self.rows[at].0 == key);
        row.map(|at| self.rows[at].1)
    }

    /// Whether the stem is in the table: whether it is a known word of the language.
    pub fn knows(&self, key: &str) -> bool {
        self.frequency(key).is_some()
    }
}

/// The table of a collection of texts, as a file: each non-blank line of a text counts as one paragraph. Stems of letters
/// only, sorted, with the number of paragraphs they stand in; the same texts in any order give the same bytes.
pub fn table<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut paragraphs = 0u32;
    let mut frequency: BTreeMap<String, u32> = BTreeMap::new();
    for line in texts.flat_map(str::lines).filter(|line| !line.trim().is_empty()) {
        paragraphs += 1;
        let stems: BTreeSet<String> = keys(line).into_iter().map(|(key, _)| key).collect();
        for stem in stems {
            *frequency.entry(stem).or_default() += 1;
        }
    }
    let mut out = format!("# paragraphs\t{paragraphs}\n");
    for (stem, count) in frequency {
        let is_word = stem.len() <= 24 && stem.bytes().all(|b| b.is_ascii_lowercase());
        if is_word && count >= FEWEST {
            let _ = writeln!(out, "{stem}\t{count}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{key, language};

    #[test]
    fn rare_words_weigh_more() {
        let english = background(language("en"));
        let order = ["the", "people", "border", "subpoena", "zyzzyva"];
        let weights: Vec<f64> = order.iter().map(|word| english.idf(&key(word))).collect();
        assert!(weights.is_sorted(), "{weights:?}");
        assert!(weights[0] < 1.0 && weights[4] > 8.0, "{weights:?}");
    }

    #[test]
    fn a_table_reads_back() {
        let texts = ["The harbour wall.\n\nThe harbour.", "A harbour, a wall\nwall"];
        let written = table(texts.into_iter());
        assert_eq!(written, "# paragraphs\t4\nharbor\t3\nwall\t3\n");
        let read = Background::parse(written.leak());
        assert_eq!(read.frequency("harbor"), Some(3));
        assert!(read.idf("unseen") > read.idf("harbor"));
    }

    #[test]
    fn without_a_table_long_words_weigh_more() {
        let none = background(language("xx"));
        assert!(none.idf("der") < none.idf("verteidigung"));
    }
}
