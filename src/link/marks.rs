//! Marks: what a word can be matched by, as small numbers, so that the most that two statements can have in common is a walk
//! along two sorted lists.
//!
//! In: prepared variants. Out: for two lists of marks an upper bound of each kind of matched mass.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::align::How;
use super::names::LONG_NAME;
use super::words::{Prepared, Word, WordKind};

/// One thing that a word can be matched by: `hash` of it, the number of the word, and what a match is worth at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mark {
    hash: u32,
    /// Number among the content words; the highest bits say that it is a name, and that the mark is one of a number.
    word: u16,
    /// In sixty-fourths, rounded up.
    worth: u16,
}

const NAME: u16 = 1 << 15;
const NUMBER: u16 = 1 << 14;
const UNIT: f64 = 64.0;

/// Marks from here on are not hashes but the letters of a name.
const LETTERS: u32 = 0xfc00_0000;

/// The width of a step on a logarithmic scale within which numbers may agree: a little over what `Number::agrees` allows.
const NUMBER_STEP: f64 = 0.0155;

/// The most that two statements can have in common.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Best {
    pub matched: f64,
    pub beyond_names: f64,
    pub rarest: f64,
    pub second: f64,
    /// So many words of the first have a partner.
    pub words: usize,
    /// A number may be in both.
    pub number: bool,
}

impl Mark {
    /// Any part of it: reading this brings it near.
    pub fn part(&self) -> u32 {
        self.hash
    }
}

/// The marks of a variant, sorted. Two content words that can answer to each other share at least one, or have the letters of one name.
pub(super) fn marks(prepared: &Prepared) -> Box<[Mark]> {
    let content: Vec<&Word> = prepared.words.iter().filter(|word| word.is_content()).collect();
    let mut marks = Vec::with_capacity(2 * content.len());
    for (at, word) in content.iter().enumerate() {
        let name = if word.kind == WordKind::Name { NAME } else { 0 };
        let mut add = |hash: u32, flag: u16, how: How| {
            let worth = (word.idf * how.quality() * UNIT).ceil().clamp(1.0, f64::from(u16::MAX)) as u16;
            marks.push(Mark { hash, word: at as u16 | name | flag, worth });
        };
        add(hashed(word.key), 0, How::Same);
        if word.root != 0 {
            add(hashed(word.root.rotate_left(7)), 0, How::Derived);
        }
        if word.group != 0 {
            add(hashed(xxh3_64_with_seed(&word.group.to_le_bytes(), 1)), 0, How::Synonym);
        }
        for (pair, _) in word.sides {
            add(hashed(xxh3_64_with_seed(&pair.to_le_bytes(), 2)), 0, How::Antonym);
        }
        for hash in word.name.iter().flat_map(|name| spelling_marks(&name.folded, name.sound())) {
            add(hash, 0, How::Spelling);
        }
        for hash in word.number.iter().flat_map(|&number| number_marks(prepared.numbers[number].value)) {
            add(hash, NUMBER, How::Number);
        }
    }
    // Others, as those of the source phrase, are no words of the content: worth nothing, they only tell that a number is in both.
    let beside = (0..prepared.numbers.len()).filter(|&at| content.iter().all(|word| word.number != Some(at)));
    let beside = beside.flat_map(|at| number_marks(prepared.numbers[at].value));
    marks.extend(beside.map(|hash| Mark { hash, word: content.len() as u16 | NUMBER, worth: 0 }));
    marks.sort_unstable_by_key(|mark| (mark.hash, mark.word));
    marks.into_boxed_slice()
}

/// A hash below `LETTERS`; equal ones stay equal.
fn hashed(hash: u64) -> u32 {
    let hash = hash as u32;
    if hash >= LETTERS { hash & !LETTERS } else { hash }
}

/// Marks of which two spellings of one name (`same_spelling`) share one, or fit by their letters: they sound the same, or begin
/// with the same letter, or are so long that a first letter hardly counts.
fn spelling_marks(folded: &str, sound: &str) -> Vec<u32> {
    if folded.len() < 4 {
        return Vec::new();
    }
    let mut marks = vec![letters(folded)];
    if !sound.is_empty() {
        marks.push(hashed(xxh3_64_with_seed(sound.as_bytes(), 4)));
    }
    if folded.chars().count() >= LONG_NAME {
        marks.push(hashed(xxh3_64(b"a long name")));
    }
    marks
}

/// Five bits for the first letter, 21 for the letters there are.
fn letters(folded: &str) -> u32 {
    let first = folded.chars().next().map_or(0, u32::from) % 32;
    LETTERS | first << 21 | folded.chars().fold(0, |set, c| set | 1 << (u32::from(c) % 21))
}

