//! Whether a stretch of narrative repeats a statement without saying whose it is.
//!
//! In: a statement that names its source, and one or two sentences of another document that name none. Out: the clauses that
//! repeat it, or nothing. Strict on purpose: to call a sentence a repeat is to say that its source was left out.

use std::collections::BTreeSet;

use crate::lang::{key, keys};
use crate::text::Span;

use super::align::How;
use super::facts::measure;
use super::words::{Prepared, Word, WordKind};

/// Clauses that are tried as the ends of the repeating stretch.
const MOST_CLAUSES: usize = 40;

/// What else speaks for it that the narrative's document knows the statement's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closeness {
    /// They share text otherwise.
    Text,
    /// They carry the same claims otherwise.
    Claims,
    Nothing,
}

struct Limits {
    /// Share of the statement's weight that the stretch must have.
    of_statement: f64,
    /// Share of the stretch's weight that must be in the statement.
    of_stretch: f64,
    /// Words that must answer to each other exactly.
    exact: usize,
    /// Equal words in a row.
    run: usize,
    /// Weight that must be matched: rare words count more.
    mass: f64,
}

fn limits(closeness: Closeness) -> Limits {
    match closeness {
        Closeness::Text => Limits { of_statement: 0.6, of_stretch: 0.5, exact: 5, run: 0, mass: 18.0 },
        Closeness::Claims => Limits { of_statement: 0.75, of_stretch: 0.7, exact: 6, run: 4, mass: 25.0 },
        Closeness::Nothing => Limits { of_statement: 0.85, of_stretch: 0.8, exact: 6, run: 8, mass: 30.0 },
    }
}

/// A stretch that repeats a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Bare {
    /// The clauses, in the text of the narrative.
    pub span: Span,
    /// Share of the statement that they have, and of them that is in the statement, both by weight, 0 to 1.
    pub of_statement: f64,
    pub of_stretch: f64,
    /// Equal words in a row.
    pub run: usize,
}

/// The clauses of `narrative` that repeat `said`; `None` where the words do not suffice or anything speaks against it.
///
/// `credited`: source and chain of the statement as printed. Their words in the narrative count neither way: a source that has
/// become the one who acts is still a repeat.
pub fn bare_repeat(said: &Prepared, credited: &[String], narrative: &Prepared, closeness: Closeness) -> Option<Bare> {
    let facts = measure(said, narrative);
    let clashes = facts.polarity > 0.0 || facts.antonym > 0.0 || facts.number_clash || said.denied || narrative.denied;
    if clashes || said.left_out > 0 || said.mass <= 0.0 {
        return None;
    }
    let limits = limits(closeness);
    if facts.alignment.run_words < limits.run {
        return None;
    }
    let credited: BTreeSet<String> = credited.iter().flat_map(|it| keys(it)).map(|(key, _)| key).collect();
    let is_credited = |word: &Word| credited.contains(&key(word.span.of(&narrative.variant.text)));
    let mut matched: Vec<Option<(usize, How, f64)>> = vec![None; narrative.words.len()];
    for pair in &facts.alignment.pairs {
        matched[pair.b] = Some((pair.a, pair.how, pair.mass));
    }
    clause_ranges(narrative)
        .into_iter()
        .filter_map(|(from, to)| {
            let run = facts.alignment.run_words;
            stretch(said, narrative, &matched, (from, to), run, &limits, &is_credited)
        })
        .fold(None, |best: Option<Bare>, found| match best {
            Some(known) if known.fit() >= found.fit() - 1e-9 => Some(known),
            _ => Some(found),
        })
}

impl Bare {
    /// How well the two cover each other, 0 to 1.
    pub fn fit(&self) -> f64 {
        2.0 * self.of_statement * self.of_stretch / (self.of_statement + self.of_stretch).max(f64::MIN_POSITIVE)
    }
}

/// For every word of the narrative the word of the statement that answers to it, how, and its weight.
type Answers = [Option<(usize, How, f64)>];

/// Whole clauses in a row, as ranges of words.
fn clause_ranges(narrative: &Prepared) -> Vec<(usize, usize)> {
    let words = &narrative.words;
    let mut starts: Vec<usize> =
        (0..words.len()).filter(|&at| at == 0 || words[at].clause != words[at - 1].clause).collect();
    starts.truncate(MOST_CLAUSES);
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([words.len()]).collect();
    starts.iter().enumerate().flat_map(|(n, &from)| ends[n..].iter().map(move |&to| (from, to))).collect()
}

/// The clauses as a repeat, where they are one.
fn stretch(
    said: &Prepared,
    narrative: &Prepared,
    answers: &Answers,
    (from, to): (usize, usize),
    run: usize,
    limits: &Limits,
    is_credited: &dyn Fn(&Word) -> bool,
) -> Option<Bare> {
    let inside = &narrative.words[from..to];
    let pairs = || answers[from..to].iter().flatten();
    let mass: f64 = pairs().map(|(_, _, mass)| mass).sum();
    let counts = |(word, answer): &(&Word, &Option<_>)| word.is_content() && (answer.is_some() || !is_credited(word));
    let weight: f64 = inside.iter().zip(&answers[from..to]).filter(counts).map(|(word, _)| word.idf).sum();
    let exact = pairs().filter(|(_, how, _)| matches!(how, How::Same | How::Number | How::Spelling)).count();
    let found = Bare {
        span: inside.first()?.span.cover(inside.last()?.span),
        of_statement: (mass / said.mass).min(1.0),
        of_stretch: (mass / weight.max(f64::MIN_POSITIVE)).min(1.0),
        run,
    };
    let enough = found.of_statement >= limits.of_statement
        && found.of_stretch >= limits.of_stretch
        && exact >= limits.exact
        && mass >= limits.mass;
    let agree = numbers_agree(said, narrative, inside) && names_agree(said, inside, &answers[from..to], is_credited);
    (enough && agree).then_some(found)
}

