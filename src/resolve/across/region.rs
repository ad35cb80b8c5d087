//! Some of all local entities: those that may be others than before, and those that they are compared with.
//!
//! In: names with their first uses, and what an index knows of all of them. Out: a `Resolution`, right for those of which everything is
//! here that they are compared with.

use crate::lang::{People, people_of_all};
use crate::model::Spelled;

use super::super::{KnownLocal, NameDecisions, Resolution};
use super::blocks::{self, Crowds};
use super::company::Words;
use super::facts::Facts;
use super::gathering::{Gathered, Node, place};
use super::typed::Merges;

/// All uses of a name: what the caller knows them by, and how they are spelled.
pub struct AllUses {
    pub rows: Vec<i64>,
    pub spelled: Spelled,
}

/// Collects them, in any order.
pub struct Region {
    people: &'static People,
    words: Words,
    crowds: Crowds,
    open: Vec<(Node, Facts)>,
    /// Each with the row of a local entity that it is one with.
    settled: Vec<(Node, Facts, i64)>,
}

impl Region {
    pub fn new(crowds: Crowds) -> Region {
        Region { people: people_of_all(), words: Words::default(), crowds, open: Vec::new(), settled: Vec::new() }
    }

    /// A name that tells who is meant: its keys, how many uses there are in all, its sample (the first of all, in order), and
    /// if it has more uses and is to be here with all of them, these.
    pub fn add_name(&mut self, keys: Vec<i64>, uses: usize, sample: &[KnownLocal], all: Option<&AllUses>) {
        let Some(first) = sample.first() else { return };
        let mut facts = self.facts(first);
        let mut node = Node::of(first);
        for local in &sample[1..] {
            node.add(local);
            facts.take(&self.facts(local));
        }
        if let Some(AllUses { rows, spelled }) = all {
            (node.rows, node.spelled) = (rows.clone(), spelled.clone());
        }
        node.keys = keys;
        self.open.push((node, facts.of_uses(uses)));
    }

    /// One whose name does not tell who it is.
    pub fn add_lone(&mut self, local: &KnownLocal) {
        let facts = self.facts(local);
        let node = Node { keys: blocks::keys(&facts), ..Node::of(local) };
        self.open.push((node, facts));
    }

    /// One that is known to be one with another local entity here, a use of a name that tells who is meant.
    pub fn add_settled(&mut self, local: &KnownLocal, with: i64) {
        let facts = self.facts(local);
        self.settled.push((Node::of(local), facts, with));
    }

    fn facts(&mut self, local: &KnownLocal) -> Facts {
        let company = self.words.company(&local.together_with, self.people);
        Facts::of(local, company, self.people)
    }

    /// Who is who.
    pub fn resolve(mut self, merges: &Merges) -> Resolution {
        self.open.sort_by(|(a, _), (b, _)| place(&a.first).cmp(&place(&b.first)));
        self.settled.sort_by(|(a, ..), (b, ..)| place(&a.first).cmp(&place(&b.first)));
        let (mut nodes, mut facts): (Vec<Node>, Vec<Facts>) = self.open.into_iter().unzip();
        let holder = |row: i64| nodes.iter().position(|node| node.rows.contains(&row));
        let with: Vec<Option<usize>> = self.settled.iter().map(|(.., with)| holder(*with)).collect();
        let mut settled = Vec::new();
        for ((node, own, _), with) in self.settled.into_iter().zip(with) {
            let Some(with) = with else { continue };
            settled.push((nodes.len(), with));
            nodes.push(node);
            facts.push(own);
        }
        self.words.sort(facts.iter_mut().map(|facts| &mut facts.company));
        let all = Gathered { nodes: &nodes, facts: &facts, crowds: Some(&self.crowds) };
        let decisions = NameDecisions { same: merges.pairs.clone(), ..NameDecisions::default() };
        super::resolve(all, &decisions, !decisions.is_empty(), &settled)
    }
}