/// Whether two names with the same first letter, the shorter one of at most twelve, may be as alike as `same_spelling` asks where
/// they sound different: Jaro–Winkler of 0.95.
///
/// The prefix adds at most four tenths of what Jaro's measure lacks, so that is 11/12 at least. It is the mean of three parts, one of them at
/// most 1: the shares of letters of either name that the other has are 1.75 together. The shorter name has at most one letter that
/// the longer one lacks (two of twelve leave 10/12 twice, 1.67). The longer name has at most sixteen letters and lacks at most a quarter.
fn may_be_spelled_alike(a: u32, b: u32) -> bool {
    let (mine, theirs) = ((a & !b).count_ones(), (b & !a).count_ones());
    (a ^ b) >> 21 == 0 && mine.min(theirs) <= 1 && mine.max(theirs) <= 4
}

/// Marks of which two numbers that agree share one.
fn number_marks(value: f64) -> [u32; 2] {
    let step = if value == 0.0 { 0.0 } else { (value.abs().ln() / NUMBER_STEP).floor() };
    let mark = |step: f64| hashed(xxh3_64_with_seed(&(step as i64).to_le_bytes(), 5));
    [mark(step), mark(step + 1.0)]
}

/// For each word of the first the best match that any word of the second could be. `words`: so many the first has.
pub(super) fn best_matches(a: &[Mark], b: &[Mark], words: u16) -> Best {
    let many = usize::from(words) + 1;
    // most statements are short: their words fit on the stack
    let (mut short, mut long) = ([0u16; 48], Vec::new());
    let worth: &mut [u16] = if many <= short.len() {
        &mut short[..many]
    } else {
        long.resize(many, 0);
        &mut long
    };
    let (mut beyond_names, mut number) = (0, false);
    let mut meet = |x: &Mark, most: u16| {
        let best = &mut worth[usize::from(x.word & !(NAME | NUMBER))];
        let gained = x.worth.min(most).saturating_sub(*best);
        *best += gained;
        beyond_names += if x.word & NAME == 0 { u32::from(gained) } else { 0 };
    };
    let (mut i, mut j) = (0, 0);
    while i < a.len() && a[i].hash < LETTERS {
        let x = &a[i];
        while j < b.len() && b[j].hash < x.hash {
            j += 1;
        }
        let same = b[j..].iter().take_while(|y| y.hash == x.hash);
        if let Some(most) = same.map(|y| y.worth).max() {
            number |= x.word & NUMBER != 0;
            meet(x, most);
        }
        i += 1;
    }
    while j < b.len() && b[j].hash < LETTERS {
        j += 1;
    }
    for x in &a[i..] {
        let alike = b[j..].iter().filter(|y| may_be_spelled_alike(x.hash, y.hash));
        if let Some(most) = alike.map(|y| y.worth).max() {
            meet(x, most);
        }
    }
    let mass = |worth: u32| f64::from(worth) / UNIT;
    let (mut sum, mut rarest, mut second, mut words) = (0, 0, 0, 0);
    for &worth in worth.iter().filter(|worth| **worth > 0) {
        sum += u32::from(worth);
        words += 1;
        if worth > rarest {
            (rarest, second) = (worth, rarest);
        } else {
            second = second.max(worth);
        }
    }
    Best {
        matched: mass(sum),
        beyond_names: mass(beyond_names),
        rarest: mass(u32::from(rarest)),
        second: mass(u32::from(second)),
        words,
        number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::names::{same_spelling, sound};
    use proptest::prelude::*;

    fn may_be_one(a: &str, b: &str) -> bool {
        let (x, y) = (spelling_marks(a, &sound(a)), spelling_marks(b, &sound(b)));
        x.iter().any(|mark| y.contains(mark)) || !x.is_empty() && !y.is_empty() && may_be_spelled_alike(x[0], y[0])
    }

    #[test]
    fn few_names_may_be_one() {
        for (a, b) in [("podolyak", "podoliak"), ("gladkov", "gladkow"), ("blake", "belake"), ("anderson", "andersson")]
        {
            assert!(may_be_one(a, b), "{a} {b}");
        }
        for (a, b) in [("benson", "barker"), ("martin", "miller"), ("clinton", "cruz"), ("ann", "ann")] {
            assert!(!may_be_one(a, b), "{a} {b}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn one_name_spelled_otherwise_may_be_one(a in "[a-eñ]{3,18}", at in 0..18usize, with in "[a-eñ]{0,2}", cut in 0..3usize) {
            let mut letters: Vec<char> = a.chars().collect();
            let at = at.min(letters.len());
            letters.splice(at..(at + cut).min(letters.len()), with.chars());
            let b: String = letters.into_iter().collect();
            if same_spelling((&a, &sound(&a)), (&b, &sound(&b))) {
                prop_assert!(may_be_one(&a, &b) && may_be_one(&b, &a), "{} {}", a, b);
            }
        }
    }
}
