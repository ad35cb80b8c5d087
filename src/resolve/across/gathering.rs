//! Local entities on their way in, document by document. Those whose name alone tells who is meant become one node with all
//! others of the name at once, so that memory follows the number of names and not of documents.

use std::collections::{BTreeSet, HashMap};

use crate::lang::{People, people_of_all};
use crate::model::{Alias, AliasKind, Entity, EntityKind, Evidence};

use super::super::{KnownLocal, NameDecisions, Resolution};
use super::company::Words;
use super::facts::Facts;
use super::typed::{self, plain, untied};
use super::{may_meet, naming};

/// Pieces of evidence that are kept of one.
pub(super) const EVIDENCE_KEPT: usize = 40;

/// Local entities of one or more documents that are taken as one from the start.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// Key of the first of them.
    pub first: String,
    /// What the caller knows them by.
    pub rows: Vec<i64>,
    /// Their names as spelled, each with how many have it.
    pub names: Vec<(String, usize)>,
    /// How often each spelling was seen; roles are among them. Sorted.
    pub spellings: Vec<((AliasKind, String), usize)>,
    pub evidence: Vec<Evidence>,
}

impl Node {
    /// One local entity.
    pub fn of(local: &KnownLocal) -> Node {
        let mut node = Node::default();
        node.add(local);
        node
    }

    fn add(&mut self, local: &KnownLocal) {
        if self.rows.is_empty() {
            self.first.clone_from(&local.key);
        }
        self.rows.push(local.row);
        let entity = &local.entity;
        match self.names.iter_mut().find(|(name, _)| *name == entity.name) {
            Some((_, uses)) => *uses += 1,
            None => self.names.push((entity.name.clone(), 1)),
        }
        for Alias { text, kind, count } in &entity.aliases {
            self.count(*kind, text, *count);
        }
        for role in entity.roles.iter().collect::<BTreeSet<_>>() {
            self.count(AliasKind::Role, role, 1);
        }
        for item in &entity.evidence {
            if self.evidence.len() < EVIDENCE_KEPT && !self.evidence.contains(item) {
                self.evidence.push(item.clone());
            }
        }
    }

    fn count(&mut self, kind: AliasKind, text: &str, count: usize) {
        match self.spellings.binary_search_by(|((k, t), _)| (*k, t.as_str()).cmp(&(kind, text))) {
            Ok(at) => self.spellings[at].1 += count,
            Err(at) => self.spellings.insert(at, ((kind, text.to_string()), count)),
        }
    }
}

/// Collects the local entities of documents and then tells who is who.
pub struct Gathering {
    decisions: NameDecisions,
    /// Names, plain, that people said something about: who bears them is looked at document by document.
    judged: BTreeSet<String>,
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
        let pairs = decisions.same.iter().chain(&decisions.different);
        Gathering {
            judged: pairs.flat_map(|(a, b)| [a, b]).map(|name| plain(untied(name).0)).collect(),
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
        document.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| a.entity.name.cmp(&b.entity.name)));
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
        if facts.tells_who() && !self.is_judged(local, &facts) {
            let name = (facts.kind, facts.key.clone());
            if let Some(&node) = self.by_name.get(&name) {
                self.nodes[node].add(local);
                self.facts[node].take(&facts);
                return;
            }
            self.by_name.insert(name, self.nodes.len());
        }
        self.nodes.push(Node::of(local));
        self.facts.push(facts);
    }

    fn is_judged(&self, local: &KnownLocal, facts: &Facts) -> bool {
        let named = || self.judged.contains(&plain(&local.entity.name));
        let spelled = || {
            let spellings = local.entity.aliases.iter().map(|alias| (alias.kind, alias.text.as_str()));
            typed::names(spellings, facts).any(|key| self.judged.contains(&key))
        };
        !self.judged.is_empty() && (named() || spelled())
    }

    /// Who is who.
    pub fn resolve(mut self) -> Resolution {
        self.words.sort(self.facts.iter_mut().map(|facts| &mut facts.company));
        let decided = self.decided;
        super::resolve(&self.nodes, &self.facts, &self.decisions, decided)
    }
}
