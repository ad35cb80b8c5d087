//! Local entities on their way in, document by document. Those whose name alone tells who is meant become one node with all
//! others of the name at once, so that memory follows the number of names and not of documents.

use std::collections::HashMap;

use crate::lang::{People, people_of_all};
use crate::model::{Entity, EntityKind, Evidence, Spelled};

use super::super::{KnownLocal, NameDecisions, Resolution};
use super::blocks::{self, Crowds};
use super::card::{Card, Sort};
use super::company::Words;
use super::facts::Facts;
use super::typed::{self, Judged};
use super::{may_meet, naming};

/// Pieces of evidence that are kept of one.
pub(super) const EVIDENCE_KEPT: usize = 40;
/// What is known of a name is taken from so many documents, the first by their ids: as good as any others, and in a large
/// store few documents change what is known of a famous name.
pub const SAMPLE: usize = 32;

/// Local entities of one or more documents that are taken as one from the start.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Key of the first of them.
    pub first: String,
    /// What the caller knows them by.
    pub rows: Vec<i64>,
    pub spelled: Spelled,
    pub evidence: Vec<Evidence>,
    /// What it is compared by, as any of the documents gives it. Sorted.
    pub keys: Vec<i64>,
}

impl Node {
    /// One local entity.
    pub fn of(local: &KnownLocal) -> Node {
        let mut node = Node::default();
        node.add(local);
        node
    }

    pub fn add(&mut self, local: &KnownLocal) {
        if self.rows.is_empty() {
            self.first.clone_from(&local.key);
        }
        self.rows.push(local.row);
        self.spelled.add(&local.entity);
        if self.is_sampled() {
            for item in &local.entity.evidence {
                if self.evidence.len() < EVIDENCE_KEPT && !self.evidence.contains(item) {
                    self.evidence.push(item.clone());
                }
            }
        }
    }

    /// Whether what the last one knows is still taken.
    pub fn is_sampled(&self) -> bool {
        self.rows.len() <= SAMPLE
    }

    fn add_keys(&mut self, keys: Vec<i64>) {
        for key in keys {
            if let Err(at) = self.keys.binary_search(&key) {
                self.keys.insert(at, key);
            }
        }
    }
}

/// All that is known before anything is joined.
#[derive(Clone, Copy)]
pub(super) struct Gathered<'g> {
    pub nodes: &'g [Node],
    pub facts: &'g [Facts],
    /// Where not all are here.
    pub crowds: Option<&'g Crowds>,
}

/// A name among those gathered.
pub struct NameGathered<'g> {
    pub card: Card,
    /// As its first use spells it.
    pub text: &'g str,
    /// What the caller knows those by who bear it.
    pub rows: Vec<i64>,
    pub spelled: Spelled,
}

/// Collects the local entities of documents and then tells who is who.
pub struct Gathering {
    decisions: NameDecisions,
    /// Who bears these is looked at document by document.
    judged: Judged,
    /// Only a decision could bring those together with others that never meet.
    decided: bool,
    people: &'static People,
    words: Words,
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    by_name: HashMap<(EntityKind, String), usize>,
}

impl Gathering {
    pub fn new(decisions: NameDecisions) -> Gathering {
        Gathering {
            judged: Judged::of(&decisions),
            decided: !decisions.is_empty(),
            decisions,
            people: people_of_all(),
            words: Words::default(),
            nodes: Vec::new(),
            facts: Vec::new(),
            by_name: HashMap::new(),
        }
    }

    /// Adds the local entities of a document. Documents come sorted by their ids. Returns the entities, each with what the
    /// caller knows it by, that no other document can change.
    pub fn add(&mut self, mut document: Vec<KnownLocal>) -> Vec<(Entity, i64)> {
        let Some(first) = document.first() else { return Vec::new() };
        let company = self.words.company(&first.together_with, self.people);
        document.sort_by(|a, b| place(&a.key).cmp(&place(&b.key)).then_with(|| a.entity.name.cmp(&b.entity.name)));
        let mut alone = Vec::new();
        for local in document {
            if !self.decided && !may_meet(local.entity.kind) {
                alone.push((naming::alone(&local), local.row));
                continue;
            }
            self.add_one(&local, Facts::of(&local, company.clone(), self.people));
        }
        alone
    }

    fn add_one(&mut self, local: &KnownLocal, facts: Facts) {
        let keys = blocks::keys(&facts);
        if facts.tells_who() && !self.is_judged(local, &facts) {
            let name = (facts.kind, facts.key.clone());
            if let Some(&node) = self.by_name.get(&name) {
                self.nodes[node].add(local);
                self.nodes[node].add_keys(keys);
                self.facts[node].take(&facts);
                return;
            }
            self.by_name.insert(name, self.nodes.len());
        }
        self.nodes.push(Node { keys, ..Node::of(local) });
        self.facts.push(facts);
    }

    fn is_judged(&self, local: &KnownLocal, facts: &Facts) -> bool {
        let named = || self.judged.has(&local.entity.name);
        let spelled = || {
            let spellings = local.entity.aliases.iter().map(|alias| (alias.kind, alias.text.as_str()));
            typed::names(spellings, facts).any(|key| self.judged.0.contains(&key))
        };
        !self.judged.is_empty() && (named() || spelled())
    }

    /// All names there are, for an index of them: by sort and name.
    pub fn names(&self) -> impl Iterator<Item = NameGathered<'_>> {
        let named = |&node: &usize| (self.facts[node].sort(), self.facts[node].key.as_str());
        let mut ordered: Vec<usize> = (0..self.nodes.len()).filter(|node| named(node).0 != Sort::Apart).collect();
        ordered.sort_by(|a, b| named(a).cmp(&named(b)).then(a.cmp(b)));
        let groups: Vec<Vec<usize>> = ordered.chunk_by(|a, b| named(a) == named(b)).map(<[usize]>::to_vec).collect();
        groups.into_iter().map(move |group| {
            let mut keys: Vec<i64> = group.iter().flat_map(|&node| self.nodes[node].keys.iter().copied()).collect();
            keys.sort_unstable();
            keys.dedup();
            let (sort, folded) = named(&group[0]);
            let text = self.nodes[group[0]].spelled.names.first().map_or("", |(name, _)| name);
            let rows = group.iter().flat_map(|&node| self.nodes[node].rows.iter().copied()).collect();
            let mut spelled = Spelled::default();
            group.iter().for_each(|&node| spelled.add_all(&self.nodes[node].spelled));
            NameGathered { card: Card { sort, folded: folded.to_string(), keys }, text, rows, spelled }
        })
    }

    /// Who is who.
    pub fn resolve(mut self) -> Resolution {
        self.words.sort(self.facts.iter_mut().map(|facts| &mut facts.company));
        self.facts.iter_mut().for_each(Facts::weigh);
        let decided = self.decided;
        let all = Gathered { nodes: &self.nodes, facts: &self.facts, crowds: None };
        super::resolve(all, &self.decisions, decided, &[])
    }
}

/// Where a local entity comes in order: its document, its number there.
pub(super) fn place(key: &str) -> (&str, usize) {
    let (document, number) = key.rsplit_once(':').unwrap_or((key, ""));
    (document, number.parse().unwrap_or(0))
}
