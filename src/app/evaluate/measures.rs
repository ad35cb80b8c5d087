//! The measures of extraction: precision, recall and F1 of words, spans and whole attributions.
//!
//! In: gold and predicted attributions of the same documents. Out: `Measures`. They are defined as in the published
//! scorer and tested against its figures.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Kind;

use super::Role;
use super::gold::{GoldDocument, Item, Points};
use super::matching::{ItemWords, Level, matches};
use super::words::Words;

/// Precision, recall and F1, 0 to 1, and what they were computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Prf {
    pub p: f64,
    pub r: f64,
    pub f: f64,
    pub n_pred: usize,
    pub n_gold: usize,
}

/// Hits counted against what was predicted and what there is. The hits may be fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    hits_predicted: f64,
    predicted: usize,
    hits_gold: f64,
    gold: usize,
}

impl Tally {
    fn add(&mut self, hits: usize, predicted: usize, gold: usize) {
        self.hits_predicted += hits as f64;
        self.hits_gold += hits as f64;
        self.predicted += predicted;
        self.gold += gold;
    }

    fn merge(&mut self, other: &Tally) {
        self.hits_predicted += other.hits_predicted;
        self.hits_gold += other.hits_gold;
        self.predicted += other.predicted;
        self.gold += other.gold;
    }

    fn prf(&self) -> Prf {
        let share = |hits: f64, of: usize| if of == 0 { 0.0 } else { hits / of as f64 };
        let (p, r) = (share(self.hits_predicted, self.predicted), share(self.hits_gold, self.gold));
        let f = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
        Prf { p, r, f, n_pred: self.predicted, n_gold: self.gold }
    }
}

/// All measures over a set of documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    pub docs: usize,
    pub n_gold: usize,
    pub n_pred: usize,
    /// Words in any span of a role.
    pub token: BTreeMap<&'static str, Prf>,
    /// Spans identical after trimming their ends.
    pub exact: BTreeMap<&'static str, Prf>,
    /// Mean share of a span's characters that the other side covers.
    pub overlap: BTreeMap<&'static str, Prf>,
    /// Shared words over all pairs of attributions.
    pub citron: BTreeMap<&'static str, Prf>,
    /// One-to-one matches by level.
    pub attribution: BTreeMap<&'static str, Prf>,
    /// Attribution level by kind: recall over gold of the kind, precision over predictions of the kind.
    pub kind: BTreeMap<&'static str, Prf>,
}

/// Sums that can be added document by document, in any grouping: hits are whole numbers except for `overlap`, whose
/// parts are added in the order of the documents.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    docs: usize,
    token: [Tally; 3],
    exact: [Tally; 3],
    overlap: [Tally; 3],
    citron: [Tally; 3],
    levels: [Tally; 5],
    kinds: [Tally; 3],
}

impl Sums {
    pub fn merge(&mut self, other: &Sums) {
        self.docs += other.docs;
        let own = [&mut self.token, &mut self.exact, &mut self.overlap, &mut self.citron, &mut self.kinds];
        let theirs = [&other.token, &other.exact, &other.overlap, &other.citron, &other.kinds];
        for (own, theirs) in own.into_iter().zip(theirs) {
            own.iter_mut().zip(theirs).for_each(|(own, their)| own.merge(their));
        }
        self.levels.iter_mut().zip(&other.levels).for_each(|(own, their)| own.merge(their));
    }

    pub fn measures(&self) -> Measures {
        let roles = |tallies: &[Tally; 3]| Role::ALL.map(|role| (role.name(), tallies[role as usize].prf())).into();
        Measures {
            docs: self.docs,
            n_gold: self.levels[0].gold,
            n_pred: self.levels[0].predicted,
            token: roles(&self.token),
            exact: roles(&self.exact),
            overlap: roles(&self.overlap),
            citron: roles(&self.citron),
            attribution: Level::ALL.map(|level| (level.name(), self.levels[level as usize].prf())).into(),
            kind: KINDS.map(|kind| (kind.name(), self.kinds[kind as usize].prf())).into(),
        }
    }
}

const KINDS: [Kind; 3] = [Kind::Direct, Kind::Mixed, Kind::Indirect];

