//! Candidate keys: what two variants must share to be worth scoring.
//!
//! Keys are hashes of unordered pairs of words that are not both common: neighbours in a clause (one word may stand between
//! them) and the rarest words of the whole statement; of the speaker's surname with a rare word; of one very rare word alone;
//! of the speaker's surname with a band of the embedding; for very short statements of the whole wording and of its letters in fours. Words stand for their synonym group or root,
//! so that a paraphrase can share keys. At most `MOST_KEYS` a variant, the weightiest.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::text::match_key;

use super::meaning::bands;
use super::words::{Prepared, Word};

/// No variant has more keys than this.
pub const MOST_KEYS: usize = 192;

/// A pair of words must weigh this much together.
const PAIR_WEIGHT: f64 = 7.5;

/// So many of the rarest words are paired with each other wherever they stand.
const RAREST: usize = 9;

/// One word alone is a key from this weight on.
const ALONE_WEIGHT: f64 = 6.5;

/// What sharing a speaker and a band of meaning weighs: the least of all keys.
const MEANING_WEIGHT: f64 = 1.0;

/// Statements with fewer content words than this are also keyed by their letters.
const SHORT: usize = 3;

/// The keys of a variant, each with what sharing it weighs. Sorted by key, without repeats.
pub fn weighted_keys(prepared: &Prepared) -> Vec<(u64, f64)> {
    let mut keys = Keys::default();
    let content: Vec<&Word> = prepared.words.iter().filter(|word| word.is_content()).collect();
    neighbours(&content, &mut keys);
    let mut rarest = content.clone();
    rarest.sort_by(|x, y| y.idf.total_cmp(&x.idf).then(x.span.cmp(&y.span)));
    rarest.truncate(RAREST);
    for (index, word) in rarest.iter().enumerate() {
        rarest[index + 1..].iter().for_each(|other| keys.pair(word, other));
        if word.idf >= ALONE_WEIGHT {
            keys.add(code(word), word.idf);
        }
        for name in &prepared.speakers {
            for code in [code(word), stem(word)] {
                keys.add(xxh3_64_with_seed(name.sound.as_bytes(), code), word.idf + 1.0);
            }
        }
    }
    for code in prepared.variant.embedding.iter().flat_map(bands) {
        for name in &prepared.speakers {
            keys.add(xxh3_64_with_seed(name.sound.as_bytes(), code), MEANING_WEIGHT);
        }
    }
    if content.len() < SHORT {
        letters(&prepared.variant.text, &mut keys);
    }
    keys.weightiest()
}

/// The keys of a variant. Sorted, without repeats.
pub fn candidate_keys(prepared: &Prepared) -> Vec<u64> {
    weighted_keys(prepared).into_iter().map(|(key, _)| key).collect()
}

fn neighbours(content: &[&Word], keys: &mut Keys) {
    for (index, word) in content.iter().enumerate() {
        for next in content[index + 1..].iter().take(2).filter(|next| next.clause == word.clause) {
            keys.pair(word, next);
        }
    }
}

fn letters(text: &str, keys: &mut Keys) {
    let folded = match_key(text);
    if folded.is_empty() {
        return;
    }
    keys.add(xxh3_64_with_seed(folded.as_bytes(), 1), 6.0);
    let letters: Vec<char> = folded.chars().filter(|c| *c != ' ').take(40).collect();
    for four in letters.windows(4) {
        let four: String = four.iter().collect();
        keys.add(xxh3_64_with_seed(four.as_bytes(), 2), 2.0);
    }
}

/// What a word stands for in a key: its synonym group, else its root, else itself.
fn code(word: &Word) -> u64 {
    if word.group == 0 { stem(word) } else { xxh3_64(&word.group.to_le_bytes()) }
}

/// A word's root, else itself.
fn stem(word: &Word) -> u64 {
    if word.root == 0 { word.key } else { word.root }
}

#[derive(Default)]
struct Keys(BTreeMap<u64, f64>);

impl Keys {
    fn add(&mut self, key: u64, weight: f64) {
        self.0.entry(key).or_insert(weight);
    }

    fn pair(&mut self, one: &Word, other: &Word) {
        let (x, y) = (code(one), code(other));
        let weight = one.idf + other.idf;
        if x != y && weight >= PAIR_WEIGHT {
            self.add(xxh3_64_with_seed(&x.max(y).to_le_bytes(), x.min(y)), weight);
        }
    }

    fn weightiest(self) -> Vec<(u64, f64)> {
        let mut keys: Vec<(u64, f64)> = self.0.into_iter().collect();
        keys.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
        keys.truncate(MOST_KEYS);
        keys.sort_unstable_by_key(|(key, _)| *key);
        keys
    }
}

/// The weight that two variants' keys have in common: the order in which candidates deserve to be scored.
pub fn shared_weight(a: &[(u64, f64)], b: &[(u64, f64)]) -> f64 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                sum += a[i].1.min(b[j].1);
                (i, j) = (i + 1, j + 1);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::prepare;
    use crate::link::testing::{said, variant};
    use crate::model::Variant;
    use proptest::prelude::*;

    fn check(a: &Variant, b: &Variant, share: bool) {
        let (x, y) = (weighted_keys(&prepare(a)), weighted_keys(&prepare(b)));
        assert_eq!(shared_weight(&x, &y) > 0.0, share, "{} / {}", a.text, b.text);
    }

    #[test]
    fn a_clip_shares_a_key_with_the_whole() {
        check(
            &variant("the ferries ran late all winter, but there is dredging work to be done before the spring tide"),
            &variant("“dredging work to be done”"),
            true,
        );
    }

    #[test]
    fn a_paraphrase_shares_a_key_through_synonyms_and_roots() {
        check(&variant("the council banned drones"), &variant("barring of drones"), true);
    }

    #[test]
    fn short_statements_share_letters() {
        check(&variant("Rubbish!"), &variant("rubbish"), true);
        check(&variant("No."), &variant("no"), true);
    }

    #[test]
    fn common_words_alone_are_no_key() {
        check(&variant("people said the president of the country"), &variant("people in the country"), false);
    }

    #[test]
    fn the_speaker_with_a_rare_word_is_a_key() {
        let a = said("Ines Falk", "2031-05-01", "the ferry will sail");
        let b = said("Falk", "2031-05-02", "about the ferry");
        let c = said("Berg", "2031-05-02", "about the ferry");
        let keys = |variant: &Variant| weighted_keys(&prepare(variant));
        assert!(shared_weight(&keys(&a), &keys(&b)) > shared_weight(&keys(&a), &keys(&c)));
    }

    proptest! {
        #[test]
        fn keys_are_sorted_unique_and_few(text in "\\PC{0,400}") {
            let variant = variant(&text);
            let keys = candidate_keys(&prepare(&variant));
            prop_assert!(keys.len() <= MOST_KEYS);
            prop_assert!(keys.windows(2).all(|two| two[0] < two[1]));
        }
    }
}