/// Every number of either side has one on the other side that agrees with it.
fn numbers_agree(said: &Prepared, narrative: &Prepared, inside: &[Word]) -> bool {
    let ours: Vec<_> = inside.iter().filter_map(|word| word.number).map(|at| &narrative.numbers[at]).collect();
    let theirs: Vec<_> = said.words.iter().filter_map(|word| word.number).map(|at| &said.numbers[at]).collect();
    ours.iter().all(|number| theirs.iter().any(|other| number.agrees(other)))
        && theirs.iter().all(|number| ours.iter().any(|other| number.agrees(other)))
}

/// Not both sides name somebody or something that the other does not.
fn names_agree(said: &Prepared, inside: &[Word], answers: &Answers, is_credited: &dyn Fn(&Word) -> bool) -> bool {
    let answered: Vec<usize> = answers.iter().flatten().map(|(a, _, _)| *a).collect();
    let alone = |at: usize, word: &Word| word.kind == WordKind::Name && !answered.contains(&at);
    let theirs = said.words.iter().enumerate().any(|(at, word)| alone(at, word));
    let ours = inside
        .iter()
        .zip(answers)
        .any(|(word, pair)| word.kind == WordKind::Name && pair.is_none() && !is_credited(word));
    !(ours && theirs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::prepare;
    use crate::link::testing::{said, variant};
    use crate::model::Variant;
    use proptest::prelude::*;

    const SAID: &str = "about a dozen barges tried to enter the Halden basin and were turned back or sunk";

    /// `expected`: the repeating words, "" for none.
    fn check(statement: &Variant, narrative: &str, closeness: Closeness, expected: &str) {
        let bare = variant(narrative);
        let credited = [statement.speaker.clone()];
        let found = bare_repeat(&prepare(statement), &credited, &prepare(&bare), closeness);
        assert_eq!(found.as_ref().map_or("", |it| it.span.of(narrative)), expected, "{found:?}");
    }

    fn harbour(text: &str) -> Variant {
        said("the harbour police", "2031-05-01", text)
    }

    #[test]
    fn a_repeat_is_found_in_its_clauses() {
        check(
            &harbour(SAID),
            "In another development, about a dozen barges tried to enter the Halden basin. The harbour police turned back or sunk the barges.",
            Closeness::Text,
            "about a dozen barges tried to enter the Halden basin. The harbour police turned back or sunk the barges",
        );
        check(
            &harbour(SAID),
            "Meanwhile, about a dozen barges tried to enter the Halden basin and were sunk",
            Closeness::Text,
            "about a dozen barges tried to enter the Halden basin and were sunk",
        );
    }

    #[test]
    fn other_numbers_polarity_and_names_are_no_repeat() {
        let dozen = "about twenty barges tried to enter the Halden basin and were turned back or sunk";
        check(&harbour(SAID), dozen, Closeness::Text, "");
        let not = "about a dozen barges tried to enter the Halden basin and were not turned back or sunk";
        check(&harbour(SAID), not, Closeness::Text, "");
        let elsewhere = "about a dozen barges tried to enter the Lindow basin and were turned back or sunk";
        check(&harbour(SAID), elsewhere, Closeness::Text, "");
        let denied = Variant { cue: "denied".to_string(), ..harbour(SAID) };
        check(&denied, SAID, Closeness::Text, "");
    }

    #[test]
    fn a_few_shared_words_are_no_repeat() {
        check(
            &harbour(SAID),
            "The Halden basin is the oldest part of the harbour and holds a dozen barges",
            Closeness::Text,
            "",
        );
        check(&harbour("the ferry was late"), "The ferry was late", Closeness::Text, "");
    }

    #[test]
    fn unrelated_documents_need_nearly_the_same_words() {
        check(&harbour(SAID), SAID, Closeness::Nothing, SAID);
        let loose = "a dozen barges which had tried to get into the Halden basin were sunk or turned back";
        check(&harbour(SAID), loose, Closeness::Nothing, "");
    }

    #[test]
    fn a_source_that_acts_is_a_repeat_too() {
        let boats = said(
            "emergency services",
            "2031-05-01",
            "Two boats packed with explosives were towed away from the barrier before dawn",
        );
        let acting = "Emergency services towed two boats packed with explosives away from the barrier before dawn";
        check(&boats, acting, Closeness::Claims, acting);
        check(&boats, "Fishermen saw two boats near the barrier before dawn", Closeness::Claims, "");
        check(&boats, acting, Closeness::Nothing, "");
    }

    proptest! {
        #[test]
        fn stretches_lie_in_the_narrative(a in "\\PC{0,120}", b in "\\PC{0,120}") {
            let (statement, narrative) = (variant(&a), variant(&b));
            if let Some(found) = bare_repeat(&prepare(&statement), &[], &prepare(&narrative), Closeness::Text) {
                prop_assert!(b.get(found.span.start..found.span.end).is_some_and(|words| !words.is_empty()));
            }
        }
    }
}