/// The sums of one document.
pub fn document(gold: &GoldDocument, predicted: &[Item]) -> Sums {
    let words = Words::new(&gold.text);
    let mut sums = Sums { docs: 1, ..Sums::default() };
    for role in Role::ALL {
        let spans = |items: &[Item]| items.iter().flat_map(|item| item.spans(role).to_vec()).collect::<Vec<Points>>();
        let (gold, predicted) = (spans(&gold.attributions), spans(predicted));
        let (gold_words, predicted_words) = (words.of(&gold), words.of(&predicted));
        let shared = gold_words.intersection(&predicted_words).count();
        sums.token[role as usize].add(shared, predicted_words.len(), gold_words.len());
        sums.exact[role as usize].add(exact_hits(&words, &gold, &predicted), predicted.len(), gold.len());
        let overlap = &mut sums.overlap[role as usize];
        (overlap.predicted, overlap.gold) = (predicted.len(), gold.len());
        overlap.hits_predicted = covered(&words, &predicted, &gold);
        overlap.hits_gold = covered(&words, &gold, &predicted);
    }
    let gold_items: Vec<ItemWords> = gold.attributions.iter().map(|item| ItemWords::new(&words, item)).collect();
    let predicted_items: Vec<ItemWords> = predicted.iter().map(|item| ItemWords::new(&words, item)).collect();
    for role in Role::ALL {
        let sizes = |items: &[ItemWords]| items.iter().map(|item| item.of(role).len()).sum::<usize>();
        let pairs = predicted_items.iter().flat_map(|p| gold_items.iter().map(move |g| (p, g)));
        let hits = pairs.map(|(p, g)| p.of(role).intersection(g.of(role)).count()).sum();
        sums.citron[role as usize].add(hits, sizes(&predicted_items), sizes(&gold_items));
    }
    attribution_sums(&words, &gold_items, &predicted_items, &mut sums);
    sums
}

fn attribution_sums(words: &Words, gold: &[ItemWords], predicted: &[ItemWords], sums: &mut Sums) {
    let kinds =
        |items: &[ItemWords]| items.iter().map(|item| words.kind(item.of(Role::Content))).collect::<Vec<Kind>>();
    let (gold_kinds, predicted_kinds) = (kinds(gold), kinds(predicted));
    let found = matches(gold, predicted);
    for level in Level::ALL {
        let hits = found.iter().filter(|pair| pair.reaches(level)).count();
        sums.levels[level as usize].add(hits, predicted.len(), gold.len());
    }
    for kind in KINDS {
        let tally = &mut sums.kinds[kind as usize];
        tally.gold = gold_kinds.iter().filter(|&&own| own == kind).count();
        tally.predicted = predicted_kinds.iter().filter(|&&own| own == kind).count();
        for pair in found.iter().filter(|pair| pair.reaches(Level::Attribution)) {
            tally.hits_gold += f64::from(u8::from(gold_kinds[pair.gold] == kind));
            tally.hits_predicted += f64::from(u8::from(predicted_kinds[pair.predicted] == kind));
        }
    }
}

/// Spans that are the same on both sides, each counted as often as both have it.
fn exact_hits(words: &Words, gold: &[Points], predicted: &[Points]) -> usize {
    let mut left: BTreeMap<Points, usize> = BTreeMap::new();
    for &span in gold {
        *left.entry(words.trim(span)).or_default() += 1;
    }
    let mut hits = 0;
    for &span in predicted {
        if let Some(count) = left.get_mut(&words.trim(span)).filter(|count| **count > 0) {
            *count -= 1;
            hits += 1;
        }
    }
    hits
}

/// The sum, over `spans`, of the share of characters that `by` covers.
fn covered(words: &Words, spans: &[Points], by: &[Points]) -> f64 {
    let mut covers = vec![false; words.chars.len()];
    for &span in by {
        covers[words.clip(span)].fill(true);
    }
    let share = |&span: &Points| {
        let length = span.1.saturating_sub(span.0).max(1);
        covers[words.clip(span)].iter().filter(|&&covered| covered).count() as f64 / length as f64
    };
    spans.iter().map(share).sum()
}
