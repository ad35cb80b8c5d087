//! People by what their surnames share, so that only those are compared who may be one.
//!
//! In: nodes with a surname. Out: pairs of them, and the bearers of a surname.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::spelling::{codes, french_form, plain_form, same_surname};
use super::cluster::Merged;
use super::facts::Facts;

/// Neighbours looked at for one name within one block of alike surnames.
pub(super) const LARGEST_BLOCK: usize = 60;

/// Nodes by the keys of their surnames, in each block by surname and name.
pub(super) struct Blocks<'f> {
    blocks: BTreeMap<String, Vec<(usize, &'f str)>>,
}

impl<'f> Blocks<'f> {
    pub fn of(nodes: impl Iterator<Item = (usize, &'f Facts)>) -> Blocks<'f> {
        let mut ordered: Vec<(usize, &Facts)> = nodes.collect();
        ordered.sort_unstable_by_key(|(node, facts)| (&facts.surname, &facts.key, *node));
        let mut blocks: BTreeMap<String, Vec<(usize, &str)>> = BTreeMap::new();
        for bearers in ordered.chunk_by(|(_, a), (_, b)| a.surname == b.surname) {
            for key in keys(&bearers[0].1.surname) {
                let bearers = bearers.iter().map(|(node, facts)| (*node, facts.surname.as_str()));
                blocks.entry(key).or_default().extend(bearers);
            }
        }
        Blocks { blocks }
    }

    /// Of clusters with a full name.
    pub fn of_full_names(merged: &'f Merged) -> Blocks<'f> {
        Blocks::of(
            merged.iter().filter(|(_, cluster)| cluster.is_full()).map(|(root, cluster)| (*root, cluster.as_ref())),
        )
    }

    /// Neighbours in a block whose surnames can be one, the smaller node first, each pair once.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for block in self.blocks.values() {
            for (at, &(a, surname)) in block.iter().enumerate() {
                // Bearers of one surname stand together: it is compared once.
                let mut compared = (surname, true);
                for &(b, other) in block[at + 1..].iter().take(LARGEST_BLOCK) {
                    if compared.0 != other {
                        compared = (other, same_surname(surname, other));
                    }
                    if compared.1 && seen.insert((a.min(b), a.max(b))) {
                        found.push((a.min(b), a.max(b)));
                    }
                }
            }
        }
        found
    }

    /// Who may bear this surname, ascending.
    pub fn of_surname(&self, surname: &str) -> BTreeSet<usize> {
        let blocks = keys(surname).into_iter().filter_map(|key| self.blocks.get(&key));
        blocks.flat_map(|block| block.iter().take(4 * LARGEST_BLOCK)).map(|(node, _)| *node).collect()
    }
}

/// A Daitch–Mokotoff code, the plain form, or the first letters of a long name.
fn keys(surname: &str) -> Vec<String> {
    let mut keys: Vec<String> = codes(surname).into_iter().map(|code| format!("dm {code}")).collect();
    let plain = plain_form(surname);
    if plain.len() >= 8 {
        keys.push(format!("head {}", plain.chars().take(6).collect::<String>()));
    }
    keys.push(format!("plain {plain}"));
    keys.extend(french_form(surname).map(|form| format!("plain {form}")));
    keys
}
