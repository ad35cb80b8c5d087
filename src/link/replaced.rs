//! What stands in the place of what: between words that answer to each other in order, one statement has one number or name, the other
//! another. "14 of 17 drones" and "12 of 17 drones" are two claims, however alike they are.
//!
//! In: two prepared variants and their alignment. Must not know scores.

use std::collections::BTreeSet;

use super::align::{Alignment, Matched};
use super::words::{Prepared, Word, WordKind};

/// Whether a single number stands in the place of another one.
pub(super) fn number(a: &Prepared, b: &Prepared, alignment: &Alignment) -> bool {
    if a.numbers.is_empty() || b.numbers.is_empty() {
        return false;
    }
    let value = |prepared: &Prepared, word: &Word| word.number.map(|at| prepared.numbers[at]);
    slots(a, b, alignment).iter().any(|(x, y)| match (x.as_slice(), y.as_slice()) {
        ([x], [y]) => value(a, x).zip(value(b, y)).is_some_and(|(x, y)| !x.agrees(&y)),
        _ => false,
    })
}

/// Whether nothing but names stands in the place of other names.
pub(super) fn name(a: &Prepared, b: &Prepared, alignment: &Alignment) -> bool {
    let names = |words: &[&Word]| !words.is_empty() && words.iter().all(|word| word.kind == WordKind::Name);
    slots(a, b, alignment).iter().any(|(x, y)| names(x) && names(y))
}

/// For each stretch between neighbours on the ordered path, and before the first and after the last, the words of content on either
/// side that answer to nothing.
fn slots<'p>(a: &'p Prepared, b: &'p Prepared, alignment: &Alignment) -> Vec<(Vec<&'p Word>, Vec<&'p Word>)> {
    let matched = |of: fn(&Matched) -> usize| -> BTreeSet<usize> { alignment.pairs.iter().map(of).collect() };
    let (left, right) = (matched(|pair| pair.a), matched(|pair| pair.b));
    let path: Vec<(usize, usize)> =
        alignment.pairs.iter().filter(|pair| pair.ordered).map(|pair| (pair.a, pair.b)).collect();
    if path.is_empty() {
        return Vec::new();
    }
    let starts = [(0, 0)].into_iter().chain(path.iter().map(|(x, y)| (x + 1, y + 1)));
    let ends = path.iter().copied().chain([(a.words.len(), b.words.len())]);
    let left_over = |prepared: &'p Prepared, from: usize, to: usize, matched: &BTreeSet<usize>| -> Vec<&'p Word> {
        let own = (from..to).filter(|at| !matched.contains(at)).map(|at| &prepared.words[at]);
        own.filter(|word| word.is_content()).collect()
    };
    starts.zip(ends).map(|(from, to)| (left_over(a, from.0, to.0, &left), left_over(b, from.1, to.1, &right))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::testing::variant;
    use crate::link::{align, prepare};

    #[track_caller]
    fn check(found: fn(&Prepared, &Prepared, &Alignment) -> bool, a: &str, b: &str, replaced: bool) {
        let (a, b) = (variant(a), variant(b));
        let (a, b) = (prepare(&a), prepare(&b));
        assert_eq!(found(&a, &b, &align(&a, &b)), replaced, "{} / {}", a.variant.text, b.variant.text);
        assert_eq!(found(&b, &a, &align(&b, &a)), replaced, "{} / {}", b.variant.text, a.variant.text);
    }

    #[test]
    fn a_number_in_the_place_of_a_number() {
        check(number, "14 of 17 ferries were lost in the storm", "12 of 17 ferries were lost in the storm", true);
        check(number, "the plant will be shut down in 2031", "the plant will be shut down in 2038", true);
        check(number, "two of the five crew are missing", "four of the five crew are missing", true);
        check(number, "two of the five crew are missing", "2 of five crew are missing", false);
        check(number, "two of the five crew are missing", "some of the five crew are missing", false);
        check(number, "the plant was built in 2012 for 40 million", "the plant cost 40 million in 2031", false);
    }

    #[test]
    fn a_name_in_the_place_of_a_name() {
        check(name, "tap water in Sallis is safe to drink", "tap water in Upper Benning is safe to drink", true);
        check(name, "tap water in Sallis is safe to drink", "tap water in the town is safe to drink", false);
        check(name, "Gladkov closed the bridge at Orsk", "Gladkow closed the bridge at Orsk", false);
        check(name, "tap water in Sallis is safe to drink", "tap water is safe to drink", false);
    }
}
