//! What the tables of a language know of one match key.

use xxhash_rust::xxh3::xxh3_64;

use crate::lang::{Background, Language, Wording};

use super::roots::root;

/// A match key with its place in the tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stem {
    /// Hash of the key.
    pub key: u64,
    /// Hash of its derivational root, negating prefix left out; 0 where there is none.
    pub root: u64,
    /// Synonym group; 0 for none.
    pub group: u16,
    pub sides: &'static [(u16, bool)],
    pub idf: f64,
    /// A word that news uses.
    pub known: bool,
    /// Itself the negation of its root ("unqualified").
    pub reversed: bool,
}

/// A stem in fewer paragraphs than this may be a misprint or a name.
const KNOWN_FROM: u32 = 5;

impl Stem {
    pub fn of(key: &str, wording: &'static Wording, background: &Background, language: &Language) -> Stem {
        let known = |stem: &str| background.frequency(stem).is_some_and(|seen| seen >= KNOWN_FROM);
        let positive = wording.without_negating_prefix(key).find(|rest| known(rest));
        let stem = positive.unwrap_or(key);
        let root = wording.irregular_base(stem).or_else(|| root(stem, language));
        Stem {
            key: xxh3_64(key.as_bytes()),
            root: root.map_or(0, |root| xxh3_64(root.as_bytes())),
            group: wording.synonym_group(key),
            sides: wording.antonym_sides(key),
            idf: background.idf(key),
            known: known(key),
            reversed: positive.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{background, language, wording};

    #[test]
    fn a_stem_is_that_of_the_language_asked_for() {
        let of = |code: &str, key: &str| {
            let language = language(code);
            Stem::of(key, wording(language), background(language), language)
        };
        for _ in 0..2 {
            assert!(of("en", "qualifi").known && !of("xx", "qualifi").known);
            assert!(of("en", "unqualifi").reversed && of("en", "unqualifi").root == of("en", "qualifi").root);
            assert!(of("en", "qualifi").idf != of("xx", "qualifi").idf);
        }
    }
}
