//! Outlines: the little of a statement that tells whether a pair can come near a link at all.
//!
//! In: prepared variants. Out: for two outlines an upper bound of what `link_prepared` could score, so that most
//! candidates are never compared word by word. A bound, not a guess: a pair that is turned away has no relation.
//! Everything is a function of the two statements, so that it does not matter what else there is.

use std::collections::HashSet;
use std::sync::Arc;

use crate::lang::is_function_key;
use crate::model::Embedding;

use super::LinkOptions;
use super::align::Alignment;
use super::facts::Facts;
use super::marks::{Mark, best_matches, marks};
use super::model::log_odds;
use super::names::{SpeakerName, SpeakerRelation, name_relation};
use super::scorer::Scorer;
use super::terms::{TERMS, log};
use super::words::Prepared;

/// What one statement can be matched by, and how much there is of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outline {
    /// Sorted. Two words that can answer to each other share at least one.
    marks: Box<[Mark]>,
    /// Sum of the weights of the content words.
    mass: f32,
    /// Sum of the weights of the others.
    function_mass: f32,
    function_words: FunctionWords,
    /// Number of all words.
    words: u16,
    content: u16,
    quoted: bool,
    /// Days since a fixed day, where the date is known to the day.
    day: Option<i32>,
    speakers: Arc<[Arc<SpeakerName>]>,
    embedding: Option<Box<Embedding>>,
}

impl Outline {
    /// Reads a little from all over it. Where many outlines lie far apart in memory, several that are touched one right after the
    /// other are fetched at the same time, and then lie near when they are asked.
    pub fn touch(&self) -> u32 {
        let at = |place: usize| self.marks.get(place).map_or(0, |mark| mark.part());
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

/// Function words of a statement, counted by their keys: kinds of them, many keys to a kind.
#[derive(Clone, Debug, Default, PartialEq)]
struct FunctionWords {
    counts: [u8; 16],
    /// Those that are not counted by kind: whose keys are no function word's by themselves, or of which there are very many.
    beside: u16,
}

impl FunctionWords {
    /// Counts by key alone, so that a word that both statements have is counted by kind in both or in neither.
    fn of(prepared: &Prepared) -> FunctionWords {
        let mut found = FunctionWords::default();
        for word in &prepared.words {
            let count = &mut found.counts[(word.key % 16) as usize];
            match (is_function_key(word.key), count.checked_add(1)) {
                (true, Some(more)) => *count = more,
                (false, _) if word.is_content() => {}
                _ => found.beside += 1,
            }
        }
        found
    }

    /// At most so many of them are in both.
    fn shared(&self, other: &FunctionWords) -> usize {
        let by_kind = self.counts.iter().zip(&other.counts).map(|(a, b)| usize::from(*a.min(b)));
        by_kind.sum::<usize>() + usize::from(self.beside) + usize::from(other.beside)
    }
}

/// The outline of a prepared variant.
pub fn outline(prepared: &Prepared) -> Outline {
    let content = prepared.words.iter().filter(|word| word.is_content());
    Outline {
        marks: marks(prepared),
        mass: prepared.mass as f32,
        function_mass: prepared.words.iter().filter(|word| !word.is_content()).map(|word| word.idf as f32).sum(),
        function_words: FunctionWords::of(prepared),
        words: prepared.words.len() as u16,
        content: content.clone().count() as u16,
        quoted: content.clone().any(|word| word.quoted),
        day: prepared.day,
        speakers: prepared.speakers.as_slice().into(),
        embedding: prepared.variant.embedding.clone().map(Box::new),
    }
}

/// Whether a pair may have a relation at all: false only where `link_prepared` would find none.
pub fn may_relate(a: &Outline, b: &Outline, options: &LinkOptions) -> bool {
    let mut facts = at_best(a, b);
    let weights = Scorer::shipped(facts.meaning.is_some());
    let least = log_odds(options.suggested.max(f64::MIN_POSITIVE)) - 1e-6;
    let may = |terms: &[f64; TERMS.len()]| {
        let score = weights.prior + terms.iter().sum::<f64>();
        let wording = score - super::relation::speaker_part(terms);
        score.max(wording) >= least
    };
    let mut terms = weights.terms(&facts);
    // Names are compared last: most pairs are turned away even if they had one speaker.
    if !may(&terms) {
        return false;
    }
    facts.speaker = relation(&a.speakers, &b.speakers);
    weights.speaker_terms(&facts, &mut terms);
    may(&terms)
}

/// The facts of a pair, each at the best that it could be; the speakers as if they were one.
fn at_best(a: &Outline, b: &Outline) -> Facts {
    let best = best_matches(&a.marks, &b.marks, a.content);
    let (small, large) = (f64::from(a.mass.min(b.mass)), f64::from(a.mass.max(b.mass)));
    let matched = best.matched.min(small * 1.000_1);
    let ratio = |part: f64, whole: f64| if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 };
    let (few, many) = (usize::from(a.words.min(b.words)), usize::from(a.words.max(b.words)));
    let shared_words = (best.words + a.function_words.shared(&b.function_words)).min(few);
    Facts {
        alignment: Alignment::default(),
        matched,
        matched_log: log(matched),
        containment: ratio(matched, small),
        overlap: ratio(matched, small + large - matched),
        least_unmatched: (small - matched).max(0.0),
        most_unmatched: (large - matched).max(0.0),
        rarest: best.rarest,
        second: best.second,
        run: best.matched + f64::from(a.function_mass + b.function_mass),
        ordered: 1.0,
        quoted: if a.quoted && b.quoted { matched } else { 0.0 },
        names_shared: matched,
        beyond_names: best.beyond_names.min(matched),
        beyond_names_spread: best.beyond_names.min(matched),
        names_apart: 0.0,
        number_shared: best.number,
        number_clash: false,
        polarity: 0.0,
        antonym: 0.0,
        act_clash: false,
        stock: 0.0,
        speaker: SpeakerRelation::Same,
        days: a.day.zip(b.day).map(|(x, y)| i64::from((x - y).abs())),
        letters: 1.0,
        all_words: ratio(2.0 * shared_words as f64, (few + many) as f64),
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
            "Podolyak",
            "Podolyaka",
            "Podloyak",
            "Blake",
            "Belake",
            "the",
            "of",
            "was",
            "doe",
            "does",
            "don't",
            "1,000",
            "1,010",
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
        fn no_pair_matches_more_than_its_bound(a in words(), b in words(), source in words(), unknown in any::<bool>()) {
            let (mut x, y) = (variant(&a), variant(&b));
            x.speaker = source;
            if unknown {
                x.language = "und".into();
            }
            let (x, y) = (prepare(&x), prepare(&y));
            let facts = crate::link::measure(&x, &y);
            let bound = at_best(&outline(&x), &outline(&y));
            prop_assert!(bound.matched + 1e-3 >= facts.matched, "{} {}", bound.matched, facts.matched);
            prop_assert!(bound.beyond_names + 1e-3 >= facts.beyond_names);
            prop_assert!(bound.rarest + 1e-3 >= facts.rarest && bound.second + 1e-3 >= facts.second);
            prop_assert!(bound.run + 1e-3 >= facts.run, "{} {}", bound.run, facts.run);
            prop_assert!(bound.all_words + 1e-9 >= facts.all_words);
            prop_assert!(bound.quoted + 1e-3 >= facts.quoted);
            prop_assert!(bound.number_shared >= facts.number_shared);
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
