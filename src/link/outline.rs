//! Outlines: the little of a statement that tells whether a pair can come near a link at all.
//!
//! In: prepared variants. Out: for two outlines an upper bound of what `link_prepared` could score, so that most
//! candidates are never compared word by word. A bound, not a guess: a pair that is turned away has no relation.
//! Everything is a function of the two statements, so that it does not matter what else there is.

use std::collections::HashSet;
use std::sync::Arc;

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::model::Embedding;

use super::LinkOptions;
use super::align::{Alignment, How};
use super::facts::Facts;
use super::model::log_odds;
use super::names::{LONG_NAME, SpeakerName, SpeakerRelation, name_relation};
use super::scorer::Scorer;
use super::words::{Prepared, Word, WordKind};

/// What one statement can be matched by, and how much there is of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// Sorted. Two words that can answer to each other share at least one.
    marks: Box<[Mark]>,
    /// Sum of the weights of the content words.
    mass: f32,
    /// Sum of the weights of the others.
    function_words: f32,
    /// Number of all words.
    words: u16,
    content: u16,
    quoted: bool,
    numbers: bool,
    /// Days since a fixed day, where the date is known to the day.
    day: Option<i32>,
    speakers: Arc<[Arc<SpeakerName>]>,
    embedding: Option<Box<Embedding>>,
}

impl Outline {
    /// Reads a little from all over it. Where many outlines lie far apart in memory, several that are touched one right after the
    /// other are fetched at the same time, and then lie near when they are asked.
    pub fn touch(&self) -> u32 {
        let at = |place: usize| self.marks.get(place).map_or(0, |mark| mark.hash);
        let many = self.marks.len();
        at(0) ^ at(many / 4) ^ at(many / 2) ^ at(many - many / 4)
    }
}

/// The names of speakers in outlines, each set of them once: a speaker says many things.
#[derive(Debug, Default)]
pub struct OutlineSpeakers {
    known: HashSet<Arc<[Arc<SpeakerName>]>>,
}

impl OutlineSpeakers {
    /// Lets an outline have its names from here.
    pub fn share(&mut self, outline: &mut Outline) {
        match self.known.get(&outline.speakers) {
            Some(known) => outline.speakers = known.clone(),
            None => {
                self.known.insert(outline.speakers.clone());
            }
        }
    }
}

/// One thing that a word can be matched by: `hash` of it, the number of the word, and what a match is worth at most.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Mark {
    hash: u32,
    /// Number among the content words; the highest bit says that it is a name.
    word: u16,
    /// In sixty-fourths, rounded up.
    worth: u16,
}

const NAME: u16 = 1 << 15;
const UNIT: f64 = 64.0;

/// The width of a step on a logarithmic scale within which numbers may agree: a little over what `Number::agrees` allows.
const NUMBER_STEP: f64 = 0.0155;

/// The outline of a prepared variant.
pub fn outline(prepared: &Prepared) -> Outline {
    let content: Vec<&Word> = prepared.words.iter().filter(|word| word.is_content()).collect();
    let mut marks = Vec::with_capacity(2 * content.len());
    for (at, word) in content.iter().enumerate() {
        let name = if word.kind == WordKind::Name { NAME } else { 0 };
        let mut add = |hash: u64, how: How| {
            let worth = (word.idf * how.quality() * UNIT).ceil().min(f64::from(u16::MAX)) as u16;
            marks.push(Mark { hash: hash as u32, word: at as u16 | name, worth });
        };
        add(word.key, How::Same);
        if word.root != 0 {
            add(word.root.rotate_left(7), How::Derived);
        }
        if word.group != 0 {
            add(xxh3_64_with_seed(&word.group.to_le_bytes(), 1), How::Synonym);
        }
        for (pair, _) in word.sides {
            add(xxh3_64_with_seed(&pair.to_le_bytes(), 2), How::Antonym);
        }
        for hash in word.name.iter().flat_map(|name| spelling_marks(&name.folded, name.sound())) {
            add(hash, How::Spelling);
        }
        for hash in word.number.iter().flat_map(|&number| number_marks(prepared.numbers[number].value)) {
            add(hash, How::Number);
        }
    }
    marks.sort_unstable_by_key(|mark| (mark.hash, mark.word));
    Outline {
        marks: marks.into_boxed_slice(),
        mass: prepared.mass as f32,
        function_words: prepared.words.iter().filter(|word| !word.is_content()).map(|word| word.idf as f32).sum(),
        words: prepared.words.len() as u16,
        content: content.len() as u16,
        quoted: content.iter().any(|word| word.quoted),
        numbers: !prepared.numbers.is_empty(),
        day: prepared.day,
        speakers: prepared.speakers.as_slice().into(),
        embedding: prepared.variant.embedding.clone().map(Box::new),
    }
}

