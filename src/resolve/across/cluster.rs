//! Clusters of local entities under must-link and cannot-link: a union–find that refuses what may not meet.
//!
//! A cluster remembers the full names in it. A surname or an office alone never connects two full names.

use std::borrow::Cow;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::lang::people_of_all;
use crate::model::Evidence;

use super::super::NameDecisions;
use super::super::name::{Fit, PersonName};
use super::Join;
use super::facts::Facts;
use super::score::AUTOMATIC;
use super::typed::{Typed, plain};

/// Full names remembered of a cluster: enough to see a clash, few enough to stay fast.
const NAMES_KEPT: usize = 12;
/// What people say outweighs everything computed.
const DECIDED: f64 = 99.0;

/// What clusters know, by root; most have a single member and borrow what it knows.
pub(super) type Merged<'f> = BTreeMap<usize, Cow<'f, Facts>>;

pub(super) struct Clusters {
    parent: Vec<usize>,
    /// Members, by root.
    size: Vec<u32>,
    names: BTreeMap<usize, Vec<PersonName>>,
    /// Nodes that stand for a name another one stands for, too, and that one.
    alike: BTreeMap<usize, usize>,
    /// Why names are in a cluster, by cluster; and why those are whose name does not tell who they are, by node.
    evidence: BTreeMap<usize, Vec<Evidence>>,
    reasons: BTreeMap<usize, Vec<Evidence>>,
    /// Sides of each decision that something is different, by cluster: (decision, side).
    decided: BTreeMap<usize, BTreeSet<(usize, bool)>>,
    /// Rows of the user's table, by cluster.
    rows: BTreeMap<usize, BTreeSet<usize>>,
}

impl Clusters {
    pub fn new(facts: &[Facts], typed: &Typed, decisions: &NameDecisions) -> Clusters {
        let mut names = BTreeMap::new();
        for (node, facts) in facts.iter().enumerate() {
            if let Some(name) = facts.name.as_ref().filter(|name| name.is_full()) {
                names.insert(node, vec![name.clone()]);
            }
        }
        let mut different: Vec<&(String, String)> = decisions.different.iter().collect();
        different.sort();
        let mut decided: BTreeMap<usize, BTreeSet<(usize, bool)>> = BTreeMap::new();
        for (number, (a, b)) in different.into_iter().enumerate() {
            let (left, right) = (typed.nodes(a), typed.nodes(b));
            for (nodes, others, side) in [(&left, &right, false), (&right, &left, true)] {
                // A document that uses both names for one cannot be taken apart here.
                for node in nodes.iter().filter(|node| others.binary_search(node).is_err()) {
                    decided.entry(*node).or_default().insert((number, side));
                }
            }
        }
        Clusters {
            parent: (0..facts.len()).collect(),
            size: vec![1; facts.len()],
            names,
            alike: BTreeMap::new(),
            evidence: BTreeMap::new(),
            reasons: BTreeMap::new(),
            decided,
            rows: BTreeMap::new(),
        }
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
        let mut first: BTreeMap<(crate::model::EntityKind, &str), usize> = BTreeMap::new();
        for (node, facts) in facts.iter().enumerate().filter(|(_, facts)| facts.tells_who()) {
            let key = (facts.kind, facts.key.as_str());
            match first.get(&key) {
                Some(&known) => {
                    let (a, b) = (self.root(known), self.root(node));
                    if !self.are_apart(a, b) {
                        self.unite(a, b);
                        self.alike.insert(node, known);
                    }
                }
                None => {
                    first.insert(key, node);
                }
            }
        }
    }

    /// The roots of two nodes, the smaller one first; nothing where they are one.
    pub fn roots(&self, a: usize, b: usize) -> Option<(usize, usize)> {
        let (a, b) = (self.root(a), self.root(b));
        (a != b).then(|| (a.min(b), a.max(b)))
    }

    /// Whether nothing was joined to a node.
    pub fn is_single(&self, node: usize) -> bool {
        self.size[self.root(node)] == 1
    }

    /// Joins two nodes unless something in their clusters may not meet. False when refused.
    pub fn join(&mut self, join: &Join, facts: &[Facts]) -> bool {
        let (a, b) = (self.root(join.a), self.root(join.b));
        if a == b {
            return true;
        }
        if self.are_apart(join.a, join.b) || self.names_clash(a, b) {
            return false;
        }
        let kept = self.unite(a, b);
        let lone: Vec<usize> = [join.a, join.b].into_iter().filter(|&node| !facts[node].tells_who()).collect();
        for &node in &lone {
            self.reasons.entry(node).or_insert_with(|| join.evidence.clone());
        }
        let known = self.evidence.entry(kept).or_default();
        if lone.is_empty() && known.len() < 24 {
            known.extend(join.evidence.iter().cloned());
        }
        true
    }

    /// What was joined before.
    pub fn settle(&mut self, node: usize, with: usize) {
        self.unite(self.root(node), self.root(with));
    }

    /// Joins what is likely enough, likeliest first. Gives back what was not joined.
    pub fn join_all(&mut self, mut joins: Vec<Join>, facts: &[Facts]) -> Vec<Join> {
        joins.sort_by(|x, y| y.probability.total_cmp(&x.probability).then((x.a, x.b).cmp(&(y.a, y.b))));
        joins.retain(|join| join.probability < AUTOMATIC || !self.join(join, facts));
        joins
    }

