//! What is measured on a pair of contents before any of it is weighed.

use std::collections::BTreeSet;

use crate::lang::Unit;
use crate::model::{Act, Kind};

use super::align::{Alignment, How, align, takes_polarity};
use super::names::{SpeakerRelation, speaker_relation};
use super::numbers::Number;
use super::replaced;
use super::terms::log;
use super::words::{Prepared, WordKind};

/// Everything the score rests on. Masses are sums of inverse document frequencies.
#[derive(Clone, Debug)]
pub struct Facts {
    pub alignment: Alignment,
    pub matched: f64,
    /// Its logarithm, of one more than it: several terms read that.
    pub matched_log: f64,
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
    /// Both give a number of one unit in clauses that are about the same, and none of them agree; or between the same words one number
    /// stands in the place of another.
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
    /// The heavier side has a whole sentence of which the other has next to nothing.
    pub sentence_more: bool,
    pub direct: (bool, bool),
}

/// A sentence of fewer content words is a remark by the way.
const SENTENCE_WORDS: usize = 3;

/// Of a sentence that is not there, at most this share of the mass answers to something.
const NEXT_TO_NOTHING: f64 = 0.25;

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
        matched_log: log(matched),
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
        number_clash: number_clash(a, b, &alignment) || replaced::number(a, b, &alignment),
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
        sentence_more: if a.mass >= b.mass {
            sentence_more(a, alignment.pairs.iter().map(|pair| pair.a))
        } else {
            sentence_more(b, alignment.pairs.iter().map(|pair| pair.b))
        },
        direct: (a.variant.kind == Kind::Direct, b.variant.kind == Kind::Direct),
        alignment,
    }
}