/// Marks of which two spellings of one name share one (`same_spelling`): they sound the same, or begin with the same letter,
/// or are so long that a first letter hardly counts.
fn spelling_marks(folded: &str, sound: &str) -> Vec<u64> {
    if folded.len() < 4 {
        return Vec::new();
    }
    let first = folded.chars().next().map_or(0, u64::from);
    let mut marks = vec![xxh3_64_with_seed(&first.to_le_bytes(), 3)];
    if !sound.is_empty() {
        marks.push(xxh3_64_with_seed(sound.as_bytes(), 4));
    }
    if folded.chars().count() >= LONG_NAME {
        marks.push(xxh3_64(b"a long name"));
    }
    marks
}

/// Marks of which two numbers that agree share one.
fn number_marks(value: f64) -> [u64; 2] {
    let step = if value == 0.0 { 0.0 } else { (value.abs().ln() / NUMBER_STEP).floor() };
    let mark = |step: f64| xxh3_64_with_seed(&(step as i64).to_le_bytes(), 5);
    [mark(step), mark(step + 1.0)]
}

/// Whether a pair may have a relation at all: false only where `link_prepared` would find none.
pub fn may_relate(a: &Outline, b: &Outline, options: &LinkOptions) -> bool {
    let mut facts = at_best(a, b);
    let weights = Scorer::shipped(facts.meaning.is_some());
    let least = log_odds(options.suggested.max(f64::MIN_POSITIVE)) - 1e-6;
    let may = |facts: &Facts| {
        let terms = weights.terms(facts);
        let score = weights.prior + terms.iter().sum::<f64>();
        let wording = score - super::relation::speaker_part(&terms);
        score.max(wording) >= least
    };
    // Names are compared last: most pairs are turned away even if they had one speaker.
    if !may(&facts) {
        return false;
    }
    facts.speaker = relation(&a.speakers, &b.speakers);
    may(&facts)
}

/// The facts of a pair, each at the best that it could be; the speakers as if they were one.
fn at_best(a: &Outline, b: &Outline) -> Facts {
    let best = best_matches(a, b);
    let (small, large) = (f64::from(a.mass.min(b.mass)), f64::from(a.mass.max(b.mass)));
    let matched = best.matched.min(small * 1.000_1);
    let ratio = |part: f64, whole: f64| if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 };
    let (few, many) = (f64::from(a.words.min(b.words)), f64::from(a.words.max(b.words)));
    Facts {
        alignment: Alignment::default(),
        matched,
        containment: ratio(matched, small),
        overlap: ratio(matched, small + large - matched),
        least_unmatched: (small - matched).max(0.0),
        most_unmatched: (large - matched).max(0.0),
        rarest: best.rarest,
        second: best.second,
        run: best.matched + f64::from(a.function_words + b.function_words),
        ordered: 1.0,
        quoted: if a.quoted && b.quoted { matched } else { 0.0 },
        names_shared: matched,
        beyond_names: best.beyond_names.min(matched),
        beyond_names_spread: best.beyond_names.min(matched),
        names_apart: 0.0,
        number_shared: a.numbers && b.numbers,
        number_clash: false,
        polarity: 0.0,
        antonym: 0.0,
        act_clash: false,
        stock: 0.0,
        speaker: SpeakerRelation::Same,
        days: a.day.zip(b.day).map(|(x, y)| i64::from((x - y).abs())),
        letters: 1.0,
        all_words: ratio(2.0 * few, few + many),
        lighter: small,
        meaning: a.embedding.as_ref().zip(b.embedding.as_ref()).map(|(x, y)| x.cosine(y)),
        same_words: false,
        sentence_more: false,
        direct: (false, false),
    }
}

fn relation(a: &[Arc<SpeakerName>], b: &[Arc<SpeakerName>]) -> SpeakerRelation {
    let pairs = a.iter().flat_map(|left| b.iter().map(move |right| name_relation(left, right)));
    pairs.max().unwrap_or(SpeakerRelation::Unknown)
}