    /// Whether people decided that names in the two clusters are different, or their table has both as others.
    pub fn are_apart(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        let nobody = BTreeSet::new();
        let (x, y) = (self.decided.get(&a).unwrap_or(&nobody), self.decided.get(&b).unwrap_or(&nobody));
        let decided = x.iter().any(|(number, side)| y.contains(&(*number, !side)));
        let other_rows = match (self.rows.get(&a), self.rows.get(&b)) {
            (Some(x), Some(y)) => x.is_disjoint(y),
            _ => false,
        };
        decided || other_rows
    }

    /// Full names on both sides that share a surname and cannot be one person.
    fn names_clash(&self, a: usize, b: usize) -> bool {
        let people = people_of_all();
        let (Some(x), Some(y)) = (self.names.get(&a), self.names.get(&b)) else {
            return false;
        };
        x.iter().any(|name| {
            y.iter().any(|other| {
                name.suffix_clashes(other, people)
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
        self.size[keep] += self.size[gone];
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
        if let Some(rows) = self.rows.remove(&gone) {
            self.rows.entry(keep).or_default().extend(rows);
        }
        keep
    }

    /// What people said is one is one, whatever the names look like.
    pub fn apply_same(&mut self, typed: &Typed, decisions: &NameDecisions) {
        let mut pairs: Vec<&(String, String)> = decisions.same.iter().collect();
        pairs.sort();
        for (a, b) in pairs {
            let (left, right) = (typed.nodes(a), typed.nodes(b));
            if left.is_empty() || right.is_empty() {
                continue;
            }
            let note = format!("a person decided: {a} and {b} are one");
            self.unite_all(&[left, right].concat(), &Evidence::new("entity.decided", DECIDED, note));
        }
    }

    /// Names and spellings of one row of the user's table are one; what several rows claim is left alone.
    pub fn apply_table(&mut self, typed: &Typed, decisions: &NameDecisions) {
        // The name first: where a spelling is kept apart, the others stay with the name.
        let spelled = |row: usize| {
            let known = &decisions.known[row];
            let mut keys: Vec<String> = Vec::new();
            for key in std::iter::once(&known.name).chain(&known.aliases).map(|name| plain(name)) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            keys
        };
        let mut claimed: BTreeMap<String, usize> = BTreeMap::new();
        for row in 0..decisions.known.len() {
            for key in spelled(row) {
                *claimed.entry(key).or_insert(0) += 1;
            }
        }
        for (row, known) in decisions.known.iter().enumerate() {
            let own = spelled(row).into_iter().filter(|key| claimed[key] == 1);
            let nodes: Vec<usize> = own.flat_map(|key| typed.nodes_of_kind(&key, known.kind)).collect();
            let title =
                if known.qid.is_empty() { known.name.clone() } else { format!("{}, {}", known.qid, known.name) };
            let evidence = Evidence::new("entity.user_table", DECIDED, format!("user table, {title}"));
            if let Some(root) = self.unite_all(&nodes, &evidence) {
                self.rows.entry(root).or_default().insert(row);
                let notes = self.evidence.entry(root).or_default();
                if !notes.contains(&evidence) {
                    notes.push(evidence.clone());
                }
            }
        }
    }

    /// Makes the nodes one with the first of them, but for those that people keep apart. Returns the cluster of the first.
    fn unite_all(&mut self, nodes: &[usize], evidence: &Evidence) -> Option<usize> {
        let first = *nodes.first()?;
        for &node in &nodes[1..] {
            let (own, to) = (self.root(node), self.root(first));
            if own == to || self.are_apart(own, to) {
                continue;
            }
            let kept = self.unite(own, to);
            let notes = self.evidence.entry(kept).or_default();
            if !notes.contains(evidence) {
                notes.push(evidence.clone());
            }
        }
        Some(self.root(first))
    }

    /// The first row of the user's table that a cluster is named in.
    pub fn row(&self, root: usize) -> Option<usize> {
        self.rows.get(&root).and_then(|rows| rows.first()).copied()
    }

    /// What each cluster knows, by root. It goes by a name in full where one of its members has one.
    pub fn merged<'f>(&self, facts: &'f [Facts]) -> Merged<'f> {
        let mut names: BTreeMap<usize, Cow<'f, Facts>> = BTreeMap::new();
        for (node, facts) in facts.iter().enumerate() {
            let alike = self.alike.get(&node).and_then(|known| names.get_mut(known));
            match alike {
                Some(known) => {
                    known.to_mut().take(facts);
                    known.to_mut().weigh();
                }
                None => {
                    names.insert(node, Cow::Borrowed(facts));
                }
            }
        }
        let mut merged = Merged::new();
        let (full, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|(_, facts)| facts.is_full());
        for (node, facts) in full.into_iter().chain(others) {
            match merged.entry(self.root(node)) {
                Entry::Occupied(mut known) => known.get_mut().to_mut().take_name(&facts),
                Entry::Vacant(new) => {
                    new.insert(facts);
                }
            }
        }
        merged
    }

    /// Why names are in a cluster.
    pub fn evidence(&self, root: usize) -> Vec<Evidence> {
        self.evidence.get(&root).cloned().unwrap_or_default()
    }

    /// Why a node is in its cluster whose name does not tell who it is.
    pub fn reasons(&self, node: usize) -> &[Evidence] {
        self.reasons.get(&node).map_or(&[], Vec::as_slice)
    }
}
