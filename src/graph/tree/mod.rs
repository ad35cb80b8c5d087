//! The mutation tree of a claim: which wording hangs on which.
//!
//! In: the wordings of one claim in its documents, and the repeats that are known among them. Out: for every wording the one
//! it hangs on. Known directions decide; what they leave open goes where the wording changes least (a minimum
//! arborescence), where words added cost more than words lost, because a copy rather leaves out than invents.

mod arborescence;

use similar::{Algorithm, DiffTag};

use crate::model::Date;
use crate::text::match_key;

use super::first_seen::surely_before;

pub use arborescence::cheapest_tree;

/// What it costs to stand alone: a wording that differs by more than this from all others hangs on none.
const ALONE: f64 = 0.75;
const ADDED: f64 = 1.0;
const LOST: f64 = 0.35;

/// One wording of a claim in one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Witness {
    pub words: String,
    pub date: Option<Date>,
    /// It may have been first.
    pub first_seen: bool,
}

/// For every witness the number of the one it hangs on; `None` where it hangs on none.
///
/// `known`: parent, child, and whether the direction is known; without direction the order of the two means nothing.
/// A witness with a known parent hangs on a known parent. Ties go to the smaller number.
pub fn wording_tree(witnesses: &[Witness], known: &[(usize, usize, bool)]) -> Vec<Option<usize>> {
    let tree = cheapest_tree(&costs(witnesses, known), witnesses.len());
    (0..witnesses.len()).map(|child| tree[child].filter(|&parent| parent < witnesses.len())).collect()
}

/// Costs between witnesses, and from nothing (the last row) to each.
fn costs(witnesses: &[Witness], known: &[(usize, usize, bool)]) -> Vec<Vec<f64>> {
    let count = witnesses.len();
    let words: Vec<Vec<String>> = witnesses.iter().map(|it| bare_words(&it.words)).collect();
    let mut costs = vec![vec![f64::INFINITY; count + 1]; count + 1];
    for child in 0..count {
        costs[count][child] = if witnesses[child].first_seen { ALONE / 3.0 } else { ALONE };
        let has_parent = known.iter().any(|&(_, to, directed)| directed && to == child);
        for parent in (0..count).filter(|&parent| parent != child) {
            let ends = |from: usize, to: usize| (from, to) == (parent, child);
            let directed = known.iter().any(|&(from, to, directed)| directed && ends(from, to));
            let related = known.iter().any(|&(from, to, directed)| !directed && (ends(from, to) || ends(to, from)));
            let later = match (&witnesses[parent].date, &witnesses[child].date) {
                (Some(parent), Some(child)) => surely_before(child, parent),
                _ => false,
            };
            costs[parent][child] = match (directed, related) {
                (true, _) => 0.0,
                _ if has_parent => f64::INFINITY,
                (_, true) => 0.2 + wording_cost(&words[parent], &words[child]) / 4.0,
                _ if later => f64::INFINITY,
                _ => 0.05 + wording_cost(&words[parent], &words[child]),
            };
        }
    }
    costs
}

/// How much it takes to make one wording out of another, a share of its length; adding costs more than leaving out.
fn wording_cost(from: &[String], to: &[String]) -> f64 {
    let same: usize = similar::capture_diff_slices(Algorithm::Patience, from, to)
        .iter()
        .filter(|op| op.tag() == DiffTag::Equal)
        .map(|op| op.old_range().len())
        .sum();
    let (lost, added) = (from.len() - same, to.len() - same);
    (LOST * lost as f64 + ADDED * added as f64) / to.len().max(1) as f64
}

fn bare_words(text: &str) -> Vec<String> {
    match_key(text).split(' ').map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &str = "four barges burned in the northern basin on Tuesday night";
    const SHORT: &str = "four barges burned in the northern basin";
    const CHANGED: &str = "four boats burned in the northern basin";
    const OTHER: &str = "nobody has been charged over the missing ropes";

    /// `expected`: the parent of each witness, "-" for none.
    fn check(words: &[&str], known: &[(usize, usize, bool)], expected: &str) {
        let witnesses: Vec<Witness> =
            words.iter().map(|words| Witness { words: words.to_string(), ..Witness::default() }).collect();
        let found: Vec<String> = wording_tree(&witnesses, known)
            .iter()
            .map(|parent| parent.map_or("-".to_string(), |parent| parent.to_string()))
            .collect();
        assert_eq!(found.join(" "), expected, "{words:?}");
    }

    #[test]
    fn what_is_shorter_hangs_on_what_is_longer() {
        check(&[FULL, SHORT, CHANGED], &[], "- 0 1");
        check(&[CHANGED, SHORT, FULL], &[], "1 2 -");
    }

    #[test]
    fn known_directions_decide_against_the_wording() {
        check(&[FULL, SHORT], &[(1, 0, true)], "1 -");
        check(&[FULL, SHORT, CHANGED], &[(0, 2, true)], "- 0 0");
    }

    #[test]
    fn other_words_altogether_stand_alone() {
        check(&[FULL, OTHER], &[], "- -");
        check(&[FULL, OTHER], &[(0, 1, true)], "- 0");
    }

    #[test]
    fn nothing_hangs_on_what_came_later() {
        let dated = |words: &str, day: &str| Witness {
            words: words.to_string(),
            date: Date::parse_iso(day),
            first_seen: false,
        };
        let witnesses = [dated(FULL, "2024-03-05"), dated(SHORT, "2024-03-01")];
        assert_eq!(wording_tree(&witnesses, &[])[1], None);
    }
}