struct Best {
    matched: f64,
    beyond_names: f64,
    rarest: f64,
    second: f64,
}

/// For each word of the first the best match that any word of the second could be.
fn best_matches(a: &Outline, b: &Outline) -> Best {
    let many = usize::from(a.content);
    // most statements are short: their words fit on the stack
    let (mut short, mut long) = ([0u16; 48], Vec::new());
    let worth: &mut [u16] = if many <= short.len() {
        &mut short[..many]
    } else {
        long.resize(many, 0);
        &mut long
    };
    let (mut beyond_names, mut j) = (0, 0);
    for x in &a.marks {
        while j < b.marks.len() && b.marks[j].hash < x.hash {
            j += 1;
        }
        let same = b.marks[j..].iter().take_while(|y| y.hash == x.hash);
        let Some(most) = same.map(|y| y.worth).max() else { continue };
        let best = &mut worth[usize::from(x.word & !NAME)];
        let gained = x.worth.min(most).saturating_sub(*best);
        *best += gained;
        beyond_names += if x.word & NAME == 0 { u32::from(gained) } else { 0 };
    }
    let mass = |worth: u32| f64::from(worth) / UNIT;
    let (mut sum, mut rarest, mut second) = (0, 0, 0);
    for &worth in worth.iter().filter(|worth| **worth > 0) {
        sum += u32::from(worth);
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::{said, variant};
    use crate::link::{link_prepared, prepare};
    use proptest::prelude::*;

    fn words() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "ferry",
            "ferries",
            "lighthouse",
            "not",
            "Falk",
            "Falck",
            "40",
            "forty",
            "40.4",
            "million",
            "the",
            "safe",
            "unsafe",
            "rebuild",
            "storm",
            ",",
            "“",
            "”",
            "Oslo",
            "never",
            "help",
            "hurt",
            "banned",
            "barring",
            "founder",
            "founded",
            "Gladkov",
            "Gladkow",
            "Constantinopolitan",
            "Konstantinopolitan",
            "percent",
            "in",
            "a",
            "2031",
        ]);
        prop::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn nothing_that_relates_is_turned_away(a in words(), b in words(), speaker in 0..3usize, days in 1..9u8) {
            let other = ["Ines Falk", "Karl Berg", ""][speaker];
            let (x, y) = (said("Falk", "2031-06-01", &a), said(other, &format!("2031-06-0{days}"), &b));
            let (x, y) = (prepare(&x), prepare(&y));
            let options = LinkOptions::default();
            if link_prepared(&x, &y, &options).is_some() {
                prop_assert!(may_relate(&outline(&x), &outline(&y), &options));
                prop_assert!(may_relate(&outline(&y), &outline(&x), &options));
            }
        }

        #[test]
        fn no_pair_matches_more_than_its_bound(a in words(), b in words()) {
            let (x, y) = (variant(&a), variant(&b));
            let (x, y) = (prepare(&x), prepare(&y));
            let facts = crate::link::measure(&x, &y);
            let bound = at_best(&outline(&x), &outline(&y));
            prop_assert!(bound.matched + 1e-3 >= facts.matched, "{} {}", bound.matched, facts.matched);
            prop_assert!(bound.beyond_names + 1e-3 >= facts.beyond_names);
            prop_assert!(bound.rarest + 1e-3 >= facts.rarest && bound.second + 1e-3 >= facts.second);
            prop_assert!(bound.run + 1e-3 >= facts.run, "{} {}", bound.run, facts.run);
            prop_assert!(bound.all_words + 1e-9 >= facts.all_words);
            prop_assert!(bound.quoted + 1e-3 >= facts.quoted);
        }
    }

    #[test]
    fn most_pairs_are_turned_away() {
        let options = LinkOptions::default();
        let a = said("Ines Falk", "2031-05-01", "the ferry Aurora carried forty goats to Bergen before the storm");
        let near = said("Falk", "2031-05-02", "the Aurora carried goats to Bergen");
        let far = said("Falk", "2031-05-02", "cabbage prices doubled after three lorries collided near Oslo");
        let outlines: Vec<Outline> = [&a, &near, &far].map(|it| outline(&prepare(it))).into();
        assert!(may_relate(&outlines[0], &outlines[1], &options));
        assert!(!may_relate(&outlines[0], &outlines[2], &options));
    }
}
