//! B-cubed (Bagga and Baldwin 1998): linked pairs taken as clusters of mentions, against the clusters of the judged pairs.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::Pair;

/// Mean over the mentions of how pure and how whole their cluster is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bcubed {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    pub mentions: usize,
}

/// Clusters are what linked pairs hang together; `linked[i]` says whether pair `i` was linked.
pub fn bcubed(pairs: &[&Pair], linked: &[bool]) -> Bcubed {
    let judged: Vec<bool> = pairs.iter().map(|pair| pair.same).collect();
    let (gold, found) = (clusters(pairs, &judged), clusters(pairs, linked));
    let members = |of: &BTreeMap<&str, usize>| {
        let mut all: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        of.iter().for_each(|(mention, cluster)| {
            all.entry(*cluster).or_default().insert(mention.to_string());
        });
        all
    };
    let (in_gold, in_found) = (members(&gold), members(&found));
    let (mut precision, mut recall) = (0.0, 0.0);
    for (mention, cluster) in &gold {
        let (own, other) = (&in_gold[cluster], &in_found[&found[mention]]);
        let both = own.intersection(other).count() as f64;
        precision += both / other.len() as f64;
        recall += both / own.len() as f64;
    }
    let mentions = gold.len();
    let (precision, recall) = (precision / mentions.max(1) as f64, recall / mentions.max(1) as f64);
    let sum = precision + recall;
    Bcubed { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 }, mentions }
}

/// The cluster of every mention, as the number of one of its members.
fn clusters<'p>(pairs: &[&'p Pair], joined: &[bool]) -> BTreeMap<&'p str, usize> {
    let names: BTreeSet<&str> =
        pairs.iter().flat_map(|pair| [pair.a.mention.as_str(), pair.b.mention.as_str()]).collect();
    let number: BTreeMap<&str, usize> = names.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
    let mut parent: Vec<usize> = (0..number.len()).collect();
    fn root(parent: &[usize], mut at: usize) -> usize {
        while parent[at] != at {
            at = parent[at];
        }
        at
    }
    for (pair, _) in pairs.iter().zip(joined).filter(|(_, joined)| **joined) {
        let (a, b) = (number[pair.a.mention.as_str()], number[pair.b.mention.as_str()]);
        let (a, b) = (root(&parent, a), root(&parent, b));
        parent[a.max(b)] = a.min(b);
    }
    number.into_iter().map(|(name, at)| (name, root(&parent, at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::evaluate_linking::read_pairs;

    #[test]
    fn by_hand() {
        let line = |a: &str, b: &str, label: u8| {
            format!(
                "{{\"id\":\"{a}{b}\",\"label\":{label},\"a\":{{\"text\":\"{a}\",\"doc\":\"{a}\"}},\"b\":{{\"text\":\"{b}\",\"doc\":\"{b}\"}}}}\n"
            )
        };
        let (pairs, _) = read_pairs(&[line("x", "y", 1), line("y", "z", 0)].concat());
        let pairs: Vec<&Pair> = pairs.iter().collect();
        let all = bcubed(&pairs, &[true, true]);
        assert!((all.precision - (2.0 / 3.0 + 2.0 / 3.0 + 1.0 / 3.0) / 3.0).abs() < 1e-12 && all.recall == 1.0);
        let none = bcubed(&pairs, &[false, false]);
        assert!(none.precision == 1.0 && (none.recall - (0.5 + 0.5 + 1.0) / 3.0).abs() < 1e-12);
        assert_eq!(bcubed(&[], &[]), Bcubed::default());
    }
}
