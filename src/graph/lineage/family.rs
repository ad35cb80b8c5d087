//! From related pairs to a family: every document keeps its nearest parent, what that explains is dropped, and
//! siblings that share more than their parent has point to a source that is not here.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::DocumentCard;
use crate::model::{Derivation, DocumentRelation, Evidence, Order};

use super::pair::{File, Related};
use super::{id_of, rules};

/// So many shared sentences beyond the parent make two siblings point to something unseen.
const BEYOND: usize = 2;

/// `files` are those of the documents, in their order.
pub fn settle(documents: &[DocumentCard], files: &[File], related: Vec<Related>) -> Vec<Derivation> {
    let parents = nearest_parents(documents, &related);
    let family = Family { files, related: &related, parents };
    let mut found = Vec::new();
    for (at, pair) in related.iter().enumerate() {
        if let Some(derivation) = family.judge(at, pair) {
            found.push(derivation);
        }
    }
    found
}

/// For every child the number of the pair with its nearest parent; no one becomes their own ancestor.
fn nearest_parents(documents: &[DocumentCard], related: &[Related]) -> BTreeMap<usize, usize> {
    let mut candidates: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, pair) in related.iter().enumerate().filter(|(_, pair)| pair.order != Order::Unknown) {
        candidates.entry(pair.to).or_default().push(at);
    }
    let ranks = super::by_date(documents);
    let mut parents = BTreeMap::new();
    for (child, mut pairs) in candidates {
        let most = pairs.iter().map(|&at| related[at].nearness).fold(0.0, f64::max);
        // among parents about equally near, one that is named, then the earliest
        pairs.sort_by(|&x, &y| {
            let near = |at: usize| related[at].nearness >= 0.85 * most;
            let cited = |at: usize| related[at].order == Order::Citation;
            (near(y), near(y) && cited(y))
                .cmp(&(near(x), near(x) && cited(x)))
                .then(related[y].nearness.total_cmp(&related[x].nearness))
                .then(ranks[related[x].from].cmp(&ranks[related[y].from]))
        });
        let chosen = pairs.into_iter().find(|&at| !is_ancestor(related, &parents, child, related[at].from));
        if let Some(at) = chosen {
            parents.insert(child, at);
        }
    }
    parents
}

fn is_ancestor(related: &[Related], parents: &BTreeMap<usize, usize>, older: usize, of: usize) -> bool {
    let mut at = of;
    loop {
        if at == older {
            return true;
        }
        match parents.get(&at) {
            Some(&pair) => at = related[pair].from,
            None => return false,
        }
    }
}

struct Family<'f, 'm> {
    files: &'f [File<'m>],
    related: &'f [Related],
    parents: BTreeMap<usize, usize>,
}

impl Family<'_, '_> {
    fn judge(&self, at: usize, pair: &Related) -> Option<Derivation> {
        if self.parents.get(&pair.to) == Some(&at) {
            return Some(self.derivation(pair, pair.relation, pair.order, pair.evidence.clone()));
        }
        let (a, b) = (pair.from, pair.to);
        if is_ancestor(self.related, &self.parents, a, b) || is_ancestor(self.related, &self.parents, b, a) {
            return None;
        }
        if self.have_common_ancestor(a, b) {
            return self.siblings(pair);
        }
        Some(self.derivation(pair, pair.relation, pair.order, pair.evidence.clone()))
    }

    fn have_common_ancestor(&self, a: usize, b: usize) -> bool {
        let ancestors: BTreeSet<usize> = self.ancestors(a).collect();
        self.ancestors(b).any(|ancestor| ancestors.contains(&ancestor))
    }

    fn ancestors(&self, of: usize) -> impl Iterator<Item = usize> {
        let parent = |at: &usize| self.parents.get(at).map(|&pair| self.related[pair].from);
        std::iter::successors(parent(&of), parent)
    }

    /// Two children of one document: related only where they share what it lacks.
    fn siblings(&self, pair: &Related) -> Option<Derivation> {
        let from_parent = |child: usize| -> BTreeSet<usize> {
            let parent = self.parents.get(&child).map(|&at| &self.related[at]);
            parent.into_iter().flat_map(|related| related.pairs.iter().map(|(_, sentence)| *sentence)).collect()
        };
        let (known_a, known_b) = (from_parent(pair.from), from_parent(pair.to));
        let beyond = pair.pairs.iter().filter(|(a, b)| !known_a.contains(a) && !known_b.contains(b)).count();
        if beyond < BEYOND {
            return None;
        }
        let mut evidence = vec![Evidence::new(
            rules::BEYOND_PARENT,
            beyond as f64,
            format!("{beyond} sentences that both have are not in the document they derive from, as it is here"),
        )];
        let note = "each is nearer to that document than to the other".to_string();
        evidence.push(Evidence::new(rules::SIBLING, 1.0, note));
        evidence.extend(pair.evidence.iter().filter(|reason| reason.rule == rules::NARRATIVE).cloned());
        Some(self.derivation(pair, DocumentRelation::CommonSource, Order::Unknown, evidence))
    }

    fn derivation(
        &self,
        pair: &Related,
        relation: DocumentRelation,
        order: Order,
        evidence: Vec<Evidence>,
    ) -> Derivation {
        let (mut from, mut to) = (id_of(self.files, pair.from), id_of(self.files, pair.to));
        if order == Order::Unknown && from > to {
            std::mem::swap(&mut from, &mut to);
        }
        let mut evidence = evidence;
        if order == Order::Unknown {
            evidence.extend(shared_credit(&self.files[pair.from], &self.files[pair.to]));
        }
        Derivation { from: from.clone(), to: to.clone(), relation, order, score: pair.score, evidence }
    }
}

/// Both say that they have it from the same outlet.
fn shared_credit(a: &File, b: &File) -> Option<Evidence> {
    let common = a.credits.iter().filter(|credit| credit.whole && a.outlet != Some(credit.name)).find(|credit| {
        b.outlet != Some(credit.name) && b.credits.iter().any(|other| other.whole && other.name == credit.name)
    })?;
    Some(Evidence::new(rules::SHARED_CREDIT, 1.0, format!("both print “{}”", common.words)))
}
