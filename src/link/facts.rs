//! What is measured on a pair of contents before any of it is weighed.

use std::collections::BTreeSet;

use crate::lang::Unit;
use crate::model::{Act, Kind};

use super::align::{Alignment, How, align, takes_polarity};
use super::names::{SpeakerRelation, speaker_relation};
use super::numbers::Number;
use super::words::{Prepared, WordKind};

/// Everything the score rests on. Masses are sums of inverse document frequencies.
#[derive(Clone, Debug)]
pub struct Facts {
    pub alignment: Alignment,
    pub matched: f64,
    /// Matched mass over the mass of the lighter side, 0 to 1.
    pub containment: f64,
    /// Matched mass over the mass of both sides together, 0 to 1.
    pub overlap: f64,
    /// Mass left over on the side that has less of it, and on the other one.
    pub least_unmatched: f64,
    pub most_unmatched: f64,
    /// Rarity of the rarest word that both have.
    pub rarest: f64,
    /// Rarity of the second rarest.
    pub second: f64,
    /// Mass of the longest run of equal words.
    pub run: f64,
    /// Share of the matched mass on the best ordered path.
    pub ordered: f64,
    /// Matched mass that both present as the speaker's own words.
    pub quoted: f64,
    /// Matched mass of names, and of everything else.
    pub names_shared: f64,
    pub beyond_names: f64,
    /// The same, no single word counting for more than `MOST_OF_A_WORD`.
    pub beyond_names_spread: f64,
    /// Names that only one side has: the smaller of the two masses.
    pub names_apart: f64,
    pub number_shared: bool,
    /// Both give a number of one unit, and none of them agree.
    pub number_clash: bool,
    /// Share of the matched mass whose polarity differs, cue included, 0 to 1.
    pub polarity: f64,
    /// Mass of opposites that answer to each other and are not evened out by a negation.
    pub antonym: f64,
    /// One declines to comment, the other says something.
    pub act_clash: bool,
    /// Share of the matched mass inside phrases that everybody uses, 0 to 1.
    pub stock: f64,
    pub speaker: SpeakerRelation,
    /// Days between the two, where both dates are known to the day.
    pub days: Option<i64>,
    /// Indel ratio of the two folded texts, 0 to 1.
    pub letters: f64,
    /// Share of all words, function words included, that both have, 0 to 1.
    pub all_words: f64,
    /// The mass of the lighter side.
    pub lighter: f64,
    /// Cosine of the two embeddings, −1 to 1; `None` where one of the two was not embedded.
    pub meaning: Option<f64>,
    pub same_words: bool,
    pub direct: (bool, bool),
}

/// However rare a word is, alone it is not much of a statement.
const MOST_OF_A_WORD: f64 = 6.0;