/// Whether one of several sentences is left out of what is matched.
fn sentence_more(prepared: &Prepared, matched: impl Iterator<Item = usize>) -> bool {
    let matched: BTreeSet<usize> = matched.collect();
    let text = &prepared.variant.text;
    let ends = |at: usize| {
        let between = text.get(prepared.words[at - 1].span.end..prepared.words[at].span.start).unwrap_or("");
        between.contains(['.', '!', '?', '…'])
    };
    let starts: Vec<usize> = (1..prepared.words.len()).filter(|&at| ends(at)).collect();
    let bounds: Vec<usize> = [0].into_iter().chain(starts).chain([prepared.words.len()]).collect();
    let left_out = |range: &[usize]| {
        let content = (range[0]..range[1]).filter(|&at| prepared.words[at].is_content());
        let (mut count, mut mass, mut here) = (0, 0.0, 0.0);
        for at in content {
            let idf = prepared.words[at].idf;
            (count, mass) = (count + 1, mass + idf);
            here += if matched.contains(&at) { idf } else { 0.0 };
        }
        count >= SENTENCE_WORDS && here <= NEXT_TO_NOTHING * mass
    };
    bounds.len() > 2 && bounds.windows(2).any(left_out)
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

/// Years apart are no clash: a statement may name several. Neither are "one" and "two", nor numbers of clauses that the other
/// side has nothing of: a long quotation says more than one thing.
fn number_clash(a: &Prepared, b: &Prepared, alignment: &Alignment) -> bool {
    let left = numbers_of_clauses(a, alignment.pairs.iter().map(|pair| pair.a));
    let right = numbers_of_clauses(b, alignment.pairs.iter().map(|pair| pair.b));
    [Unit::Percent, Unit::Money, Unit::Plain].iter().any(|unit| {
        let of = |numbers: &[Number]| -> Vec<Number> {
            numbers.iter().filter(|n| n.unit == *unit && n.value.abs() > 2.0).copied().collect()
        };
        let (left, right) = (of(&left), of(&right));
        !left.is_empty() && !right.is_empty() && !left.iter().any(|x| right.iter().any(|y| x.agrees(y)))
    })
}

/// Numbers in the clauses that these words stand in, and those of the source phrase.
fn numbers_of_clauses(prepared: &Prepared, matched: impl Iterator<Item = usize>) -> Vec<Number> {
    let clauses: BTreeSet<usize> = matched.map(|word| prepared.words[word].clause).collect();
    let elsewhere: BTreeSet<usize> =
        prepared.words.iter().filter(|word| !clauses.contains(&word.clause)).filter_map(|word| word.number).collect();
    let numbers = prepared.numbers.iter().enumerate();
    numbers.filter(|(index, _)| !elsewhere.contains(index)).map(|(_, number)| *number).collect()
}

/// Share of the matched mass (names and numbers aside) that clashes. A cue that denies turns its whole content round; where one
/// is for its content and the other against, they are at odds as a whole.
fn polarity(a: &Prepared, b: &Prepared, alignment: &Alignment) -> f64 {
    // "Supports it" and "does not oppose it": the opposite evens out the negation of its whole clause.
    let clauses = |pair: &super::align::Matched| (a.words[pair.a].clause, b.words[pair.b].clause);
    let evened: BTreeSet<(usize, usize)> =
        alignment.pairs.iter().filter(|pair| pair.how == How::Antonym && !pair.clash).map(clauses).collect();
    let turned: BTreeSet<(usize, usize)> =
        alignment.pairs.iter().filter(|pair| turns_clause(a, b, pair)).map(clauses).collect();
    let (mut all, mut clashing) = (0.0, 0.0);
    for pair in &alignment.pairs {
        if !takes_polarity(&a.words[pair.a], &b.words[pair.b], pair.how) {
            continue;
        }
        all += pair.mass;
        let clause = clauses(pair);
        if (pair.clash || turned.contains(&clause)) && !evened.contains(&clause) {
            clashing += pair.mass;
        }
    }
    let share = ratio(clashing, all);
    let at_odds = match (a.approves, b.approves) {
        // Who "opposed" a plan and who "came out against" it are of one mind, though the first cue denies and the second does not.
        (Some(false), Some(false)) => false,
        (Some(x), Some(y)) if x != y => true,
        _ => a.denied != b.denied,
    };
    match (at_odds, all > 0.0) {
        (true, true) => 1.0 - share,
        (true, false) => 1.0,
        (false, _) => share,
    }
}

/// Whether a pair clashes where a negation begins: what is negated first is what is said of all the clause ("the harbour defences
/// did not hold"). Where both clauses negate something, they may well mean the same ("paying no taxes", "not paying taxes").
fn turns_clause(a: &Prepared, b: &Prepared, pair: &super::align::Matched) -> bool {
    let negates = |prepared: &Prepared, at: usize| prepared.negating.contains(&prepared.words[at].clause);
    if negates(a, pair.a) && negates(b, pair.b) {
        return false;
    }
    let first = |prepared: &Prepared, at: usize| {
        let word = &prepared.words[at];
        let before = prepared.words[..at].iter().rev().take_while(|other| other.clause == word.clause);
        word.negated && !before.filter(|other| other.is_content()).any(|other| other.negated)
    };
    pair.clash && pair.how != How::Antonym && (first(a, pair.a) || first(b, pair.b))
}

/// Matched mass that lies inside stock phrases of the first side. Both sides then have the phrase's words.
fn stock_mass(a: &Prepared, alignment: &Alignment) -> f64 {
    let stock = a.stock();
    alignment.pairs.iter().filter(|pair| stock[pair.a]).map(|pair| pair.mass).sum()
}

/// How alike the two texts are letter by letter (folded, words only).
fn letters(a: &Prepared, b: &Prepared) -> f64 {
    rapidfuzz::fuzz::ratio(a.letters().iter().copied(), b.letters().iter().copied())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::prepare;
    use crate::link::testing::variant;

    #[track_caller]
    fn check_clash(a: &str, b: &str, clash: bool) {
        let (a, b) = (variant(a), variant(b));
        assert_eq!(measure(&prepare(&a), &prepare(&b)).number_clash, clash);
    }

    #[track_caller]
    fn check_polarity(a: &str, b: &str, clashes: bool) {
        let (a, b) = (variant(a), variant(b));
        let share = measure(&prepare(&a), &prepare(&b)).polarity;
        assert_eq!(share >= 0.55, clashes, "{share}");
    }

    #[test]
    fn a_negated_predicate_turns_its_clause() {
        let held = "the harbour defences held wherever we had repaired them";
        check_polarity(held, "the harbour defences did not hold anywhere, repaired or not", true);
        check_polarity(held, "the harbour defences held where they had been repaired, the pumps did not", false);
        check_polarity("the ferry will not sail before Friday", "the ferry won't sail before Friday", false);
        check_polarity("paying no ferry taxes was smart", "not paying ferry taxes makes me smart", false);
        check_polarity("the ferry will not sail before Friday", "the ferry will sail before Friday", true);
    }

    #[test]
    fn a_sentence_more_is_told_from_words_more() {
        let more = |a: &str, b: &str| {
            let (a, b) = (variant(a), variant(b));
            let found = measure(&prepare(&a), &prepare(&b)).sentence_more;
            assert_eq!(found, measure(&prepare(&b), &prepare(&a)).sentence_more);
            found
        };
        let videos = "They are showing videos of burning lighthouses to recruit more radical keepers.";
        assert!(more(&format!("He is becoming their best recruiter. {videos}"), videos));
        assert!(!more(&format!("He is. {videos}"), videos));
        assert!(!more(
            "They are now showing everybody new videos of burning lighthouses to recruit more radical keepers.",
            videos
        ));
        assert!(!more(videos, videos) && !more("", videos) && !more("", ""));
    }

    #[test]
    fn cues_on_two_sides_are_at_odds() {
        let with = |cue: &str| crate::model::Variant { cue: cue.into(), ..variant("the new harbour toll") };
        let odds = |a: &str, b: &str| measure(&prepare(&with(a)), &prepare(&with(b))).polarity;
        assert_eq!([odds("praised", "decried"), odds("decried", "praised")], [1.0; 2]);
        assert_eq!([odds("praised", "backed"), odds("said", "decried"), odds("shot back at", "slammed")], [0.0; 3]);
        // Denying it and being against it in another word is no clash; a denial beside a cue that takes no side is one.
        assert_eq!([odds("opposed", "decried"), odds("opposed", "has come out against")], [0.0; 2]);
        assert_eq!([odds("opposed", "proposed"), odds("decided against", "said")], [1.0; 2]);
        assert_eq!(odds("has yet to endorse", "endorsed"), 1.0);
    }

    #[test]
    fn numbers_clash_where_the_clauses_meet() {
        let goats = "the ferry Aurora carried 40 goats to Bergen";
        check_clash(goats, "the ferry Aurora carried 70 goats to Bergen", true);
        check_clash(goats, "the ferry Aurora carried goats to Bergen, 70 sailors cheered", false);
        check_clash(goats, "the ferry Aurora carried forty goats to Bergen", false);
    }
}
