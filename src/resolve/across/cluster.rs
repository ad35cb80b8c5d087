//! Clusters of local entities under must-link and cannot-link: a union–find that refuses what may not meet.
//!
//! A cluster remembers the full names in it. A surname or an office alone never connects two full names.

use std::collections::{BTreeMap, BTreeSet};

use crate::lang::people_of_all;
use crate::model::Evidence;
use crate::text::match_key;

use super::super::NameDecisions;
use super::super::name::{Fit, PersonName};
use super::facts::Facts;
use super::{Join, may_meet};

/// Full names remembered of a cluster: enough to see a clash, few enough to stay fast.
const NAMES_KEPT: usize = 12;

pub(super) struct Clusters {
    parent: Vec<usize>,
    names: BTreeMap<usize, Vec<PersonName>>,
    evidence: BTreeMap<usize, Vec<Evidence>>,
    /// Folded names of every node.
    keys: Vec<String>,
    /// Pairs of folded names that people decided to be different.
    different: BTreeSet<(String, String)>,
    /// Folded names in each cluster that take part in a decision.
    decided: BTreeMap<usize, BTreeSet<String>>,
}

impl Clusters {
    pub fn new(facts: &[Facts], decisions: &NameDecisions) -> Clusters {
        let mut different = BTreeSet::new();
        for (a, b) in &decisions.different {
            let (a, b) = (match_key(a), match_key(b));
            different.insert((a.clone(), b.clone()));
            different.insert((b, a));
        }
        let keys: Vec<String> = facts.iter().map(|facts| facts.key.clone()).collect();
        let mut names = BTreeMap::new();
        let mut decided = BTreeMap::new();
        for (node, facts) in facts.iter().enumerate() {
            if let Some(name) = facts.name.as_ref().filter(|name| name.is_full()) {
                names.insert(node, vec![name.clone()]);
            }
            if different.iter().any(|(a, _)| *a == keys[node]) {
                decided.insert(node, BTreeSet::from([keys[node].clone()]));
            }
        }
        Clusters { parent: (0..facts.len()).collect(), names, evidence: BTreeMap::new(), keys, different, decided }
    }

    pub fn root(&self, node: usize) -> usize {
        let mut at = node;
        while self.parent[at] != at {
            at = self.parent[at];
        }
        at
    }

    /// Nodes with one and the same name in full (or one body's name) are one from the start.
    pub fn join_alike(&mut self, facts: &[Facts]) {
        let mut first: BTreeMap<(crate::model::EntityKind, String), usize> = BTreeMap::new();
        for (node, facts) in facts.iter().enumerate() {
            let whole = facts.is_full() || (facts.is_proper_body() && !super::body::is_generic(facts));
            if !may_meet(facts.kind) || !whole || facts.mixed {
                continue;
            }
            let key = (facts.kind, self.keys[node].clone());
            match first.get(&key) {
                Some(&known) => {
                    let (a, b) = (self.root(known), self.root(node));
                    self.unite(a, b);
                }
                None => {
                    first.insert(key, node);
                }
            }
        }
    }

    /// Joins two nodes unless something in their clusters may not meet. False when refused.
    pub fn join(&mut self, join: &Join) -> bool {
        let (a, b) = (self.root(join.a), self.root(join.b));
        if a == b {
            return true;
        }
        if self.are_apart(join.a, join.b) || self.names_clash(a, b) {
            return false;
        }
        let kept = self.unite(a, b);
        let known = self.evidence.entry(kept).or_default();
        if known.len() < 24 {
            known.extend(join.evidence.iter().cloned());
        }
        true
    }

    /// Whether people decided that names in the two clusters are different.
    pub fn are_apart(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        let (Some(x), Some(y)) = (self.decided.get(&a), self.decided.get(&b)) else {
            return false;
        };
        x.iter().any(|name| y.iter().any(|other| self.different.contains(&(name.clone(), other.clone()))))
    }

    /// Full names on both sides that share a surname and cannot be one person.
    fn names_clash(&self, a: usize, b: usize) -> bool {
        let people = people_of_all();
        let (Some(x), Some(y)) = (self.names.get(&a), self.names.get(&b)) else {
            return false;
        };
        x.iter().any(|name| {
            y.iter().any(|other| {
                name.suffix_clashes(other)
                    || (name.surname_key() == other.surname_key() && name.given_fit(other, people) == Fit::Different)
            })
        })
    }

    /// The smaller root stays, so that the outcome does not depend on the order of joins.
    fn unite(&mut self, a: usize, b: usize) -> usize {
        if a == b {
            return a;
        }
        let (keep, gone) = (a.min(b), a.max(b));
        self.parent[gone] = keep;
        if let Some(names) = self.names.remove(&gone) {
            let known = self.names.entry(keep).or_default();
            for name in names {
                if known.len() < NAMES_KEPT && !known.contains(&name) {
                    known.push(name);
                }
            }
        }
        if let Some(evidence) = self.evidence.remove(&gone) {
            self.evidence.entry(keep).or_default().extend(evidence);
        }
        if let Some(decided) = self.decided.remove(&gone) {
            self.decided.entry(keep).or_default().extend(decided);
        }
        keep
    }

    /// What people said is one is one, whatever the names look like.
    pub fn apply_same(&mut self, decisions: &NameDecisions) {
        let mut pairs: Vec<(String, String)> =
            decisions.same.iter().map(|(a, b)| (match_key(a), match_key(b))).collect();
        pairs.sort();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (node, key) in self.keys.iter().enumerate() {
            by_key.entry(key.clone()).or_default().push(node);
        }
        for (a, b) in pairs {
            if self.different.contains(&(a.clone(), b.clone())) {
                continue;
            }
            let nodes: Vec<usize> = [&a, &b].iter().filter_map(|key| by_key.get(*key)).flatten().copied().collect();
            for pair in nodes.windows(2) {
                let (x, y) = (self.root(pair[0]), self.root(pair[1]));
                if x != y {
                    let kept = self.unite(x, y);
                    let note = format!("a person decided: {a} and {b} are one");
                    self.evidence.entry(kept).or_default().push(Evidence::new("entity.decided", 99.0, note));
                }
            }
        }
    }

    /// What each cluster knows, by root.
    pub fn merged(&self, facts: &[Facts]) -> BTreeMap<usize, Facts> {
        let mut merged: BTreeMap<usize, Facts> = BTreeMap::new();
        for (node, facts) in facts.iter().enumerate() {
            match merged.entry(self.root(node)) {
                std::collections::btree_map::Entry::Occupied(mut known) => known.get_mut().take(facts),
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(facts.clone());
                }
            }
        }
        merged
    }

    pub fn evidence(&self, root: usize) -> Vec<Evidence> {
        self.evidence.get(&root).cloned().unwrap_or_default()
    }
}