/// Measures a pair.
pub fn measure(a: &Prepared, b: &Prepared) -> Facts {
    let alignment = align(a, b);
    let matched: f64 = alignment.pairs.iter().map(|pair| pair.mass).sum();
    let share = |part: f64| if matched > 0.0 { (part / matched).clamp(0.0, 1.0) } else { 0.0 };
    let (lighter, heavier) = (a.mass.min(b.mass), a.mass.max(b.mass));
    let union = a.mass + b.mass - matched;
    let sum = |keep: &dyn Fn(usize) -> bool| -> f64 {
        (0..alignment.pairs.len()).filter(|&index| keep(index)).map(|index| alignment.pairs[index].mass).sum()
    };
    let pair = |index: usize| &alignment.pairs[index];
    let both_quoted = |index: usize| a.words[pair(index).a].quoted && b.words[pair(index).b].quoted;
    let names =
        |index: usize| a.words[pair(index).a].kind == WordKind::Name || b.words[pair(index).b].kind == WordKind::Name;
    let (rarest, second) = rarest_two(a, b, &alignment);
    let days = a.day.zip(b.day).map(|(x, y)| i64::from((x - y).abs()));
    Facts {
        matched,
        containment: ratio(matched, lighter),
        overlap: ratio(matched, union),
        least_unmatched: (lighter - matched).max(0.0),
        most_unmatched: (heavier - matched).max(0.0),
        rarest,
        second,
        run: alignment.run,
        ordered: share(sum(&|index| pair(index).ordered)),
        quoted: sum(&both_quoted),
        names_shared: sum(&names),
        beyond_names: sum(&|index| !names(index)),
        beyond_names_spread: (0..alignment.pairs.len())
            .filter(|&index| !names(index))
            .map(|index| pair(index).mass.min(MOST_OF_A_WORD))
            .sum(),
        names_apart: unmatched_names(a, &alignment, true).min(unmatched_names(b, &alignment, false)),
        number_shared: number_shared(a, b),
        number_clash: number_clash(a, b),
        polarity: polarity(a, b, &alignment),
        antonym: sum(&|index| pair(index).how == How::Antonym && pair(index).clash),
        act_clash: (a.variant.act == Act::NoComment) != (b.variant.act == Act::NoComment),
        stock: share(stock_mass(a, &alignment)),
        speaker: speaker_relation(a, b),
        days,
        letters: letters(a, b),
        all_words: all_words(a, b),
        lighter,
        meaning: a.variant.embedding.as_ref().zip(b.variant.embedding.as_ref()).map(|(x, y)| x.cosine(y)),
        same_words: a.words.len() == b.words.len() && a.words.iter().zip(&b.words).all(|(x, y)| x.key == y.key),
        direct: (a.variant.kind == Kind::Direct, b.variant.kind == Kind::Direct),
        alignment,
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

fn rarest_two(a: &Prepared, b: &Prepared, alignment: &Alignment) -> (f64, f64) {
    let weight = |pair: &super::align::Matched| pair.how.quality() * a.words[pair.a].idf.min(b.words[pair.b].idf);
    let mut weights: Vec<f64> = alignment.pairs.iter().map(weight).collect();
    weights.sort_by(|x, y| y.total_cmp(x));
    (weights.first().copied().unwrap_or(0.0), weights.get(1).copied().unwrap_or(0.0))
}

fn number_shared(a: &Prepared, b: &Prepared) -> bool {
    let counts = |number: &&Number| number.value.abs() > 2.0;
    a.numbers.iter().filter(counts).any(|x| b.numbers.iter().filter(counts).any(|y| x.agrees(y)))
}

fn unmatched_names(prepared: &Prepared, alignment: &Alignment, first: bool) -> f64 {
    let matched: BTreeSet<usize> = alignment.pairs.iter().map(|pair| if first { pair.a } else { pair.b }).collect();
    let names = prepared.words.iter().enumerate().filter(|(_, word)| word.kind == WordKind::Name);
    names.filter(|(index, _)| !matched.contains(index)).map(|(_, word)| word.idf).sum()
}

/// Years apart are no clash: a statement may name several. Neither are "one" and "two".
fn number_clash(a: &Prepared, b: &Prepared) -> bool {
    [Unit::Percent, Unit::Money, Unit::Plain].iter().any(|unit| {
        let of = |prepared: &Prepared| -> Vec<Number> {
            prepared.numbers.iter().filter(|n| n.unit == *unit && n.value.abs() > 2.0).copied().collect()
        };
        let (left, right) = (of(a), of(b));
        !left.is_empty() && !right.is_empty() && !left.iter().any(|x| right.iter().any(|y| x.agrees(y)))
    })
}

/// Share of the matched mass (names and numbers aside) that clashes. A cue that denies turns its whole content round.
fn polarity(a: &Prepared, b: &Prepared, alignment: &Alignment) -> f64 {
    // "Supports it" and "does not oppose it": the opposite evens out the negation of its whole clause.
    let clauses = |pair: &super::align::Matched| (a.words[pair.a].clause, b.words[pair.b].clause);
    let evened: BTreeSet<(usize, usize)> =
        alignment.pairs.iter().filter(|pair| pair.how == How::Antonym && !pair.clash).map(clauses).collect();
    let (mut all, mut clashing) = (0.0, 0.0);
    for pair in &alignment.pairs {
        if !takes_polarity(&a.words[pair.a], &b.words[pair.b], pair.how) {
            continue;
        }
        all += pair.mass;
        if pair.clash && !evened.contains(&clauses(pair)) {
            clashing += pair.mass;
        }
    }
    let share = ratio(clashing, all);
    if a.denied != b.denied { if all > 0.0 { 1.0 - share } else { 1.0 } } else { share }
}

/// Matched mass that lies inside stock phrases of the first side. Both sides then have the phrase's words.
fn stock_mass(a: &Prepared, alignment: &Alignment) -> f64 {
    alignment.pairs.iter().filter(|pair| a.stock[pair.a]).map(|pair| pair.mass).sum()
}

/// How alike the two texts are letter by letter (folded, words only).
fn letters(a: &Prepared, b: &Prepared) -> f64 {
    rapidfuzz::fuzz::ratio(a.letters.iter().copied(), b.letters.iter().copied())
}

/// Dice coefficient of the two lists of words, each word as often as it occurs.
fn all_words(a: &Prepared, b: &Prepared) -> f64 {
    let (x, y) = (&a.keys, &b.keys);
    let (mut i, mut j, mut shared) = (0, 0, 0usize);
    while i < x.len() && j < y.len() {
        match x[i].cmp(&y[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    ratio(2.0 * shared as f64, (x.len() + y.len()) as f64)
}
